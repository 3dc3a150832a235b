import pytest

from assistant.settings import Settings


@pytest.mark.parametrize(
    ("host", "start"),
    [("::1", "http://[::1]:8000"), ("127.0.0.1", "http://127.0.0.1:8000"), ("here", "http://here:8000")],
)
def test_the_public_url_is_one_that_a_browser_can_open(host: str, start: str) -> None:
    assert Settings(host=host).public_url == start
