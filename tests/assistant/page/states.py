"""The states of the pages: each function brings a fresh page into one. axe-core looks at them, and so do people."""

from tests.assistant.page.chat import QUESTION, UNANSWERED, Chat


def first_visit(chat: Chat) -> None:
    chat.tab.get_by_text("Three questions to try").wait_for()


def answered(chat: Chat) -> None:
    chat.ask(QUESTION)
    chat.cites.first.focus()
    chat.glance.locator("mark").wait_for()


def abstained(chat: Chat) -> None:
    chat.ask(UNANSWERED).get_by_text("Why").click()


def reading(chat: Chat) -> None:
    chat.ask(QUESTION)
    chat.cites.first.focus()
    chat.tab.keyboard.press("Enter")
    chat.highlighted()


def waiting(chat: Chat) -> None:
    network = chat.tab.context.new_cdp_session(chat.tab)
    slow = {"offline": False, "latency": 3_600_000, "downloadThroughput": -1, "uploadThroughput": -1}
    network.send("Network.emulateNetworkConditions", slow)
    chat.tab.get_by_label("Question").fill(QUESTION)
    chat.tab.keyboard.press("Enter")
    chat.turns.get_by_role("button", name="Stop").wait_for()


def filtering(chat: Chat) -> None:
    chat.tab.get_by_role("button", name="All articles").click()
    chat.tab.get_by_label("Reuters").check()


def adding(chat: Chat) -> None:
    chat.tab.locator(".open-articles:visible").first.click()
    chat.articles.get_by_text("Paste text").click()


def conversations(chat: Chat) -> None:
    chat.ask(QUESTION)
    if chat.tab.get_by_role("button", name="Conversations").is_visible():
        chat.tab.get_by_role("button", name="Conversations").click()
    chat.conversations.first.get_by_role("button", name="Delete").press("Enter")


def failed(chat: Chat) -> None:
    chat.tab.route("**/ask", lambda route: route.abort())
    chat.tab.get_by_label("Question").fill(QUESTION)
    chat.tab.keyboard.press("Enter")
    chat.turns.get_by_role("button", name="Try again").wait_for()


def reading_page(chat: Chat) -> None:
    chat.tab.goto(f"{chat.url}/read/66c0c3438677fd14#c=0-208,645-844")
    chat.tab.get_by_role("button", name="Next citation").click()


STATES = (first_visit, answered, abstained, reading, waiting, failed, filtering, adding, conversations, reading_page)
