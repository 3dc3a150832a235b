from collections import Counter
from itertools import islice
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from embeddings.encoder import Encoder
from training.altered import Alterations
from training.config import Examples
from training.examples import PACKED, Epochs, Example, Reading, cut_out, terse
from training.questions import Paragraph, Question, Questions
from training.reworded import Rewordings
from training.wordnet import Wordnet

BAKERY = "The bakery on the square opens at six. It bakes rye bread."
PARAGRAPHS = [
    Paragraph("news", "The square", BAKERY, "square"),
    Paragraph("news", "The square", "The mill opens at nine. " * 20, "square"),
    Paragraph("news", "The square", "The market is held on Mondays. " * 12, "square"),
    Paragraph("talk", "The harbour", "Ships call at the harbour. " * 8, "harbour"),
]
QUESTIONS = [
    Question("When does the bakery on the square open?", 0, ((BAKERY.index("six"), BAKERY.index("six") + 3),)),
    Question("What calls at the harbour every morning and every evening?", 3, ((0, 5),)),
]
NOTHING = Examples(
    hard_negative=0,
    wrong_passages=0,
    altered=0,
    cut_out=0,
    terse=0,
    reworded=0,
    packed=0,
    heading=0,
    window=240,
    ways={"elsewhere": 1},
)


class Stream:
    """Epochs over the questions above, or over others."""

    def __init__(self, wordnet: Wordnet, minilm: Encoder) -> None:
        self._wordnet = wordnet
        self._encoder = minilm

    def epochs(self, data: Questions, negatives: list[list[int]], seed: int = 7, **shares: Any) -> Epochs:
        return Epochs(
            data,
            negatives,
            NOTHING.model_copy(update=shares),
            seed=seed,
            alterations=Alterations(data, self._wordnet, self._encoder),
            rewordings=Rewordings(self._wordnet, self._encoder),
        )

    def __call__(self, count: int = 40, **shares: Any) -> list[Example]:
        return list(islice(self.epochs(Questions(PARAGRAPHS, QUESTIONS), [[1, 2], [0]], **shares), count))


@pytest.fixture(scope="session")
def examples(wordnet: Wordnet, minilm: Encoder) -> Stream:
    return Stream(wordnet, minilm)


def answers(example: Example) -> list[str]:
    return [reading.passage[start:end] for reading in example.readings for start, end in reading.spans]


def test_the_stream_is_the_same_every_time(examples: Stream) -> None:
    shares: dict[str, Any] = {"packed": 0.5, "cut_out": 0.3, "hard_negative": 0.5, "terse": 0.2, "reworded": 0.2}
    assert examples(**shares) == examples(**shares)


@given(seed=st.integers(0, 1000))
def test_answers_keep_their_place_in_a_packed_passage(seed: int, examples: Stream) -> None:
    data = Questions(PARAGRAPHS, QUESTIONS)
    epochs = examples.epochs(data, [[], []], seed, packed=1.0)
    assert {answers(one)[0] for one in islice(epochs, 8)} == {"six", "Ships"}


def test_a_packed_passage_holds_whole_paragraphs_of_one_place_up_to_a_passages_length(examples: Stream) -> None:
    packed = [one.readings[0].passage for one in examples(packed=1.0)]
    assert any("mill" in text and "bakery" in text for text in packed)
    assert not any("harbour" in text and "bakery" in text for text in packed)
    assert max(map(len, packed)) <= 1.2 * PACKED


def test_a_question_whose_answer_was_cut_out_has_none(examples: Stream) -> None:
    cut = [one for one in examples(cut_out=1.0) if "bakery" in one.question]
    assert cut
    for one in cut:
        assert answers(one) == []
        assert one.readings[0].passage == "It bakes rye bread."


def test_nothing_is_cut_where_the_words_of_the_answer_would_stay() -> None:
    text = "It opens at six. Six loaves are left. It closes late."
    assert cut_out(Reading("", text, ((12, 15),))) is None


def test_nothing_is_cut_where_nothing_would_be_left() -> None:
    assert cut_out(Reading("", "It opens at six.", ((12, 15),))) is None


def test_a_terse_question_keeps_its_content_words() -> None:
    assert terse("When does the bakery on the square open?") == "bakery square open"


def test_a_question_of_one_content_word_is_not_made_shorter() -> None:
    assert terse("Who was Bach?") == "Who was Bach?"


def test_the_share_of_questions_in_other_words_is_as_configured(examples: Stream) -> None:
    many = examples(400, reworded=0.25)
    assert 0.15 < sum("harbor every" in one.question for one in many) / 200 < 0.35


def test_a_file_is_read_as_many_times_an_epoch_as_configured(examples: Stream) -> None:
    counted = Counter(one.question for one in examples(400, times={"news": 3, "talk": 1}))
    assert counted[QUESTIONS[0].text] == 300


def test_an_altered_question_has_no_answer(examples: Stream) -> None:
    opened = Paragraph("news", "The square", "The mill opened in 1904 and burnt down in 1911.", "square")
    founded = Paragraph("news", "The square", "The school was founded in 1920.", "square")
    data = Questions([opened, founded], [Question("What opened in 1904?", 0, ((4, 8),))])
    epochs = examples.epochs(data, [[1]], altered=1.0)
    changed = [one for one in islice(epochs, 40) if one.question != "What opened in 1904?"]
    assert {one.question for one in changed} == {"What opened in 1920?"}
    assert all(answers(one) == [] for one in changed)
