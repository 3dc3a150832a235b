import numpy as np
import pytest

from assistant import Assistant, Filters
from assistant.answering.digest import choose_sentences, votes
from tests.hashed_words import HashedWords

TEXTS = [
    "The council of Lindholm voted to rebuild the eastern pier.",
    "It met for the last time.",
    "The council of Lindholm voted to rebuild the old eastern pier.",
    "Ragna Holt leads the work on the pier, which begins in March.",
    "Who pays for the pier of Lindholm?",
    "Fish was sold at the market of Lindholm as on every Tuesday.",
]


def chosen(texts: list[str], count: int) -> list[int]:
    vectors = HashedWords().encode(texts, "passage").astype(np.float64)
    similarity = vectors @ vectors.T
    return choose_sentences(texts, similarity, np.triu(votes(similarity)).sum(axis=1), count)


def test_of_two_sentences_that_say_the_same_one_is_chosen() -> None:
    assert chosen(TEXTS, 2) in ([0, 3], [0, 5])


def test_a_question_or_a_sentence_that_needs_the_one_before_is_chosen_last() -> None:
    assert chosen(TEXTS, 4) == [0, 2, 3, 5]
    assert chosen(TEXTS, 10) == list(range(6))


def test_sentences_vote_for_each_other_if_they_are_more_alike_than_others() -> None:
    similarity = np.array([[1.0, 0.9, 0.2], [0.9, 1.0, 0.1], [0.2, 0.1, 1.0]])
    assert votes(similarity) == pytest.approx(np.array([[0.0, 0.5, 0.0], [0.5, 0.0, 0.0], [0.0, 0.0, 0.0]]))


@pytest.mark.parametrize("question", ["What is this article about?", "tl;dr", "Summarise US ends talks with Russia"])
def test_a_digest_is_made_of_cited_sentences_word_for_word(assistant: Assistant, seed: Filters, question: str) -> None:
    answer = assistant.ask(question, filters=seed)
    assert (answer.mode, answer.abstained, answer.confidence) == ("digest", False, None)
    assert len(answer.sentences) == 3
    assert [citation.verdict for citation in answer.citations] == ["verbatim"] * 3
    assert [citation.start for citation in answer.citations] == sorted(citation.start for citation in answer.citations)


def test_a_requested_digest_is_about_what_the_question_names(assistant: Assistant) -> None:
    answer = assistant.ask("plutonium treaty", mode="digest")
    assert (answer.mode, answer.abstained) == ("digest", False)
    assert any("plutonium" in sentence.text for sentence in answer.sentences)


def test_a_digest_of_what_no_article_is_about_is_an_abstention(assistant: Assistant) -> None:
    answer = assistant.ask("Summarise the life of Mozart")
    assert (answer.mode, answer.abstained, answer.reason) == ("digest", True, "no_relevant_passage")
