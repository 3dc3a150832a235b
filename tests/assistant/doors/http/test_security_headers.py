import pytest

from tests.serving import Server


@pytest.mark.parametrize(
    "path", ["/health/live", "/articles", "/nowhere", "/static/read.css", "/openapi.json", "/metrics"]
)
def test_a_response_other_than_a_page_has_the_strictest_policy(server: Server, path: str) -> None:
    headers = server.http.get(path).headers
    assert headers["content-security-policy"].startswith("default-src 'none'; base-uri 'none'")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    assert "no-cache" in headers["cache-control"]


def test_the_documentation_has_a_policy_of_its_own(server: Server) -> None:
    policy = server.http.get("/docs").headers["content-security-policy"]
    scripts = policy.partition("script-src ")[2].partition(";")[0].split()
    assert scripts[0] == "'self'"
    assert [script[:8] for script in scripts[1:]] == ["'sha256-"]
