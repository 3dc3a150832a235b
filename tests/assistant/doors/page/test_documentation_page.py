from urllib.parse import urlsplit

from playwright.sync_api import Browser, expect

from tests.serving import Server


def test_the_documentation_page_loads_nothing_from_other_servers(browser: Browser, server: Server) -> None:
    context = browser.new_context()
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{server.url}/docs")
    expect(page.get_by_text("Ask a question")).to_be_visible()
    assert {urlsplit(url).netloc for url in asked if not url.startswith("data:")} == {urlsplit(server.url).netloc}
    context.close()
