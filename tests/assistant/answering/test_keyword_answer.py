"""Keyword queries, with the real reader."""

from collections.abc import Iterator

import numpy as np
import pytest

from assistant import Answer, Article, Assistant, Filters, Settings
from assistant.answering.keyword_answer import MAX_SHOWN, load_keyword_calibration, shown_sentences
from assistant.reading.weights import revision

PIER = (
    "The council of Lindholm voted to rebuild the eastern pier. The pier will cost 12 million crowns. "
    "Fish was sold at the market as on every Tuesday."
)
SCHOOL = "Tartu opens a school for 300 pupils. Its head is Ole Strand, who taught chemistry in Odense."


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with Assistant.open(settings=Settings(library=tmp_path_factory.mktemp("library"))) as assistant:
        for title, text in (("Pier", PIER), ("School", SCHOOL)):
            assistant.add_article(Article.create(text, title=title))
        yield assistant


def said(answer: Answer) -> list[str]:
    return [sentence.text for sentence in answer.sentences]


def test_keywords_bring_all_sentences_about_them_and_no_others(library: Assistant) -> None:
    answer = library.ask("eastern pier Lindholm cost")
    assert said(answer) == [
        "The council of Lindholm voted to rebuild the eastern pier.",
        "The pier will cost 12 million crowns.",
    ]
    assert {citation.verdict for citation in answer.citations} == {"verbatim"}
    assert answer.short_answer is None


def test_keywords_that_name_a_fact_have_a_short_answer(library: Assistant) -> None:
    assert library.ask("Tartu school number of pupils").short_answer == "300"


def test_words_that_state_a_fact_of_a_sentence_have_no_short_answer(library: Assistant) -> None:
    answer = library.ask("the pier will cost 12 million crowns")
    assert "The pier will cost 12 million crowns." in said(answer)
    assert answer.short_answer is None


def test_the_passage_with_the_best_sentence_comes_first(library: Assistant) -> None:
    heading = "What the council decided"
    text = "\n\n".join(["The town has a pier for boats of every size.", heading, PIER])
    outcome = library.add_article(Article.create(text, title="Town", sections=(text.index(heading),)))
    answer = library.ask("eastern pier cost crowns", filters=Filters(article_ids=(outcome.article_id or "",)))
    assert said(answer)[:2] == [
        "The council of Lindholm voted to rebuild the eastern pier.",
        "The pier will cost 12 million crowns.",
    ]
    assert said(answer)[-1] == "The town has a pier for boats of every size."


def test_keywords_that_no_article_is_about_are_abstained_from(library: Assistant) -> None:
    answer = library.ask("quantum computing")
    assert (answer.answer, answer.reason) == (None, "no_relevant_passage")


def test_a_question_with_the_same_words_has_one_answer(library: Assistant) -> None:
    assert said(library.ask("How much will the eastern pier cost?")) == ["The pier will cost 12 million crowns."]


def test_without_a_reader_keywords_are_answered_like_a_question(library: Assistant) -> None:
    settings = library.settings.model_copy(update={"reader": "off"})
    with Assistant.open(settings=settings) as without:
        answer = without.ask("eastern pier Lindholm cost")
    assert len(answer.sentences) == 1


def test_the_best_sentences_are_shown_that_reach_the_threshold() -> None:
    scores = np.linspace(-3, 3, 2 * MAX_SHOWN)
    assert shown_sentences(scores, 2.5).tolist() == [19, 18]
    assert len(shown_sentences(scores, -4.0)) == MAX_SHOWN


def test_the_shipped_calibration_belongs_to_the_reader() -> None:
    assert load_keyword_calibration().reader == revision()
