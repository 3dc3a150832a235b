import pytest

from tests.docs.generated import DOCS, PAGES, commands, page


@pytest.mark.parametrize("name", PAGES)
def test_the_page_says_what_the_code_says(name: str) -> None:
    assert (DOCS / f"{name}.md").read_text("utf-8") == page(name), "run `make fix`"


def test_the_options_of_the_evals_are_among_the_commands() -> None:
    assert "Usage: assistant eval [OPTIONS]" in commands()
    assert "--gate" in commands()
