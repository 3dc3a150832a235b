"""Questions that articles ask and answer themselves, with the real reader and encoder."""

from collections.abc import Iterator

import pytest

from assistant import Assistant, Settings
from assistant.answering.asked_headings import asked_headings
from assistant.answering.heading_match import TitledHeading, heading_features, load_heading_model
from assistant.answering.sentence_vectors import SentenceVectors
from embeddings.encoder import Encoder

HELP = """\
# The harbour pass

- [Who needs a pass?](#who)
- [Can I lend my pass to somebody?](#lend)

## Who needs a pass?

Everybody who keeps a boat in the harbour.
Guests of a night do not.

## Can I lend my pass to somebody?

No. It is made out to you, and the guard looks at the photo.

Whoever lends it anyway pays 40 crowns.

## How do I renew my pass?

You need these two things:

- the old pass
- a photo

The office is open on Tuesdays. A new pass costs 12 crowns.

## Leaving the harbour

Give your pass back to the guard. What happens without it? The gate stays closed.

## About the old gate

Was it ever closed? It was closed in 1974.
"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with Assistant.open(settings=Settings(library=tmp_path_factory.mktemp("library"))) as assistant:
        page = tmp_path_factory.mktemp("articles") / "pass.md"
        page.write_text(HELP, encoding="utf-8")
        assistant.add(page)
        yield assistant


def said(library: Assistant, question: str) -> list[str]:
    return [sentence.text for sentence in library.ask(question).sentences]


def test_the_questions_of_an_article_are_read_with_what_is_below_them(library: Assistant) -> None:
    found = {
        one.text: [sentence.text for sentence in one.opening]
        for one in asked_headings(library.library.search("pass", 8))
    }
    assert found == {
        "Who needs a pass?": ["Everybody who keeps a boat in the harbour.", "Guests of a night do not."],
        "Can I lend my pass to somebody?": ["No.", "It is made out to you, and the guard looks at the photo."],
        "How do I renew my pass?": ["You need these two things:"],
        "Leaving the harbour": [
            "Give your pass back to the guard.",
            "What happens without it?",
            "The gate stays closed.",
        ],
        "Was it ever closed?": ["It was closed in 1974."],
    }


@pytest.mark.parametrize("question", ["Can I lend my pass to somebody?", "Can I lend somebody my harbour pass?"])
def test_a_question_that_an_article_asks_is_answered_by_what_is_below_it(library: Assistant, question: str) -> None:
    assert said(library, question)[:2] == ["No.", "It is made out to you, and the guard looks at the photo."]


def test_a_heading_that_names_what_to_do_asks_how_to_do_it(library: Assistant) -> None:
    assert said(library, "How do I leave the harbour?")[0] == "Give your pass back to the guard."


def test_a_list_below_a_question_comes_with_its_lead_in(library: Assistant) -> None:
    assert said(library, "How do I renew my pass?")[:3] == ["You need these two things:", "the old pass", "a photo"]


def test_a_fact_below_a_question_has_its_own_answer(library: Assistant) -> None:
    answer = library.ask("How much does a new pass cost when I renew mine?")
    assert answer.short_answer == "12 crowns"


def test_a_question_that_shares_words_with_a_heading_is_not_answered_by_what_is_below_it(library: Assistant) -> None:
    assert library.ask("Where did I lose my pass?").answer is None


def test_a_heading_asks_the_same_the_more_alike_it_is_and_asked_in_the_same_way(minilm: Encoder) -> None:
    same = load_heading_model().same
    headings = [
        TitledHeading("The harbour pass", text)
        for text in ("How do I renew my pass?", "Can I renew my pass?", "How do I lose weight?")
    ]
    features = heading_features("How do I renew my pass?", headings, SentenceVectors(minilm))
    probabilities = [same.probability(one) for one in features]
    assert probabilities == sorted(probabilities, reverse=True)
    assert probabilities[0] > 0.85
    assert probabilities[2] < 0.1
