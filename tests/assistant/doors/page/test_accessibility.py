"""axe-core finds nothing serious, in any state of the pages, light or dark, wide or narrow."""

from collections.abc import Callable

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, ViewportSize

from tests.assistant.doors.page.chat import Chat
from tests.assistant.doors.page.conftest import DESK, PHONE, Visit
from tests.assistant.doors.page.states import STATES, answered, conversations, filtering, first_visit, reading

NARROW = (first_visit, answered, reading, filtering, conversations)  # where a phone shows something else


@pytest.mark.parametrize(
    ("screen", "state"),
    [(DESK, state) for state in STATES] + [(PHONE, state) for state in NARROW],
    ids=[f"wide-{state.__name__}" for state in STATES] + [f"phone-{state.__name__}" for state in NARROW],
)
def test_every_state_is_accessible(visit: Visit, screen: ViewportSize, state: Callable[[Chat], None]) -> None:
    chat = visit(screen, expected="Failed to load resource")
    state(chat)
    assert violations(chat.tab, resultTypes=["violations"]) == []
    chat.tab.emulate_media(color_scheme="dark", reduced_motion="reduce")
    assert violations(chat.tab, runOnly=["color-contrast"]) == []


def violations(tab: Page, **options: list[str]) -> list[str]:
    if not tab.evaluate("'axe' in window"):
        tab.evaluate(AXE_SCRIPT)
    found = tab.evaluate("async options => (await axe.run(options)).violations", options)
    return [f"{one['impact']}: {one['help']}: {[node['html'] for node in one['nodes']]}" for one in found]
