"""Screenshots of every state of the pages: `python -m tests.assistant.doors.page.screenshots FOLDER`.

Names behind the folder pick some of them: `reading-wide-light` and the like.
"""

import sys
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from playwright.sync_api import sync_playwright

from assistant.assistant import Assistant
from assistant.doors.api_keys import create_key, key_entry
from assistant.doors.http import create_app
from assistant.settings import Settings
from tests.assistant.doors.page.chat import Chat
from tests.assistant.doors.page.conftest import DESK, PHONE
from tests.assistant.doors.page.states import STATES, signing_in
from tests.conftest import CHROMIUM_OPTIONS, installed_chromium
from tests.serving import SEED, listening, running

KEY = create_key()
SCREENS = {"wide": DESK, "phone": PHONE}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


def main(folder: Path, names: list[str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as library, listening() as listener, sync_playwright() as playwright:
        settings = Settings(
            library=Path(library), port=listener.getsockname()[1], rate_limit=0, api_keys=key_entry("screenshots", KEY)
        )
        with Assistant.open(settings=settings) as assistant:
            assistant.add(SEED)
            with running(create_app(settings, assistant), listener) as server:
                browser = playwright.chromium.launch(executable_path=installed_chromium(), args=CHROMIUM_OPTIONS)
                for state, screen, scheme in product((*STATES, signing_in), SCREENS, SCHEMES):
                    name = f"{state.__name__}-{screen}-{scheme}"
                    if names and name not in names:
                        continue
                    context = browser.new_context(
                        viewport=SCREENS[screen],
                        color_scheme=scheme,
                        reduced_motion="reduce",
                        extra_http_headers={"Authorization": f"Bearer {KEY}"},
                    )
                    chat = Chat(context.new_page(), server.url)
                    chat.tab.goto(server.url)
                    state(chat)
                    chat.tab.screenshot(path=folder / f"{name}.png")
                    context.close()
                browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
