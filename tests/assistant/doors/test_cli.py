import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from importlib.metadata import version
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner, Result

from assistant import Assistant
from assistant.doors.api_keys import ApiKeys
from assistant.doors.cli import app
from assistant.settings import Settings
from assistant.sources.kind import SUFFIXES
from tests.serving import SEED, Server, listening

QUESTION = "When did Kerry last speak to Lavrov?"
NONSENSE = "How long does sourdough bread bake?"
SUSPENDED = "Putin suspended a treaty with Washington on cleaning up weapons-grade plutonium."

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs the command line on a library of its own."""

    def run(*args: str | Path, stdin: str | None = None) -> Result:
        return CliRunner().invoke(app, [*map(str, args), "--library", str(tmp_path / "library")], input=stdin)

    return run


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """Creates the library of ``run`` without articles."""
    Assistant.open(tmp_path / "library").close()
    return tmp_path / "library"


@pytest.fixture
def same(server: Server, settings: Settings) -> Run:
    """Runs the command line on the library that the server serves."""

    def same(*args: str) -> Result:
        env = {"ASSISTANT_PORT": str(settings.port)}
        return CliRunner().invoke(app, [*args, "--library", str(settings.library)], env=env)

    return same


def without_timings(body: str | bytes) -> str:
    text = body if isinstance(body, str) else body.decode()
    return re.sub(r'"timings_ms":\{[^}]*\}', '"timings_ms":{}', text).rstrip("\n")


def error_of(result: Result) -> dict[str, str]:
    (line,) = result.stdout.splitlines()
    error: dict[str, str] = json.loads(line)["error"]
    assert list(error) == ["code", "message", "expected", "got", "hint"]
    return error


def test_ask_prints_the_answer_and_its_citations(run: Run) -> None:
    assert run("add", SEED, "--quiet").stdout == ""
    result = run("ask", QUESTION)
    assert result.exit_code == 0
    quote = "Secretary of State John Kerry last spoke to his Russian counterpart, Sergei Lavrov, on Saturday"
    short_answer, answer, citation = result.stdout.split("\n\n")[:3]
    assert short_answer == "Saturday"
    assert quote in answer
    assert f"[[{quote}" in citation
    assert "Reuters · paragraph 4 · characters 645-844 · verbatim 1.00" in citation
    assert re.search(r"http://127\.0\.0\.1:8000/read/\w+#c=645-844$", citation, re.MULTILINE)


def test_code_stands_on_lines_of_its_own(run: Run, tmp_path: Path) -> None:
    code = "alarm:\n  level: 35"
    manual = tmp_path / "manual.md"
    manual.write_text(f"To set the level of the alarm of the pump, use:\n\n```\n{code}\n```\n\nIt is loud.")
    run("add", str(manual), "--quiet")
    answer = run("ask", "How do I set the level of the alarm of the pump?").stdout
    assert answer.startswith(f"To set the level of the alarm of the pump, use: \n{code}\n\n")


def test_a_lost_index_is_rebuilt_with_one_notice(run: Run, tmp_path: Path) -> None:
    assert run("add", SEED, "--quiet").stderr == ""
    shutil.rmtree(tmp_path / "library" / "words")
    first, second = run("search", "Zakharova"), run("search", "Zakharova")
    assert first.stderr.startswith("The BM25 index was rebuilt")
    assert second.stderr == ""
    assert first.stdout == second.stdout


def test_ask_exits_with_3_on_an_abstention(run: Run) -> None:
    run("add", SEED)
    result = run("ask", NONSENSE)
    assert result.exit_code == 3
    assert result.stdout.startswith("The articles do not say.\n")
    assert f"Looked for: “{NONSENSE}”" in result.stdout
    assert "nearest passage" in result.stdout
    assert "Confidence" not in result.stdout
    assert "Confidence" in run("ask", NONSENSE, "--explain").stdout
    assert run("ask", NONSENSE, "--json").exit_code == 3


def test_check_prints_each_sentence_with_its_unsupported_words_and_exits_with_3(run: Run, tmp_path: Path) -> None:
    run("add", SEED)
    draft = tmp_path / "draft.txt"
    draft.write_text(f"{SUSPENDED}\n\n{SUSPENDED.replace('Washington', 'London')}\n\nBread is baked.", encoding="utf-8")
    result = run("check", draft)
    assert result.exit_code == 3
    assert result.stdout.startswith(f"supported: {SUSPENDED}\n")
    assert "contradicted: Putin suspended a treaty with [[London]] on" in result.stdout
    assert "not found: [[Bread]] is [[baked]].\n" in result.stdout
    assert "Reuters · paragraph 9 · characters" in result.stdout


def test_ask_takes_a_mode(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    run("add", SEED)
    assert json.loads(run("ask", "What is this about?", "--mode", "digest", "--json").stdout)["mode"] == "digest"
    without = run("ask", QUESTION, "--mode", "generative")
    assert without.exit_code == 0
    assert "No language model is configured" in without.stderr
    monkeypatch.setenv("ASSISTANT_LLM_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("ASSISTANT_LLM_MODEL", "none")
    for mode in ("auto", "generative"):
        assert "The language model could not be reached" in run("ask", QUESTION, "--mode", mode).stderr
    assert run("ask", QUESTION, "--mode", "extractive").stderr == ""


def test_more_than_three_quotes_are_printed_without_their_paragraphs(run: Run) -> None:
    run("add", SEED)
    few, many = run("ask", QUESTION), run("ask", "kerry lavrov talks")
    assert "[[" in few.stdout
    cited = json.loads(run("ask", "kerry lavrov talks", "--json").stdout)["citations"]
    assert len(cited) > 3
    assert [line for line in many.stdout.splitlines() if line.startswith("“")] == [f"“{one['quote']}”" for one in cited]


@pytest.mark.parametrize("command", [["ask", QUESTION], ["search", QUESTION], ["like", SEED], ["check", "-"]])
def test_a_filter_on_what_no_article_has_is_a_notice(run: Run, command: list[str | Path]) -> None:
    run("add", SEED)
    result = run(*command, "--where", "seed_line_4 = 1", stdin=SUSPENDED)
    assert result.stderr.startswith("No article has 'seed_line_4' of `filters.metadata`. The nearest")


def test_a_search_says_that_no_passage_passes(run: Run) -> None:
    run("add", SEED)
    assert run("search", QUESTION, "--after", "2020-01-01").stdout == "No passage passes the filters.\n"
    assert run("like", SEED).stdout == "No passage was found.\n"


def test_check_reads_standard_input_and_exits_with_0_if_the_articles_say_all_of_it(run: Run) -> None:
    run("add", SEED)
    assert run("check", "-", stdin=SUSPENDED).exit_code == 0
    assert run("check", "-", stdin="Bread is baked.").exit_code == 3
    assert run("check", "-", stdin=" ").exit_code == 2
    nothing = run("check", "-", stdin="---")
    assert (nothing.exit_code, nothing.stderr) == (0, "There is no sentence in this text: nothing was checked.\n")


@pytest.mark.parametrize(
    "args",
    [
        *(["ask", ""], ["ask", " \n"], ["ask", "x" * 20_000], ["ask", "x", "--top-k", "0"], ["ask", "x", "--top-k=51"]),
        *(["ask", "x", "--after=2016-02-30"], ["search", " "], ["list", "--limit=0"], ["list", "--cursor=nonsense"]),
        *(["ask"], ["add"], ["show"], ["nonsense"], ["ask", "x", "--nonsense"], ["serve", "--port=70000"]),
    ],
    ids=lambda args: " ".join(args)[:30],
)
@pytest.mark.usefixtures("empty")
def test_wrong_usage_exits_with_2(run: Run, args: list[str]) -> None:
    result = run(*args)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr


@pytest.mark.parametrize(
    "args", [["show", "nothing"], ["remove", "nothing"], ["add", "nowhere.txt"], ["check", "nowhere.txt"]], ids=" ".join
)
@pytest.mark.usefixtures("empty")
def test_a_failure_exits_with_1_and_says_what_to_do(run: Run, args: list[str]) -> None:
    result = run(*args)
    assert result.exit_code == 1
    assert result.stdout == ""
    assert "Expected: " in result.stderr
    assert "Got: " in result.stderr


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["show", "nothing"], "article_not_found"),
        (["add", "nowhere.txt"], "source_missing"),
        (["ask", " "], "invalid_input"),
    ],
    ids=["show", "add", "ask"],
)
@pytest.mark.usefixtures("empty")
def test_with_json_an_error_is_the_body_of_http(run: Run, args: list[str], code: str) -> None:
    result = run(*args, "--json")
    assert error_of(result)["code"] == code
    assert result.stderr == ""


def test_an_invalid_environment_variable_is_named() -> None:
    result = CliRunner().invoke(app, ["list"], env={"ASSISTANT_PORT": "many"})
    assert result.exit_code == 2
    assert "`port`" in result.stderr


def test_add_skips_bad_files_and_adds_the_others(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "good.txt").write_text("The bridge was opened in 1932.")
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\0")
    (folder / "empty.txt").write_text(" \n")
    result = run("add", folder)
    assert result.exit_code == 0, "what is merely found in a folder may be skipped"
    assert "added      The bridge was opened in 1932. (1 passage)" in result.stdout
    assert "1 added, 2 skipped" in result.stdout
    assert "picture.png" in result.stderr
    assert "empty.txt" in result.stderr

    again = run("add", folder / "good.txt", folder / "picture.png")
    assert again.exit_code == 1, "what was named may not"
    assert "unchanged" in again.stdout
    assert "picture.png" in again.stderr


def test_the_help_of_add_lists_every_kind_of_file() -> None:
    words = CliRunner().invoke(app, ["add", "--help"], env={"COLUMNS": "100"}).stdout.replace("│", " ").split()
    assert [word.rstrip(".") for word in words if word.startswith(".")] == list(SUFFIXES)


def test_a_folder_without_any_article_is_a_failure(run: Run, tmp_path: Path) -> None:
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n\0")
    assert run("add", tmp_path / "picture.png").exit_code == 1
    (tmp_path / "nothing").mkdir()
    assert run("add", tmp_path / "nothing").exit_code == 1


def test_add_with_json_prints_one_body_an_article(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The first.")
    (tmp_path / "b.txt").write_text("The second.")
    result = run("add", tmp_path / "a.txt", tmp_path / "b.txt", "--json")
    assert result.exit_code == 0
    bodies: list[dict[str, Any]] = [json.loads(line) for line in result.stdout.splitlines()]
    assert [list(body) for body in bodies] == [["article", "outcome"]] * 2
    assert [body["outcome"] for body in bodies] == ["added", "added"]


def test_show_list_and_remove(run: Run) -> None:
    added = json.loads(run("add", SEED, "--json").stdout)["article"]
    assert f"{added['id']}  {'':10}  Reuters  {added['title']}" in run("list").stdout
    shown = run("show", added["id"]).stdout
    assert added["title"] in shown
    assert "The US has broken off talks with Russia" in shown
    assert json.loads(run("show", added["id"], "--json").stdout)["text"] in shown
    assert run("remove", added["id"]).exit_code == 0
    assert run("list").stdout == ""
    assert run("show", added["id"]).exit_code == 1


@pytest.mark.parametrize(
    ("args", "path", "body"),
    [
        (["ask", QUESTION], "/ask", {"question": QUESTION}),
        (["ask", NONSENSE, "--top-k", "3"], "/ask", {"question": NONSENSE, "top_k": 3}),
        (["ask", QUESTION, "--source", "Nobody"], "/ask", {"question": QUESTION, "filters": {"sources": ["Nobody"]}}),
        (
            ["ask", QUESTION, "--after", "2016-01-01", "--before", "2017-01-01"],
            "/ask",
            {"question": QUESTION, "filters": {"published_after": "2016-01-01", "published_before": "2017-01-01"}},
        ),
        (["search", "Kerry", "--top-k", "2"], "/search", {"query": "Kerry", "top_k": 2}),
        (["search", "Kerry", "--group"], "/search", {"query": "Kerry", "group": True}),
        (["search", "x", "--top-k", "0"], "/search", {"query": "x", "top_k": 0}),
        (
            ["search", "Kerry", "--where", "title_derived_from = url"],
            "/search",
            {"query": "Kerry", "filters": {"metadata": "title_derived_from = url"}},
        ),
        (["search", "x", "--where", "a:"], "/search", {"query": "x", "filters": {"metadata": "a:"}}),
        (["search", "x", "--article", "a"], "/search", {"query": "x", "filters": {"article_ids": ["a"]}}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_json_is_the_body_of_the_same_call(
    same: Run, server: Server, args: list[str], path: str, body: dict[str, Any]
) -> None:
    over_http = server.http.post(path, json=body).content
    assert without_timings(same(*args, "--json").stdout) == without_timings(over_http)


def test_json_of_a_check_is_the_body_of_the_same_call(same: Run, server: Server, tmp_path: Path) -> None:
    (tmp_path / "draft.txt").write_text(f"{SUSPENDED} Bread is baked.", encoding="utf-8")
    over_http = server.http.post("/check", json={"text": f"{SUSPENDED} Bread is baked."}).text
    assert same("check", str(tmp_path / "draft.txt"), "--json").stdout.rstrip() == over_http


def test_json_of_articles_is_the_body_of_the_same_call(same: Run, server: Server) -> None:
    listed = server.http.get("/articles", params={"limit": 1})
    assert same("list", "--limit", "1", "--json").stdout.rstrip() == listed.text
    article_id = listed.json()["articles"][0]["id"]
    assert same("show", article_id, "--json").stdout.rstrip() == server.http.get(f"/articles/{article_id}").text
    alike = server.http.get(f"/articles/{article_id}/like", params={"top_k": 3, "sources": ["Reuters"]})
    assert (alike.status_code, alike.json()["article_id"]) == (200, article_id)
    assert article_id not in {passage["article_id"] for passage in alike.json()["passages"]}
    found = same("like", article_id, "--top-k", "3", "--source", "Reuters", "--json")
    assert found.stdout.rstrip() == alike.text
    assert server.http.get(f"/articles/{article_id}/like", params={"metadata": "a:"}).status_code == 422
    assert server.http.get("/articles/nothing/like").status_code == 404
    assert same("show", "nothing", "--json").stdout.rstrip() == server.http.get("/articles/nothing").text


def test_control_codes_in_an_article_are_not_printed(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("The \x1b[2Jscreen [bold]stays[/bold] where it is.\x07")
    run("add", tmp_path / "a.txt")
    shown = run("search", "screen").stdout
    assert "\x1b" not in shown
    assert "[bold]stays[/bold]" in shown


def test_doctor_prints_ok_for_each_check(run: Run) -> None:
    run("add", SEED)
    result = run("doctor")
    assert result.exit_code == 0, result.stdout
    assert all(line.startswith("OK ") for line in result.stdout.splitlines())
    assert {"versions", "model", "reader", "database"} <= {
        line.split()[1].rstrip(":") for line in result.stdout.splitlines()
    }


def test_doctor_finds_a_damaged_database_and_does_not_change_it(run: Run, tmp_path: Path) -> None:
    (tmp_path / "library").mkdir()
    database = tmp_path / "library" / "library.db"
    database.write_bytes(b"this was a database once" * 400)
    result = run("doctor", "--json")
    report = json.loads(result.stdout)
    assert result.exit_code == 1
    assert report["ok"] is False
    assert [check["name"] for check in report["checks"] if not check["ok"]] == ["library"]
    assert database.read_bytes() == b"this was a database once" * 400


def test_doctor_names_what_is_wrong_and_repairs_it(run: Run, tmp_path: Path) -> None:
    run("add", SEED)
    with closing(sqlite3.connect(tmp_path / "library" / "library.db")) as connection, connection:
        connection.execute("UPDATE passages SET vector = x'00' WHERE key = 1")
    shutil.rmtree(tmp_path / "library" / "words")
    (tmp_path / "library" / "vectors.faiss").unlink()
    found = run("doctor")
    assert found.exit_code == 1
    assert "passage 1: its vector has 1 bytes" in found.stdout
    assert run("ask", QUESTION).exit_code == 1
    assert run("doctor", "--repair").exit_code == 0
    assert run("ask", QUESTION).exit_code == 0


def test_remove_takes_several_articles_or_none(run: Run, tmp_path: Path) -> None:
    texts = [tmp_path / f"{name}.txt" for name in "abc"]
    for text in texts:
        text.write_text(f"Article {text.stem} says something.", encoding="utf-8")
    run("add", *texts)
    ids = [line.split()[0] for line in run("list").stdout.splitlines()]
    assert run("remove", ids[0], "unknown").exit_code == 1
    assert len(run("list").stdout.splitlines()) == 3
    assert run("remove", *ids[:2]).stdout.split() == ["Removed", f"{ids[0]}.", "Removed", f"{ids[1]}."]
    assert [line.split()[0] for line in run("list").stdout.splitlines()] == ids[2:]


@pytest.mark.parametrize(
    "args",
    [["ask", "Who?"], ["search", "x"], ["list"], ["show", "x"], ["remove", "x"], ["doctor"], ["reembed"],
     ["export", "x"], ["eval", "--suggest=1"]],
    ids=lambda args: args[0],
)  # fmt: skip
def test_commands_that_only_read_do_not_create_a_library(run: Run, tmp_path: Path, args: list[str]) -> None:
    result = run(*args)
    assert result.exit_code == 1
    assert "There is no library here." in result.stdout + result.stderr
    assert not (tmp_path / "library").exists()


@pytest.mark.usefixtures("empty")
def test_an_empty_library_says_that_it_is_empty(run: Run) -> None:
    for args in (["ask", "Who?"], ["search", "x"], ["list"], ["show", "x"]):
        assert "The library is empty." in run(*args).stderr
    assert json.loads(run("ask", "Who?", "--json").stdout)["reason"] == "library_empty"
    assert "There are no articles in the library yet." in run("ask", "Who?").stdout


def test_reembed_leaves_a_library_that_answers(run: Run) -> None:
    run("add", SEED)
    assert run("reembed").exit_code == 0
    assert run("ask", QUESTION).exit_code == 0


def test_the_version_is_that_of_the_package() -> None:
    assert CliRunner().invoke(app, ["--version"]).stdout.rstrip() == version("cited-articles")


def test_help_loads_nothing_heavy() -> None:
    code = "import sys, assistant.doors.cli; print(*sys.modules)"
    loaded = set(subprocess.check_output([sys.executable, "-c", code], text=True).split())
    assert not loaded & {"torch", "faiss", "tantivy", "fastapi", "mcp", "sentence_transformers"}


def test_once_the_networks_are_converted_an_answer_needs_no_torch(run: Run, tmp_path: Path) -> None:
    run("add", SEED)
    run("ask", QUESTION)
    args = ["ask", QUESTION, "--library", str(tmp_path / "library")]
    code = f"import sys; from assistant.doors.cli import app; app({args}, standalone_mode=False); print(*sys.modules)"
    found = subprocess.check_output([sys.executable, "-c", code], text=True)
    assert "Saturday" in found
    assert not set(found.split()) & {"torch", "transformers", "sentence_transformers", "openvino_telemetry.main"}


def test_a_notice_names_its_article_and_is_no_error(run: Run, tmp_path: Path) -> None:
    (tmp_path / "long.txt").write_text("word " * 600 + ".", encoding="utf-8")
    notice = f"{tmp_path / 'long.txt'}: 1 sentence is longer"
    assert notice in run("add", str(tmp_path / "long.txt")).stderr.replace("\n", " ")
    (tmp_path / "long.txt").write_text("other " * 600 + ".", encoding="utf-8")
    assert not run("add", str(tmp_path / "long.txt"), "--quiet").stderr


def test_serve_answers_until_it_is_stopped(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "assistant", "serve", "--port", "0", "--library", str(tmp_path)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=os.environ | {"NO_COLOR": "1"}) as process:
        assert process.stderr is not None
        url = next(found[0] for line in process.stderr if (found := re.search(r"http://127\.0\.0\.1:\d+", line)))
        added = httpx.post(f"{url}/articles", json={"text": "The tower is 96 metres high."}, timeout=60)
        passage = httpx.post(f"{url}/search", json={"query": "tower"}, timeout=60).json()["passages"][0]
        process.send_signal(signal.SIGINT)
        process.stderr.read()
    assert added.status_code == 201
    assert passage["link"].startswith(f"{url}/read/")


def test_serve_finishes_current_requests_when_it_is_stopped(tmp_path: Path) -> None:
    """It is stopped while it computes: the response still arrives, and the process exits with 0."""
    command = [sys.executable, "-m", "assistant", "serve", "--port", "0", "--library", str(tmp_path)]
    text = " ".join(f"Sentence number {number} of a long article is here." for number in range(50))
    body = json.dumps({"text": text}).encode()
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=os.environ | {"NO_COLOR": "1"}) as process:
        assert process.stderr is not None
        url = next(found[0] for line in process.stderr if (found := re.search(r"http://127\.0\.0\.1:\d+", line)))
        httpx.get(f"{url}/articles", timeout=60)

        def interrupted() -> Iterator[bytes]:
            """The server has received all of the request but its last byte when it is stopped."""
            yield body[:-1]
            process.send_signal(signal.SIGTERM)
            stopping = (line for line in process.stderr or () if "Shutting down" in line)
            assert next(stopping)
            yield body[-1:]

        headers = {"Content-Type": "application/json", "Content-Length": str(len(body))}
        reply = httpx.post(f"{url}/articles", content=interrupted(), headers=headers, timeout=60)
        process.stderr.read()
    assert reply.status_code == 201
    assert process.returncode == 0
    with Assistant.open(tmp_path) as assistant:
        assert assistant.get(reply.json()["article"]["id"]).text == text


def test_without_keys_serve_listens_only_on_loopback(run: Run) -> None:
    result = run("serve", "--host", "0.0.0.0", "--port", "0")
    assert result.exit_code == 2
    assert "assistant key" in result.stderr
    assert "0.0.0.0" in result.stderr


def test_a_key_is_printed_once_with_its_entry() -> None:
    result = CliRunner().invoke(app, ["key", "laptop"])
    assert result.exit_code == 0
    (key,) = re.findall(r"aak_\S+", result.stderr)
    assert key not in result.stdout
    assert ApiKeys.from_settings(Settings(api_keys=result.stdout)).name_of(key) == "laptop"
    assert CliRunner().invoke(app, ["key", "two words"]).exit_code == 2


def test_replies_on_a_kept_connection_are_sent_at_once() -> None:
    with listening() as listener, socket.create_connection(listener.getsockname()), listener.accept()[0] as accepted:
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_serve_says_when_the_address_is_taken(server: Server, run: Run, settings: Settings) -> None:
    result = run("serve", "--port", str(settings.port))
    assert result.exit_code == 1
    assert "--port" in result.stderr


def test_standard_input_is_one_article(run: Run) -> None:
    added = run("add", "-", "--json", stdin="A bridge\n\nThe bridge cost 40 million euros.")
    assert added.exit_code == 0, added.output
    body = json.loads(added.stdout)
    assert (body["article"]["title"], body["outcome"]) == ("A bridge", "added")
    assert "file_name" not in body["article"]["metadata"]
    assert run("add", "-", stdin="").exit_code == 1


def test_each_record_of_a_table_is_an_article(run: Run, tmp_path: Path) -> None:
    table = tmp_path / "articles.csv"
    table.write_text("story,by\nThe bridge cost 40 million euros.,Ada Beam\nIt was closed.,\n", "utf-8")
    added = run("add", table, "--field", "text=story", "--field", "authors=by")
    assert "2 added" in added.stdout
    assert "40 million" in run("search", "bridge", "--author", "Ada Beam").stdout
    for wrong in ("text", "=story", "story=text"):
        assert run("add", table, "--field", wrong).exit_code == 2


def test_sync_prints_what_becomes_of_each_article_and_a_dry_run_stores_nothing(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "pier.txt").write_text("The pier was rebuilt.")
    (folder / "choir.txt").write_text("The choir sang.")
    assert "dry run" in run("sync", folder, "--dry-run").stdout
    assert run("list").stdout == ""
    assert run("sync", folder, "--exclude", "ch*").stdout.splitlines()[-1] == "1 added"
    (folder / "pier.txt").unlink()
    printed = run("sync", folder)
    assert printed.exit_code == 0
    assert printed.stdout.splitlines()[-1] == "1 added, 1 removed"
    report = json.loads(run("sync", folder, "--json").stdout)
    assert (report["unchanged"], report["added"], report["outcomes"]) == (1, 0, [])


def test_sync_of_what_is_not_there_fails_and_removes_nothing(run: Run, tmp_path: Path) -> None:
    result = run("sync", tmp_path / "nowhere")
    assert result.exit_code == 1
    assert "nothing was changed" in result.stderr


def test_sync_empties_the_library_for_an_empty_folder_only_if_told(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "pier.txt").write_text("The pier was rebuilt.")
    run("sync", folder)
    (folder / "pier.txt").unlink()
    refused = run("sync", folder)
    assert (refused.exit_code, "--allow-empty" in refused.stderr) == (1, True)
    assert len(run("list").stdout.splitlines()) == 1
    assert run("sync", folder, "--allow-empty").stdout.splitlines()[-1] == "1 removed"


def test_sync_watches_a_folder_until_it_is_interrupted(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "pier.txt").write_text("The pier was rebuilt.")
    command = ["sync", str(folder), "--watch", "--every", "1", "--json", "--library", str(tmp_path / "library")]
    # Where tests run in the background SIGINT is ignored, which a process would inherit.
    heeding = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    program = f"{heeding}; from assistant.doors.cli import main; main()"
    with subprocess.Popen([sys.executable, "-c", program, *command], stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert json.loads(process.stdout.readline())["added"] == 1
        (folder / "choir.txt").write_text("The choir sang.")
        assert json.loads(process.stdout.readline())["added"] == 1
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 130


def test_a_library_is_exported_to_a_file_and_imported_from_it(run: Run, tmp_path: Path) -> None:
    run("add", SEED)
    exported = json.loads(run("export", tmp_path / "file", "--json").stdout)
    assert exported["bytes"] == (tmp_path / "file").stat().st_size
    assert run("export", tmp_path / "file").exit_code == 1, "no file is replaced"
    shutil.move(tmp_path / "library", tmp_path / "before")
    printed = run("import", tmp_path / "file")
    assert printed.stdout.startswith(f"Imported 1 articles with {exported['passages']} passages")
    assert "Kerry" in run("search", QUESTION).stdout
    assert json.loads(run("import", SEED, "--json").stdout)["error"]["code"] == "library_unreadable"


def test_articles_like_a_file_are_found_and_it_is_not_added(run: Run, tmp_path: Path) -> None:
    run("add", SEED)
    (tmp_path / "draft.md").write_text("# Kerry and Lavrov\n\nKerry spoke to Lavrov about Syria.", "utf-8")
    assert "Kerry" in run("like", tmp_path / "draft.md").stdout
    assert len(run("list").stdout.splitlines()) == 1
    assert run("like", "no such title").exit_code == 1
