from hypothesis import given
from hypothesis import strategies as st

from assistant.fence import fenced, neutralized


def test_no_two_fences_are_the_same() -> None:
    assert fenced(["Kerry spoke."]).fence != fenced(["Kerry spoke."]).fence


@given(st.text(alphabet="=<|>[/]INSTsim_end 0a"))
def test_no_text_forges_a_fence_or_a_turn(text: str) -> None:
    read = neutralized(text)
    assert "===" not in read
    assert "<|" not in read
    assert "[INST]" not in read
    assert "</s>" not in read
    assert [c for c in read if c != " "] == [c for c in text if c != " "]
