"""Parsing in a subprocess: timeouts, cancellation and crashes."""

import os
import signal
import time
from pathlib import Path

import pytest

from assistant.errors import MalformedSource
from assistant.sources import html, read_html, read_markdown, worker
from assistant.sources.parsing import parse
from embeddings.cancellation import Cancelled, cancel_when
from embeddings.errors import InvalidInput, TookTooLong

SENTENCE = "The bridge over the river opened to traffic this week, and thousands of people walked across it. "
LONG = f"<html lang=en><head><title>Bridge opens</title></head><body><article>{f'<p>{SENTENCE * 3}</p>' * 100}"
# lxml compares every name with all others, in one call: a minute or more.
ENDLESS = "<html><body><p " + " ".join(f"a{n}" for n in range(100_000)) + ">x"


def test_a_long_page_is_parsed_like_a_short_one() -> None:
    assert len(LONG) > 20_000
    assert parse("html", LONG) == html.parse(LONG)


def test_a_page_that_times_out_does_not_affect_the_next() -> None:
    with pytest.raises(TookTooLong, match=r"at most 0\.2 seconds.*ASSISTANT_READING_SECONDS"):
        read_html(ENDLESS, seconds=0.2)
    assert read_html(LONG).title == "Bridge opens"


def test_parsing_can_be_cancelled() -> None:
    asked = iter([False, False, True])
    with pytest.raises(Cancelled), cancel_when(lambda: next(asked)):
        read_html(ENDLESS)
    assert read_html(LONG).title == "Bridge opens"


def test_a_killed_process_is_replaced() -> None:
    read_html(LONG)
    for process in worker._idle:
        os.kill(process._process.pid, signal.SIGKILL)
        process._process.wait()
    assert read_html(LONG).title == "Bridge opens"


def test_a_process_that_dies_while_parsing_is_an_error() -> None:
    def kill() -> bool:
        (child,) = set(children()) - before
        os.kill(child, signal.SIGKILL)
        return False

    while worker._idle:
        worker._idle.pop().stop()
    before = set(children())
    with pytest.raises(MalformedSource, match="a parser that ended with -9"), cancel_when(kill):
        read_html(ENDLESS)


def children() -> list[int]:
    listed = Path(f"/proc/self/task/{os.getpid()}/children").read_text("ascii")
    return [int(child) for child in listed.split()]


def test_errors_of_long_pages_are_those_of_short_ones() -> None:
    with pytest.raises(MalformedSource, match=r"no main text.*Save the page after"):
        read_html("<html><body><nav>" + "<a href=x>Home</a>" * 1_000)
    with pytest.raises(InvalidInput, match="lone surrogate"):
        read_html("<p>half \ud83d" + " " * 20_000)


@pytest.mark.parametrize("times", [100, 1_000, 5_000])
def test_deeply_nested_lists_are_parsed(times: int) -> None:
    page = f"<html><body><article><p>{SENTENCE * 4}</p>" + "<ul><li>x" * times
    assert SENTENCE.strip() in read_html(page).text


def test_a_page_too_large_for_trafilatura_is_parsed_without_it() -> None:
    def seconds(times: int) -> float:
        started = time.thread_time()
        html.parse("<html><body>" + "<p>x" * times)
        return time.thread_time() - started

    html.parse(SENTENCE)  # imports trafilatura first
    assert seconds(50_000) < 2 * seconds(12_500)


def test_a_page_too_large_for_trafilatura_has_its_metadata() -> None:
    head = '<title>Bridge opens - The Daily</title><meta property="og:site_name" content="The Daily">'
    draft = html.parse(f"<html lang=en><head>{head}</head><body><nav>Home</nav><main>" + "<p>It opened.</p>" * 50_000)
    assert (draft.title, draft.source, draft.language) == ("Bridge opens", "The Daily", "en")
    assert draft.text.split("\n\n") == ["It opened."] * 50_000


def test_long_markdown_is_parsed_in_a_process_too() -> None:
    article = read_markdown("# Title\n\n" + f"{SENTENCE}\n\n" * 200)
    assert article.title == "Title"
    assert len(article.text.split("\n\n")) == 200
