"""The facade of the project: adds articles, answers questions, searches and verifies. Every door goes through it."""

import hashlib
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Self

from assistant.answer import Answer, Citation, Passage, SearchReply, Sentence
from assistant.answer_cache import AnswerCache
from assistant.errors import SourceMissing
from assistant.grounding.location import location_fields
from assistant.grounding.verification import StoredCitation, Verification, verify
from assistant.request import AskRequest, Message, SearchRequest
from assistant.settings import Settings
from embeddings.encoder import load_encoder
from embeddings.filters import Filters
from embeddings.priority_lock import MODEL_LOCK
from embeddings.text.article import Article

if TYPE_CHECKING:  # faiss loads with the library, when one is opened
    from embeddings.library import Library
    from embeddings.outcome import Outcome
    from embeddings.retrieval.search import Hit
    from embeddings.storage.state import State

ANSWER_CACHE_SIZE = 256


class Assistant:
    """Answers questions about the articles of one library. Safe to use from several threads."""

    def __init__(self, library: "Library", settings: Settings) -> None:
        """Answer from a library that is open. To open one, use :meth:`open`."""
        from assistant.answering.calibration import load_calibration
        from assistant.answering.extractive import ExtractiveAnswerer
        from assistant.answering.generative import GenerativeAnswerer
        from assistant.conversation.rewriter import Rewriter
        from assistant.language_model import LanguageModel
        from assistant.reading.reader import packaged_reader
        from assistant.reading.reranker import Reranker
        from assistant.reading.weights import revision

        reader = packaged_reader() if settings.reader else None
        calibration, is_own = load_calibration(library.encoder.fingerprint, revision() if reader else None)
        self.library = library
        self.settings = settings
        model = LanguageModel.from_settings(settings)
        self._rewriter = Rewriter(model)
        self._reader = reader
        self._reranker = Reranker(reader, calibration.order)
        self._extractive = ExtractiveAnswerer(library.encoder, calibration, max_risk=settings.max_risk)
        self._generative = GenerativeAnswerer(model) if model else None
        self._notices = () if is_own else (_not_calibrated(library.encoder.fingerprint.model, calibration.encoder),)
        self._answer_cache = AnswerCache(ANSWER_CACHE_SIZE)

    @classmethod
    def open(cls, library: str | Path | None = None, *, settings: Settings | None = None, create: bool = True) -> Self:
        """Open the library in a folder, by default that of the settings.

        Args:
            library: the folder.
            settings: by default those of the environment.
            create: create the library if the folder has none.

        Raises:
            LibraryError: the folder cannot be used as a library.
            EncoderUnavailable: the model of the settings is not on this machine.
        """
        from embeddings.library import Library

        settings = settings or Settings()
        encoder = load_encoder(settings.encoder)
        return cls(Library.open(library or settings.library, encoder, create=create), settings)

    def load(self) -> None:
        """Load the models, which otherwise load with the first question.

        Raises:
            ReaderUnavailable: the reader's weights do not load.
        """
        from assistant.reading.reader import TitledPassage

        self.library.encoder.encode(["ready"], "query")
        if self._reader is not None:
            self._reader.read("ready", [TitledPassage("", "ready")])

    def close(self) -> None:
        """Save the indexes and close the library."""
        self.library.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def add(self, *paths: str | Path, follow_links: bool = False) -> "list[Outcome]":
        """Add files and the files of folders. Return one outcome for each article, with the reason if it was skipped.

        Links out of a folder and to folders are skipped unless ``follow_links``.

        Raises:
            SourceMissing: one of the paths does not exist; nothing was added.
            LibraryBusy: another process is writing.
        """
        return list(self.add_each(*paths, follow_links=follow_links))

    def add_each(self, *paths: str | Path, follow_links: bool = False) -> "Iterator[Outcome]":
        """Add articles like :meth:`add`, and yield each outcome once its article is stored."""
        from assistant.sources.ingestion import ingest

        for path in paths:
            if not Path(path).exists():
                raise SourceMissing(
                    f"There is nothing at {str(path)!r}.",
                    expected="a file or a folder",
                    got="a path to nothing",
                    hint="Check the path for a mistake; nothing was added.",
                )
        yield from ingest(
            self.library,
            paths,
            max_bytes=self.settings.max_article_bytes,
            seconds=self.settings.reading_seconds,
            follow_links=follow_links,
        )

    def add_article(self, article: Article) -> "Outcome":
        """Add one article that is already parsed."""
        (outcome,) = self.library.add([article])
        return outcome

    def get(self, article_id: str) -> Article:
        """Return the article with this id.

        Raises:
            ArticleNotFound: the library has no such article.
        """
        return self.library.get(article_id)

    def articles(self, limit: int = 50, cursor: str | None = None) -> tuple[list[Article], str | None]:
        """Return a page of articles in the order in which they were added, and the cursor of the next page."""
        return self.library.articles(limit, cursor)

    def remove(self, *article_ids: str) -> None:
        """Remove articles, all of them or none. Nothing of them stays in the library's files.

        Raises:
            ArticleNotFound: the library does not have all of them; none was removed.
        """
        self.library.remove(*article_ids)

    def search(self, query: str, *, top_k: int = 8, filters: Filters | None = None) -> list[Passage]:
        """Return the passages that match a query best, best first; each is its own citation.

        Raises:
            InvalidInput: a value is out of its bounds.
        """
        return list(self.run_search(SearchRequest.read(query=query, top_k=top_k, filters=filters)).passages)

    def run_search(self, request: SearchRequest) -> SearchReply:
        """Answer a validated search request, with an explanation if it asks for one."""
        from assistant.answering.explanation import explain_search

        hits = self.library.search(request.query, request.top_k, request.filters)
        explain = explain_search(request.query, hits, request.filters) if request.explain else None
        return SearchReply(query=request.query, passages=tuple(self._passages(hits)), explain=explain)

    def verify(
        self, citations: Iterable[StoredCitation], cancelled: Callable[[], bool] = lambda: False
    ) -> list[Verification]:
        """Return the state of stored citations, in their order: fresh, moved, changed or deleted.

        Args:
            citations: the citations to check.
            cancelled: true once the caller no longer waits; the result then has fewer items.
        """
        return verify(tuple(citations), self.library.get, cancelled)

    def ask(
        self,
        question: str,
        *,
        top_k: int = 8,
        filters: Filters | None = None,
        history: Sequence[Message] | None = None,
        mode: str = "auto",
        explain: bool = False,
    ) -> Answer:
        """Return an answer in which every sentence has a checked citation, or an abstention with its reason.

        Raises:
            InvalidInput: a value is out of its bounds.
        """
        turns = tuple(history) if history else None
        return self.answer(
            AskRequest.read(question=question, top_k=top_k, filters=filters, history=turns, mode=mode, explain=explain)
        )

    def answer(self, request: AskRequest, cancelled: Callable[[], bool] = lambda: False) -> Answer:
        """Answer a validated request.

        Raises:
            CancelledError: ``cancelled`` became true.
        """
        for part in self.stream_answer(request, cancelled):
            if isinstance(part, Answer):
                return part
        raise CancelledError

    def stream_answer(
        self, request: AskRequest, cancelled: Callable[[], bool] = lambda: False
    ) -> Iterator[Citation | Sentence | Answer]:
        """Yield each sentence once it is checked, after its citations, and the whole answer last.

        Args:
            request: a validated request.
            cancelled: true once the caller no longer waits; the iterator then ends without an answer.
        """
        started = time.perf_counter()
        request = request.model_copy(update={"stream": False})  # a stream and a whole answer share a cache entry
        state = self.library.state
        if answer := self._answer_cache.get((state, request)):
            yield from answer.parts()
        else:
            answer = yield from self._compute_answer(state, request, cancelled)
        if answer:
            yield answer.model_copy(update={"timings_ms": answer.timings_ms | {"total": _milliseconds_since(started)}})

    def _compute_answer(
        self, state: "State", request: AskRequest, cancelled: Callable[[], bool]
    ) -> Generator[Citation | Sentence, None, Answer | None]:
        """Yield the parts of an answer and return the whole; None if the request was cancelled."""
        from assistant.answering.explanation import explain_answer
        from assistant.grounding.gate import Gate
        from assistant.reading.reranker import DEPTH

        timings: dict[str, float] = {}
        settled = self.library.is_current(state)
        with _timed("rewrite", timings):
            rewrite = self._rewriter.rewrite(request.question, request.history or (), cancelled)
        if cancelled():
            return None
        with MODEL_LOCK.foreground():  # an import waits meanwhile
            with _timed("search", timings):
                hits = self.library.search(rewrite.question, max(request.top_k, DEPTH), request.filters)
            with _timed("read", timings):
                hits = self._reranker.rerank(rewrite.question, hits, request.top_k)
            with _timed("answer", timings):
                draft = self._extractive.answer(rewrite.question, hits)
        gate = Gate(self.library, self.settings.public_url)
        # If the extractive answerer abstains, the language model is not asked, so that it cannot answer anyway.
        if draft.sentences and self._generative and request.mode != "extractive":
            with _timed("write", timings):
                draft = yield from self._generative.answer(rewrite.question, hits, draft, gate, cancelled)
        if cancelled():
            return None
        with _timed("prove", timings):
            for sentence in draft.sentences:
                yield from gate.admit(sentence)
        with _timed("link", timings):
            passages = tuple(self._passages(hits))
        is_answered = bool(gate.text)
        is_library_empty = not hits and not self.library.size()["articles"]
        key = f"{self.library.identity} {state.generation} {request.model_dump_json(exclude={'explain', 'stream'})}"
        answer = Answer(
            id=hashlib.sha256(key.encode()).hexdigest()[:16],
            question=request.question,
            standalone_question=rewrite.question,
            mode=draft.mode,
            answer=gate.text if is_answered else None,
            short_answer=draft.short_answer if draft.short_answer and draft.short_answer in gate.text else None,
            abstained=not is_answered,
            reason=None if is_answered else "library_empty" if is_library_empty else draft.reason or "not_grounded",
            confidence=draft.confidence,
            dropped_sentences=len(gate.dropped),
            notices=(*self._notices, *self._mode_notices(request), *rewrite.notices, *draft.notices),
            sentences=gate.sentences,
            citations=gate.citations,
            passages=passages,
            timings_ms=timings,
            explain=explain_answer(rewrite, hits, request.filters, draft, gate.dropped) if request.explain else None,
        )
        # Indexes only move forward: if they are at this state before and after, they were at it all the time.
        if draft.cacheable and settled and self.library.is_current(state):
            self._answer_cache.put((state, request), answer)
        return answer

    def _mode_notices(self, request: AskRequest) -> Iterator[str]:
        """Yield a notice if the mode that was asked for is not available."""
        if request.mode == "generative" and not self._generative:
            yield "No language model is configured: the answer is made of the articles' own sentences."

    def _passages(self, hits: "Sequence[Hit]") -> list[Passage]:
        return [
            Passage(
                **location_fields(hit.excerpt, self.settings.public_url, self.library.get),
                text=hit.text,
                score=round(hit.score, 5),
                ranks=hit.ranks,
            )
            for hit in hits
        ]


def _not_calibrated(encoder: str, substitute: str) -> str:
    return f"There is no calibration for {encoder}: confidence and threshold are those of {substitute}."


@contextmanager
def _timed(name: str, timings: dict[str, float]) -> Iterator[None]:
    started = time.perf_counter()
    yield
    timings[name] = _milliseconds_since(started)


def _milliseconds_since(started: float) -> float:
    return round(1000 * (time.perf_counter() - started), 3)
