"""HEAD requests."""

import pytest

from tests.serving import Server


@pytest.mark.parametrize("path", ["/", "/health/live", "/articles", "/static/base.css", "/openapi.json", "/nowhere"])
def test_head_has_the_headers_of_get_and_no_body(server: Server, path: str) -> None:
    head, whole = server.http.head(path), server.http.get(path)
    own = {"date", "x-request-id"}
    assert head.status_code == whole.status_code
    assert {n: v for n, v in head.headers.items() if n not in own} == {
        n: v for n, v in whole.headers.items() if n not in own
    }
    assert head.content == b""


def test_a_route_without_get_does_not_allow_head(server: Server) -> None:
    assert server.http.head("/ask").status_code == 405


def test_without_a_key_head_reveals_nothing(guarded: Server) -> None:
    assert guarded.http.head("/articles").status_code == guarded.http.head("/nowhere").status_code == 401
    assert guarded.http.head("/health/live").status_code == 200
