import re
from pathlib import Path

from assistant import Settings
from assistant.doors.http import create_app

PAGE = (Path(__file__).parents[2] / "docs" / "http.md").read_text("utf-8")


def test_every_route_is_documented_and_no_other_one() -> None:
    paths = create_app(Settings()).openapi()["paths"]
    routes = {(method.upper(), path) for path, methods in paths.items() for method in methods}
    assert set(re.findall(r"`(GET|POST|PUT|DELETE) (/\S*)`", PAGE.partition("## Every route")[2])) == routes
