"""The command line of the evaluation: ``assistant eval``, ``make eval`` and ``python -m evals``."""

import json
import shlex
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, TypeVar

import typer
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from assistant import Assistant
from assistant.settings import Settings
from embeddings.errors import ArticleAssistantError
from embeddings.text.article import Article
from evals import baseline, quality, report
from evals.baseline import Baseline, Judgement
from evals.context import Context
from evals.result import Run
from evals.runner import configuration, run
from evals.suggest import suggest
from evals.suites import OWN, SUITES
from evals.suites.suite import Suite

T = TypeVar("T")

_STYLE = {"passes": "green", "fails": "bold red", "no baseline": "dim"}


class EvalSettings(BaseSettings):
    """Settings of the evaluation from environment variables with the prefix ``ASSISTANT_EVAL_``."""

    model_config = SettingsConfigDict(env_prefix="ASSISTANT_EVAL_", frozen=True)

    data: Path | None = Field(None, description="Folder with the public data that does not ship; see evals/data.")
    workplace: Path = Field(
        Path("reports/libraries"), description="Where the evals keep the libraries that they make, to use them again."
    )


def evaluate(
    *,
    suite: Annotated[list[str] | None, typer.Option(help="Only this suite; may be given several times.")] = None,
    full: Annotated[bool, typer.Option("--full", help="Every question instead of fixed samples.")] = False,
    gate: Annotated[bool, typer.Option("--gate", help="Exit 1 when a figure is beyond its bound.")] = False,
    questions: Annotated[Path | None, typer.Option(help="Your own questions, JSON lines, over --library.")] = None,
    suggest_: Annotated[
        int | None, typer.Option("--suggest", min=1, help="Draft so many questions from the articles of --library.")
    ] = None,
    library: Annotated[Path | None, typer.Option(help="The library of --questions and --suggest.")] = None,
    report_: Annotated[Path, typer.Option("--report", help="Folder for report.html and report.json.")] = Path(
        "reports"
    ),
    json_: Annotated[bool, typer.Option("--json", help="Print the run as JSON.")] = False,
    update_baseline: Annotated[bool, typer.Option("--update-baseline", help="Accept these figures.")] = False,
    save: Annotated[
        Path | None, typer.Option(help="Keep the run as results that the documentation's figures are made from.")
    ] = None,
    write_docs: Annotated[
        bool, typer.Option("--write-docs", help="Only write the kept results into README.md and docs/quality.md.")
    ] = False,
) -> None:
    """Measure how well passages are found, whether every citation is true, and when nothing should have been said."""
    console = Console(stderr=json_ or suggest_ is not None)
    try:
        settings = Settings.read()
        library = library or settings.library
        if write_docs:
            quality.write()
        elif suggest_ is not None:
            _suggest(library, settings, suggest_)
        else:
            suites = (OWN,) if questions else _select_suites(suite)
            finished = _measure(console, suites, full=full, questions=questions, library=library, settings=settings)
            accepted = Baseline.read()
            judgements = baseline.judge(finished, accepted)
            required = suites if suite else [one for one in suites if one.ships]
            faults = baseline.faults(finished, judgements, frozenset(one.name for one in required))
            _show(console, finished, judgements, faults, report.write(finished, judgements, faults, report_))
            if update_baseline:
                accepted.accept(finished).write()
                console.print("These figures are the baseline of this configuration now.")
            if save:
                save.write_text(finished.without_texts().model_dump_json(indent=2) + "\n", encoding="utf-8")
            if json_:
                typer.echo(finished.model_dump_json(indent=2))
            if gate and faults:
                raise typer.Exit(1)
    except ArticleAssistantError as error:
        console.print(
            f"[red]{error.message}[/]\nexpected: {error.expected}\ngot: {error.got}\n{error.hint}", highlight=False
        )
        raise typer.Exit(1) from error


app = typer.Typer(add_completion=False)
app.command()(evaluate)


def _select_suites(names: Sequence[str] | None) -> tuple[Suite, ...]:
    known = {suite.name: suite for suite in SUITES}
    unknown = [name for name in names or () if name not in known]
    if unknown:
        raise typer.BadParameter(f"there is no suite {unknown[0]}; there are {', '.join(known)}")
    return tuple(known[name] for name in names) if names else SUITES


def _measure(
    console: Console,
    suites: Sequence[Suite],
    *,
    full: bool,
    questions: Path | None,
    library: Path,
    settings: Settings,
) -> Run:
    eval_settings = EvalSettings()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:

        def track(items: Iterable[T], label: str, total: int) -> Iterable[T]:
            task = progress.add_task(label, total=total)
            yield from progress.track(items, total=total, task_id=task)
            progress.remove_task(task)

        context = Context(
            open=lambda path: Assistant.open(path, settings=settings, create=path != library),
            open_forced=lambda path: Assistant.open(path, settings=settings.model_copy(update={"max_risk": 1.0})),
            cache_folder=eval_settings.workplace,
            data=eval_settings.data,
            full=full,
            questions=questions,
            library=library,
            configuration=configuration(settings),
            track=track,
        )
        return run(suites, context, command=shlex.join(["assistant", "eval", *_arguments()]))


def _show(console: Console, finished: Run, judgements: Sequence[Judgement], faults: Sequence[str], page: Path) -> None:
    console.print(_table(judgements))
    for result in finished.results:
        if result.status != "measured":
            console.print(f"[yellow]{result.suite}: {result.status}.[/] {result.notes[0]}", highlight=False)
    unknown = sum(judgement.verdict == "no baseline" for judgement in judgements)
    if unknown:
        console.print(f"{unknown} figures have no baseline for this configuration.", style="dim")
    for fault in faults:
        console.print(f"[bold red]gate:[/] {fault}", highlight=False)
    console.print(f"{finished.seconds:.0f} s. Report: {page}", highlight=False)


def _table(judgements: Sequence[Judgement]) -> Table:
    table = Table("figure", "value", "95 % interval", "n", "bound", "change", "gate", box=None, header_style="bold")
    for column in table.columns[1:6]:
        column.justify = "right"
    suite = ""
    for judgement in judgements:
        figure = judgement.figure
        if suite != judgement.suite:
            suite = judgement.suite
            table.add_row(f"[bold]{suite}[/]")
        interval = "" if figure.low is None or figure.high is None else f"{figure.low:.3f} – {figure.high:.3f}"
        table.add_row(
            "  " + report.readable(figure.name.removeprefix(f"{suite}.")),
            f"{figure.value:.3f}",
            interval,
            f"{figure.count:,}",
            "" if judgement.bound is None else f"{judgement.bound:.3f}",
            "" if judgement.change is None else f"{judgement.change:+.3f}",
            f"[{_STYLE[judgement.verdict]}]{judgement.verdict}[/]",
        )
    return table


def _suggest(library: Path, settings: Settings, limit: int) -> None:
    with Assistant.open(library, settings=settings, create=False) as assistant:
        articles: list[Article] = []
        page, cursor = assistant.articles(limit=100)
        articles += page
        while cursor:
            page, cursor = assistant.articles(limit=100, cursor=cursor)
            articles += page
    for suggestion in suggest(articles, limit):
        line = suggestion.question.model_dump(exclude_none=True, exclude_defaults=True)
        typer.echo(json.dumps(line, ensure_ascii=False))


def _arguments() -> list[str]:
    return sys.argv[2:] if sys.argv[1:2] == ["eval"] else sys.argv[1:]
