import pytest

from assistant.conversation.rewriter import Rewriter
from assistant.language_model import LanguageModel
from assistant.settings import Settings
from tests.assistant.conversation.conversation import FERRY
from tests.model_server import MISBEHAVIOUR, ModelServer, model_server, writes

SHE = "When did she retire?"


def rewriter(server: ModelServer) -> Rewriter:
    return Rewriter(LanguageModel(Settings(llm_base_url=server.url, llm_model="scripted", llm_timeout=0.5)))


def test_a_rewrite_without_drift_is_used() -> None:
    written = "When did Ada Brandt, the retired captain, retire?"
    with model_server(writes(written)) as server:
        rewritten = rewriter(server).rewrite(SHE, FERRY)
    assert rewritten.question == written
    assert written in rewritten.notices[0]


def test_the_model_gets_the_conversation_within_a_fence() -> None:
    with model_server(writes(SHE)) as server:
        rewriter(server).rewrite(SHE, FERRY)
    assert FERRY[1].content in server.asked[0]
    assert server.asked[0].count("=== ") >= 3


@pytest.mark.parametrize("written", ["When did Ada Brandt retire to Portugal?", "In 1921.", "Sure! Here it is:\nWhen?"])
def test_a_rewrite_with_drift_is_replaced_by_the_rules(written: str) -> None:
    with model_server(writes(written)) as server:
        rewritten = rewriter(server).rewrite(SHE, FERRY)
    assert rewritten.question == "When did Ada Brandt retire?"
    assert "filled in by rule" in rewritten.notices[0]


@pytest.mark.parametrize("play", ["is not JSON", "cuts off in the middle", "does not know the model"])
def test_a_failing_model_is_replaced_by_the_rules(play: str) -> None:
    with model_server(MISBEHAVIOUR[play][0]) as server:
        rewritten = rewriter(server).rewrite(SHE, FERRY)
    assert rewritten.question == "When did Ada Brandt retire?"
    assert rewritten.notices[0].startswith("The language model ")


@pytest.mark.parametrize("question", ["When was Ada Brandt born?", "How many ships does Orrin own?"])
def test_no_model_is_asked_if_the_question_stands_alone(question: str) -> None:
    with model_server(writes("Who?")) as server:
        assert rewriter(server).rewrite(question, FERRY).question == question
    assert server.asked == []


def test_no_model_is_asked_without_a_history() -> None:
    with model_server(writes("Who?")) as server:
        assert rewriter(server).rewrite(SHE, []).question == SHE
    assert server.asked == []
