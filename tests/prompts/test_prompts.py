from pathlib import Path

import pytest

import prompts

NAMES = [path.stem for path in Path(prompts.__file__).parent.glob("*.md")]

FILLED = {"write_answer": {"fence", "passages", "question"}}


def test_every_prompt_has_a_version_and_a_text() -> None:
    assert len(NAMES) > 5
    for name in NAMES:
        prompt = prompts.load(name)
        assert prompt.name == name
        assert prompt.version >= 1, name
        assert prompt.text, name
        assert "version:" not in prompt.text, name


@pytest.mark.parametrize("name", FILLED)
def test_the_placeholders_of_a_prompt_are_those_that_the_code_fills(name: str) -> None:
    assert prompts.load(name).placeholders == FILLED[name]


def test_braces_in_a_value_mean_nothing_and_a_wrong_value_is_an_error() -> None:
    prompt = prompts.Prompt("greeting", 1, "Hello {name}")
    assert prompt.fill(name="{question}") == "Hello {question}"
    for wrong in ({}, {"name": "Kerry", "question": "When?"}):
        with pytest.raises(ValueError, match="greeting takes"):
            prompt.fill(**wrong)


def test_a_prompt_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        prompts.load("no-such-prompt")


def test_the_text_for_agents_stays_below_the_length_that_clients_cut_at() -> None:
    assert len(prompts.load("agent").text.encode()) < 2000
