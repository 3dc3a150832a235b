from pathlib import Path

import pytest

import prompts

NAMES = [path.stem for path in Path(prompts.__file__).parent.glob("*.md")]


@pytest.mark.parametrize("name", NAMES)
def test_every_prompt_has_a_version_and_a_text(name: str) -> None:
    prompt = prompts.load(name)
    assert prompt.name == name
    assert prompt.version >= 1
    assert prompt.text
    assert "version:" not in prompt.text


def test_a_prompt_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        prompts.load("no-such-prompt")


def test_the_text_for_agents_stays_below_the_length_that_clients_cut_at() -> None:
    assert len(prompts.load("agent").text.encode()) < 2000
