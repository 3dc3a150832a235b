from pathlib import Path

import pytest

from assistant.doors import page
from tests.serving import Server

ASSETS = [path.name for path in Path(page.ASSETS).iterdir()]


@pytest.mark.parametrize("path", ["/", "/read/66c0c3438677fd14"])
def test_a_page_has_a_strict_policy(server: Server, path: str) -> None:
    response = server.http.get(path)
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "no-referrer"
    policy = response.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert "<style" not in response.text
    assert " style=" not in response.text
    assert "<script>" not in response.text


def test_an_asset_is_cached_and_revalidated(server: Server) -> None:
    for name in ASSETS:
        first = server.http.get(f"/static/{name}")
        assert first.status_code == 200, name
        assert first.headers["cache-control"] == "no-cache", name
        again = server.http.get(f"/static/{name}", headers={"If-None-Match": first.headers["etag"]})
        assert again.status_code == 304, name
