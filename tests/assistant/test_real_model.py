"""A real language model that makes things up, on articles whose facts were changed: the article is what is answered."""

import pytest

from assistant import Answer, Assistant, Settings
from embeddings.encoder import Encoder
from embeddings.library import Library
from evals.local_model import NAME
from evals.metrics.facts import unsupported_tokens
from tests.serving import SEED

CHANGED = {
    "When did Kerry last speak to Lavrov?": ("Saturday", "Tuesday"),
    "How many people were displaced in the war?": ("11 million", "12 million"),
}


def changed() -> str:
    """The seed with its facts changed."""
    text = SEED.read_text("utf-8")
    for was, becomes in CHANGED.values():
        assert was in text
        text = text.replace(was, becomes)
    return text


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory, minilm: Encoder, language_model: str) -> dict[str, list[Answer]]:
    """What each mode answers from the seed with its facts changed, from one passage: the model reads slowly."""
    tmp_path = tmp_path_factory.mktemp("changed")
    (tmp_path / "changed.txt").write_text(changed(), "utf-8")
    settings = Settings(llm_base_url=language_model, llm_model=NAME, max_risk=1)
    with Assistant(Library.open(tmp_path / "library", minilm), settings) as assistant:
        assistant.add(tmp_path / "changed.txt")
        modes = ("extractive", "generative", "auto")
        return {
            question: [assistant.ask(question, top_k=1, mode=mode, explain=True) for mode in modes]
            for question in CHANGED
        }


def test_every_mode_answers_from_the_changed_article(answers: dict[str, list[Answer]]) -> None:
    for question, (was, becomes) in CHANGED.items():
        extractive, *written = answers[question]
        assert becomes in (extractive.answer or "")
        assert all(was not in (answer.answer or "") for answer in [extractive, *written])


def test_no_invention_of_the_model_is_admitted(answers: dict[str, list[Answer]]) -> None:
    """By a rule that wants every name and number letter for letter, so the whole article is what has to have them."""
    article = changed()
    for extractive, *written in answers.values():
        assert extractive.dropped_sentences == 0
        for answer in written:
            assert answer.sentences or answer.reason == "not_answered_by_passages"  # the model may decline
            assert all(sentence.citations for sentence in answer.sentences)
            assert [unsupported_tokens(sentence.text, article) for sentence in answer.sentences] == [[]] * len(
                answer.sentences
            )
