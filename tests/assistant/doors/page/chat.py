"""A page object of the chat page."""

from typing import NamedTuple

from playwright.sync_api import Locator, Page, expect

QUESTION = "When did Kerry last speak to Lavrov?"
UNANSWERED = "What is the capital of France?"


class Chat(NamedTuple):
    """The chat page in a tab, with locators of its parts."""

    tab: Page
    url: str

    def ask(self, question: str) -> Locator:
        """Asks with the keyboard; returns the turn once it is complete."""
        self.tab.get_by_label("Question").fill(question)
        self.tab.keyboard.press("Enter")
        turn = self.turns.filter(has_text=question).last
        expect(turn.locator(".answer-footer")).to_be_visible()
        return turn

    def walk_back_to(self, selector: str) -> None:
        """Presses Shift+Tab until the element has the focus."""
        for _ in range(30):
            if self.tab.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
            self.tab.keyboard.press("Shift+Tab")
        raise AssertionError(f"the keyboard does not reach {selector}")

    @property
    def turns(self) -> Locator:
        return self.tab.locator("article.turn")

    @property
    def cites(self) -> Locator:
        return self.tab.locator(".prose").get_by_role("link", name="Citation")

    @property
    def sources(self) -> Locator:
        return self.tab.get_by_role("list", name="Sources").get_by_role("listitem")

    @property
    def suggestions(self) -> Locator:
        return self.tab.locator("#welcome .suggestions").get_by_role("button")

    @property
    def follow_ups(self) -> Locator:
        return self.tab.get_by_role("navigation", name="Go on with").get_by_role("button")

    def article_row(self, title: str) -> Locator:
        return self.articles.get_by_role("list", name="In the library").get_by_role("listitem").filter(has_text=title)

    @property
    def reader(self) -> Locator:
        return self.tab.get_by_role("dialog", name="Article", exact=True)

    @property
    def articles(self) -> Locator:
        return self.tab.get_by_role("dialog", name="Articles")

    @property
    def checker(self) -> Locator:
        return self.tab.get_by_role("dialog", name="Check a text")

    @property
    def preview(self) -> Locator:
        return self.tab.locator("#preview")

    @property
    def conversations(self) -> Locator:
        return self.tab.get_by_role("navigation", name="Conversations").get_by_role("listitem")

    def highlighted(self) -> tuple[int, str]:
        """The offset of the highlight in the article's text, in code points, and its text."""
        expect(self.reader.locator("mark").first).to_be_visible()
        start, marked = self.reader.locator(".text").evaluate("""text => {
            const marks = [...text.querySelectorAll("mark")];
            const before = document.createRange();
            before.setStart(text, 0);
            before.setEndBefore(marks[0]);
            return [[...before.toString()].length, marks.map(mark => mark.textContent).join("")];
        }""")
        return int(start), str(marked)
