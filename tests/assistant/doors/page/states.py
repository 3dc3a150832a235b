"""The states of the pages, for the accessibility tests and the screenshots: each function sets up one of them."""

from playwright.sync_api import FilePayload, expect

from tests.assistant.doors.page.chat import QUESTION, UNANSWERED, Chat
from tests.serving import SEED


def first_visit(chat: Chat) -> None:
    expect(chat.suggestions.first).to_be_visible()


def answered(chat: Chat) -> None:
    chat.ask(QUESTION)
    chat.cites.first.focus()
    expect(chat.preview.locator("mark")).to_be_visible()


def summed_up(chat: Chat) -> None:
    chat.ask("Summarise “US ends talks with Russia on trying to halt violence in Syria”.")
    expect(chat.follow_ups.first).to_be_visible()


def mending(chat: Chat) -> None:
    turn = chat.ask(QUESTION)
    expect(chat.follow_ups.first).to_be_visible()
    turn.get_by_role("button", name="Bad answer").click()
    expect(turn.get_by_label("The right answer")).to_be_visible()
    turn.get_by_role("button", name="Edit").click()
    expect(chat.tab.get_by_label("New wording")).to_be_focused()


def exporting(chat: Chat) -> None:
    chat.ask(QUESTION).get_by_role("button", name="Good answer").click()
    chat.tab.get_by_role("button", name="Export").click()
    expect(chat.tab.get_by_role("button", name="Rated answers")).to_be_visible()


def scoped(chat: Chat) -> None:
    chat.tab.locator(".open-articles:visible").first.click()
    chat.article_row("US ends talks").get_by_role("button", name="Ask this").click()
    chat.tab.keyboard.press("Escape")
    expect(chat.tab.get_by_text("Questions that it answers")).to_be_visible()


def deleting(chat: Chat) -> None:
    chat.tab.locator(".open-articles:visible").first.click()
    chat.articles.get_by_label("Search the articles").fill("syria reuters")
    expect(chat.articles.get_by_text("1 found")).to_be_visible()
    chat.article_row("US ends talks").get_by_role("button", name="Delete").press("Enter")
    expect(chat.articles.get_by_role("button", name="Keep")).to_be_focused()


def explained(chat: Chat) -> None:
    chat.ask(QUESTION).get_by_text("Why").click()
    expect(chat.turns.locator(".explanation dl").first).to_be_visible()


def abstained(chat: Chat) -> None:
    chat.ask(UNANSWERED)


def reading(chat: Chat) -> None:
    chat.ask(QUESTION)
    expect(chat.follow_ups.first).to_be_visible()
    chat.cites.first.focus()
    chat.tab.keyboard.press("Enter")
    chat.highlighted()


def waiting(chat: Chat) -> None:
    network = chat.tab.context.new_cdp_session(chat.tab)
    slow = {"offline": False, "latency": 3_600_000, "downloadThroughput": -1, "uploadThroughput": -1}
    network.send("Network.emulateNetworkConditions", slow)
    chat.tab.get_by_label("Question").fill(QUESTION)
    chat.tab.keyboard.press("Enter")
    expect(chat.turns.get_by_role("button", name="Stop")).to_be_visible()


def filtering(chat: Chat) -> None:
    chat.tab.get_by_role("button", name="All articles").click()
    chat.tab.get_by_label("Reuters").check()


def adding(chat: Chat) -> None:
    chat.tab.locator(".open-articles:visible").first.click()
    chat.articles.get_by_text("Paste text").click()


def added(chat: Chat) -> None:
    chat.tab.locator(".open-articles:visible").first.click()
    picture = FilePayload(name="a-picture.png", mimeType="image/png", buffer=b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    chat.articles.locator("#files").set_input_files(SEED)
    chat.articles.locator("#files").set_input_files(picture)
    expect(chat.articles.locator("#added").get_by_role("listitem")).to_contain_text(["US ends talks", "is not text"])


def checked(chat: Chat) -> None:
    chat.tab.get_by_role("button", name="Check a text").click()
    true = "Putin suspended a treaty with Washington on cleaning up weapons-grade plutonium."
    false = "The civil war has killed hundreds of thousands and displaced 12 million."
    chat.checker.get_by_label("Text").fill(f"😀 {true}\n\n{false}\n\nBread is baked.")
    chat.checker.get_by_role("button", name="Check", exact=True).click()
    expect(chat.checker.get_by_text("Not found")).to_be_visible()


def empty(chat: Chat) -> None:
    chat.tab.route("**/articles?*", lambda route: route.fulfill(json={"articles": [], "next_cursor": None}))
    chat.tab.reload()
    expect(chat.tab.get_by_role("button", name="Add an article")).to_be_visible()


def conversations(chat: Chat) -> None:
    chat.ask(QUESTION)
    if chat.tab.get_by_role("button", name="Conversations").is_visible():
        chat.tab.get_by_role("button", name="Conversations").click()
    chat.conversations.first.get_by_role("button", name="Delete").press("Enter")
    expect(chat.conversations.get_by_role("button", name="Undo")).to_be_visible()


def failed(chat: Chat) -> None:
    chat.tab.route("**/ask", lambda route: route.abort())
    chat.tab.get_by_label("Question").fill(QUESTION)
    chat.tab.keyboard.press("Enter")
    expect(chat.turns.get_by_role("button", name="Try again")).to_be_visible()


def reading_page(chat: Chat) -> None:
    chat.tab.goto(f"{chat.url}/read/66c0c3438677fd14#c=0-208,645-844")
    chat.tab.get_by_role("button", name="Next citation").click()
    expect(chat.tab.get_by_role("status")).to_have_text("2 of 2 citations")


def signing_in(chat: Chat) -> None:
    """Needs a server with API keys."""
    chat.tab.context.set_extra_http_headers({})
    chat.tab.goto(chat.url)
    expect(chat.tab.get_by_label("API key")).to_be_visible()


STATES = (
    first_visit,
    empty,
    answered,
    summed_up,
    explained,
    abstained,
    mending,
    exporting,
    reading,
    waiting,
    failed,
    filtering,
    scoped,
    adding,
    added,
    deleting,
    checked,
    conversations,
    reading_page,
)
