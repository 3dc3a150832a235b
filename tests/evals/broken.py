"""Assistants that are broken on purpose, each in one way, for which the gate must fail. Run this file to see it."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar

from assistant import Assistant
from assistant.answer import Answer, Citation, Passage
from assistant.grounding.location import location_fields
from assistant.request import Message
from assistant.settings import Settings
from embeddings.encoder import Encoder
from embeddings.filters import Filters
from embeddings.outcome import Outcome
from embeddings.retrieval.search import Hit
from embeddings.text.article import Article, Span
from evals.baseline import Baseline, faults, judge
from evals.context import Context, MeasuredAssistant, MeasuredLibrary, Stage
from evals.runner import configuration, run
from evals.suites import followups
from evals.suites.exact import ExactSuite
from evals.suites.seed import SeedSuite
from evals.suites.suite import Suite


class Wrapper:
    """An assistant that delegates to another one."""

    def __init__(self, inner: MeasuredAssistant) -> None:
        self.inner = inner

    @property
    def library(self) -> MeasuredLibrary:
        return self.inner.library

    def add(self, *paths: str | Path) -> list[Outcome]:
        return self.inner.add(*paths)

    def ask(
        self,
        question: str,
        *,
        top_k: int = 8,
        filters: Filters | None = None,
        history: Sequence[Message] | None = None,
    ) -> Answer:
        return self.inner.ask(question, top_k=top_k, filters=filters, history=history)

    def search(self, query: str, *, top_k: int = 8, filters: Filters | None = None) -> list[Passage]:
        return self.inner.search(query, top_k=top_k, filters=filters)

    def get(self, article_id: str) -> Article:
        return self.inner.get(article_id)

    def close(self) -> None:
        self.inner.close()


class ShiftsEverySpan(Wrapper):
    """Every citation begins and ends one character late; offsets, quote, sentence and link are consistent."""

    def ask(
        self,
        question: str,
        *,
        top_k: int = 8,
        filters: Filters | None = None,
        history: Sequence[Message] | None = None,
    ) -> Answer:
        answer = super().ask(question, top_k=top_k, filters=filters, history=history)
        shifted = {citation.id: self._shift(citation) for citation in answer.citations}
        said, end = [], -1
        for sentence in answer.sentences:
            text, start = shifted[sentence.citations[0]].quote, end + 1
            end = start + len(text)
            said.append(sentence.model_copy(update={"text": text, "start": start, "end": end}))
        whole = " ".join(sentence.text for sentence in said) if said else None
        citations = tuple(shifted.values())
        return answer.model_copy(update={"answer": whole, "sentences": tuple(said), "citations": citations})

    def _shift(self, citation: Citation) -> Citation:
        article = self.get(citation.article_id)
        last = len(article.text)
        span = Span(start=min(citation.start + 1, last - 1), end=min(citation.end + 1, last))
        fields = location_fields(article.excerpt(span), citation.link.partition("/read/")[0], self.get) | {
            "id": citation.id
        }
        return Citation(**fields, quote=span.cut(article.text), verdict="verbatim", score=1.0)


class HasNoWords(Wrapper):
    """Every search ranks by vectors alone, without BM25."""

    @property
    def library(self) -> MeasuredLibrary:
        return VectorsOnly(self.inner.library)

    def search(self, query: str, *, top_k: int = 8, filters: Filters | None = None) -> list[Passage]:
        return [
            Passage(
                **location_fields(hit.excerpt, "http://127.0.0.1:8000", self.get),
                text=hit.text,
                score=hit.score,
                ranks=hit.ranks,
            )
            for hit in self.library.search(query, top_k, filters)
        ]


class VectorsOnly:
    def __init__(self, inner: MeasuredLibrary) -> None:
        self.inner = inner

    @property
    def encoder(self) -> Encoder:
        return self.inner.encoder

    def add(self, articles: Iterable[Article]) -> Iterator[Outcome]:
        return self.inner.add(articles)

    def search(self, query: str, top_k: int = 8, filters: Filters | None = None, by: Stage = "fused") -> list[Hit]:
        return self.inner.search(query, top_k, filters, by="dense")


class NeverAnswers(Wrapper):
    """It always abstains."""

    def ask(
        self,
        question: str,
        *,
        top_k: int = 8,
        filters: Filters | None = None,
        history: Sequence[Message] | None = None,
    ) -> Answer:
        nothing = {"answer": None, "abstained": True, "reason": "no_relevant_passage", "sentences": (), "citations": ()}
        return super().ask(question, top_k=top_k, filters=filters, history=history).model_copy(update=nothing)


class ForgetsTheConversation(Wrapper):
    """It ignores the history."""

    def ask(
        self,
        question: str,
        *,
        top_k: int = 8,
        filters: Filters | None = None,
        history: Sequence[Message] | None = None,
    ) -> Answer:
        return super().ask(question, top_k=top_k, filters=filters)


class Remembers(Wrapper):
    """Answers are cached for the same articles and settings, across the builds."""

    _answers: ClassVar[dict[tuple[object, ...], Answer]] = {}

    def __init__(self, inner: Assistant) -> None:
        super().__init__(inner)
        self._articles = inner.articles
        self._settings = inner.settings

    def ask(
        self,
        question: str,
        *,
        top_k: int = 8,
        filters: Filters | None = None,
        history: Sequence[Message] | None = None,
    ) -> Answer:
        articles = tuple((article.id, article.revision) for article in self._articles(limit=100)[0])
        key = (articles, self._settings.model_dump_json(), question, top_k, filters, tuple(map(str, history or ())))
        if key not in self._answers:
            self._answers[key] = super().ask(question, top_k=top_k, filters=filters, history=history)
        return self._answers[key]


class QuotesTheHeader(Wrapper):
    """The seed file is added with its header."""

    def add(self, *paths: str | Path) -> list[Outcome]:
        articles = [Article.create(Path(path).read_text(encoding="utf-8"), title="Seed", path=path) for path in paths]
        return list(self.library.add(articles))


SETTINGS = Settings()
BOLD = SETTINGS.model_copy(update={"max_risk": 1.0})


def healthy(path: Path) -> MeasuredAssistant:
    return Remembers(Assistant.open(path, settings=SETTINGS))


def always_answers(path: Path) -> MeasuredAssistant:
    """It accepts any risk."""
    return Remembers(Assistant.open(path, settings=BOLD))


def quotes_the_header(path: Path) -> MeasuredAssistant:
    """Return an assistant without the reader, which takes most of the time and does not affect quotes."""
    return QuotesTheHeader(Assistant.open(path, settings=SETTINGS.model_copy(update={"reader": "off"})))


BUILDS: dict[str, tuple[Suite, Callable[[Path], MeasuredAssistant], str]] = {
    "every span shifted by one": (SeedSuite(), lambda path: ShiftsEverySpan(healthy(path)), "seed.citations_exact"),
    "no BM25": (ExactSuite(), lambda path: HasNoWords(healthy(path)), "exact.first"),
    "always answers": (SeedSuite(), always_answers, "seed.abstained_rightly"),
    "never answers": (SeedSuite(), lambda path: NeverAnswers(healthy(path)), "seed.answered_rightly"),
    "forgets the conversation": (
        followups.ShippedFollowUpsSuite(),
        lambda path: ForgetsTheConversation(healthy(path)),
        "followups.filled_in.first",
    ),
    "quotes the header": (SeedSuite(), quotes_the_header, "seed.header_never_quoted"),
}


def gate(
    suite: Suite,
    build: Callable[[Path], MeasuredAssistant],
    workplace: Path,
    bold: Callable[[Path], MeasuredAssistant] = always_answers,
) -> list[str]:
    """Return the faults that the gate finds in a build."""
    context = Context(open=build, open_forced=bold, cache_folder=workplace, configuration=configuration(SETTINGS))
    finished = run([suite], context, command="assistant eval --gate")
    return faults(finished, judge(finished, Baseline.read()), frozenset({suite.name}))


def show() -> None:
    for name, (suite, build, _) in BUILDS.items():
        with TemporaryDirectory() as folder:
            said = gate(suite, build, Path(folder))
        sys.stdout.write(f"{name}: {'RED' if said else 'green'}\n" + "".join(f"  {line}\n" for line in said))


if __name__ == "__main__":
    show()
