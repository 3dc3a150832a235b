"""Questions with another noun, other words, or of another article."""

import random

import pytest

from embeddings.encoder import Encoder
from training.data.entities import Things
from training.data.rows import Row
from training.data.sisters import Sisters
from training.data.transfers import Transfers
from training.wordnet import Wordnet

PASSAGE = "The army crossed the river in May. Anna Weber saw it from her window in Basel."


def row(question: str, answer: str, context: str = PASSAGE, page: str = "page") -> Row:
    start = context.index(answer)
    return Row(question, context, ((start, start + len(answer)),), "squad_train_union", page)


@pytest.fixture(scope="module")
def sisters(wordnet: Wordnet, minilm: Encoder) -> Sisters:
    return Sisters(wordnet, minilm)


def test_a_question_about_a_sister_term_is_not_answered(sisters: Sisters) -> None:
    (made,) = sisters.question(row("When did the army cross the river?", "May"), random.Random(0))
    assert made.example.question == "When did the navy cross the river?"
    assert not made.answerable


def test_a_passage_about_a_sister_term_answers_the_question_about_it_alone(sisters: Sisters) -> None:
    asked, changed = sisters.passage(row("When did the army cross the river?", "May"), random.Random(0))
    assert (asked.answerable, changed.answerable) == (False, True)
    assert "navy" in changed.example.question
    assert "navy" in asked.example.readings[0].passage


def test_a_question_of_another_article_is_asked_of_a_name_in_the_passage(minilm: Encoder) -> None:
    here = "Anna Weber said that the army had crossed the river. Anna Weber told her sister."
    there = "Peter Frei said that he had climbed the Eiger twice. Peter Frei told nobody."
    seen = row("What did Anna Weber say of the army?", "crossed the river", here)
    other = row("Which mountain did Peter Frei climb twice?", "Eiger", there, "another page")
    transfers = Transfers([seen, other], Things([here, there, "where which what did it on"]), minilm)
    made = [one for seed in range(9) for one in transfers.question(seen, random.Random(seed))]
    assert {one.example.question for one in made} == {"Which mountain did Anna Weber climb twice?"}
    assert not any(one.answerable for one in made)
