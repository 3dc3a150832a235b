"""The chat page on a slow network, and with a server that is busy or unreachable."""

from collections.abc import Callable

from playwright.sync_api import Route, expect

from assistant.assistant import Assistant
from assistant.doors.http import create_app
from assistant.settings import Settings
from tests.assistant.doors.page.chat import QUESTION, Chat
from tests.assistant.doors.page.conftest import Visit
from tests.serving import listening, running


def submit(chat: Chat) -> None:
    chat.tab.get_by_label("Question").fill(QUESTION)
    chat.tab.keyboard.press("Enter")


def hold(chat: Chat) -> Callable[[], None]:
    """Delays questions until the returned function is called."""
    held: list[Route] = []
    released: list[bool] = []

    def waiting(route: Route) -> None:
        if released:
            route.continue_()
        else:
            held.append(route)

    def release() -> None:
        released.append(True)
        for route in held:
            route.continue_()

    chat.tab.route("**/ask", waiting)
    return release


def test_on_a_slow_network_the_wait_is_shown_and_can_be_stopped(chat: Chat) -> None:
    release = hold(chat)
    submit(chat)
    waiting = chat.turns.get_by_text("Waiting for the server…")
    expect(waiting).to_be_visible()
    expect(chat.turns.first).to_have_attribute("aria-busy", "true")
    chat.turns.get_by_role("button", name="Stop").click()
    expect(chat.turns.get_by_text("Stopped.")).to_be_visible()
    chat.turns.get_by_role("button", name="Try again").click()
    expect(waiting).to_be_visible()
    release()
    expect(chat.cites.first).to_be_visible()
    expect(waiting).to_have_count(0)


def test_an_answer_continues_while_another_conversation_is_shown(chat: Chat) -> None:
    release = hold(chat)
    submit(chat)
    expect(chat.turns.get_by_text("Waiting for the server…")).to_be_visible()
    chat.tab.get_by_role("link", name="New conversation").click()
    with chat.tab.expect_response("**/ask"):
        release()
    chat.conversations.get_by_role("link", name=QUESTION).click()
    expect(chat.cites.first).to_be_visible()


def test_a_busy_server_shows_when_to_try_again(visit: Visit) -> None:
    chat = visit(expected="429")
    refusal = {"code": "busy", "message": "The server is busy.", "expected": "", "got": "", "hint": ""}
    headers = {"Retry-After": "1"}
    chat.tab.route("**/ask", lambda route: route.fulfill(status=429, headers=headers, json={"error": refusal}), times=1)
    submit(chat)
    expect(chat.turns.get_by_text("The server is busy. The server asks to wait 1 second.")).to_be_visible()
    chat.turns.get_by_role("button", name="Try again", exact=True).click()  # once it can be clicked
    expect(chat.cites.first).to_be_visible()


def test_an_expired_session_leads_to_the_sign_in_page(visit: Visit) -> None:
    chat = visit(expected="401")
    chat.tab.route("**/ask", lambda route: route.fulfill(status=401, json={}), times=1)
    with chat.tab.expect_navigation():
        submit(chat)
    chat.turns.get_by_role("button", name="Try again").click()  # the question was kept
    expect(chat.cites.first).to_be_visible()


def test_a_question_can_be_repeated_when_the_server_is_back(
    visit: Visit, assistant: Assistant, settings: Settings
) -> None:
    with listening() as listener:
        port = listener.getsockname()[1]
        with running(create_app(settings, assistant), listener) as server:
            chat = visit(url=server.url, expected="ERR_CONNECTION_REFUSED")
            expect(chat.suggestions.first).to_be_visible()
        submit(chat)
        expect(chat.turns.get_by_text("The server cannot be reached.")).to_be_visible()
        expect(chat.turns.get_by_role("heading")).to_have_text(QUESTION)
    with listening(port) as listener, running(create_app(settings, assistant), listener):
        chat.turns.get_by_role("button", name="Try again").click()
        expect(chat.cites.first).to_be_visible()
        expect(chat.turns).to_have_count(1)


def test_an_answer_that_is_cut_off_is_an_error(chat: Chat) -> None:
    body = 'event: sentence\ndata: {"text": "Half of it.", "citations": []}\n\n'
    chat.tab.route("**/ask", lambda route: route.fulfill(content_type="text/event-stream", body=body), times=1)
    submit(chat)
    expect(chat.turns.get_by_text("The server cannot be reached.")).to_be_visible()
    chat.turns.get_by_role("button", name="Try again").click()
    expect(chat.cites.first).to_be_visible()
    expect(chat.turns).not_to_contain_text("Half of it.")
