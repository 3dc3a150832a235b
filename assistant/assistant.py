"""The one face of the project: add articles, ask, search. Every door goes through it."""

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

REMEMBERED = 256  # answers; the same question on the same generation is not computed again


class Assistant:
    """Answers questions about the articles of one library. Safe to use from several threads."""

    def __init__(self, library: "Library", settings: Settings) -> None:
        """See :meth:`open`."""
        from assistant.answering.calibration import calibration_for
        from assistant.answering.extractive import Extractive
        from assistant.answering.generative import Generative
        from assistant.conversation.rewriter import Rewriter
        from assistant.language_model import LanguageModel
        from assistant.reading.reader import packaged_reader
        from assistant.reading.reranker import Reranker
        from assistant.reading.weights import revision

        reader = packaged_reader() if settings.reader else None
        calibration, own = calibration_for(library.encoder.fingerprint, revision() if reader else None)
        self.library = library
        self.settings = settings
        model = LanguageModel.configured(settings)
        self._rewriter = Rewriter(model)
        self._reader = reader
        self._ranking = Reranker(reader, calibration.order)
        self._extractive = Extractive(library.encoder, calibration, max_risk=settings.max_risk)
        self._generative = Generative(model) if model else None
        self._notices = () if own else (_not_calibrated(library.encoder.fingerprint.model, calibration.encoder),)
        self._remembered = AnswerCache(REMEMBERED)

    @classmethod
    def open(cls, library: str | Path | None = None, *, settings: Settings | None = None, create: bool = True) -> Self:
        """Open the library in a folder, by default that of the settings; ``create`` it when it is not there.

        Raises:
            LibraryError: the folder cannot be used as a library.
            EncoderUnavailable: the model of the settings is not on this machine.
        """
        from embeddings.library import Library

        settings = settings or Settings()
        encoder = load_encoder(settings.encoder)
        return cls(Library.open(library or settings.library, encoder, create=create), settings)

    def load(self) -> None:
        """Load the models, which otherwise load at the first question.

        Raises:
            ReaderUnavailable: the reader's weights do not load.
        """
        from assistant.reading.reader import Text

        self.library.encoder.encode(["ready"], "query")
        if self._reader is not None:
            self._reader.read("ready", [Text("", "ready")])

    def close(self) -> None:
        """Save the indexes and close the library."""
        self.library.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def add(self, *paths: str | Path, follow_links: bool = False) -> "list[Outcome]":
        """Add files, and the files of folders: one outcome an article, ``skipped`` with its reason where it was not.

        Links out of a folder and to folders are skipped unless ``follow_links``.

        Raises:
            SourceMissing: there is nothing at one of the paths; none was added.
            LibraryBusy: another process is writing.
        """
        return list(self.adding(*paths, follow_links=follow_links))

    def adding(self, *paths: str | Path, follow_links: bool = False) -> "Iterator[Outcome]":
        """The same, one outcome at a time, each after its article was stored for good."""
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
        """Add one article that was read already."""
        (outcome,) = self.library.add([article])
        return outcome

    def get(self, article_id: str) -> Article:
        """The article with this id.

        Raises:
            ArticleNotFound: there is none.
        """
        return self.library.get(article_id)

    def articles(self, limit: int = 50, cursor: str | None = None) -> tuple[list[Article], str | None]:
        """A page of articles in the order in which they came, and the cursor of the next page."""
        return self.library.articles(limit, cursor)

    def remove(self, *article_ids: str) -> None:
        """Take articles out, all of them or, if one is not there, none. Nothing of them is left in the library's files.

        Raises:
            ArticleNotFound: there is none with one of these ids.
        """
        self.library.remove(*article_ids)

    def search(self, query: str, *, top_k: int = 8, filters: Filters | None = None) -> list[Passage]:
        """The passages that fit the query best, best first; each is its own citation.

        Raises:
            InvalidInput: a value is out of its bounds.
        """
        return list(self.find(SearchRequest.read(query=query, top_k=top_k, filters=filters)).passages)

    def find(self, request: SearchRequest) -> SearchReply:
        """The same, of a request that was checked; with the reasons where it asks for them."""
        from assistant.answering.explanation import explain_search

        hits = self.library.search(request.query, request.top_k, request.filters)
        explain = explain_search(request.query, hits, request.filters) if request.explain else None
        return SearchReply(query=request.query, passages=tuple(self._passages(hits)), explain=explain)

    def verify(
        self, citations: Iterable[StoredCitation], left: Callable[[], bool] = lambda: False
    ) -> list[Verification]:
        """What became of stored citations, in their order: fresh, moved, changed or deleted.

        Soon after ``left`` says that nobody waits any longer the work ends, with fewer.
        """
        return verify(tuple(citations), self.library.get, left)

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
        """An answer in which every sentence is cited and proved, or an abstention with its reason.

        Raises:
            InvalidInput: a value is out of its bounds.
        """
        turns = tuple(history) if history else None
        return self.answer(
            AskRequest.read(question=question, top_k=top_k, filters=filters, history=turns, mode=mode, explain=explain)
        )

    def answer(self, request: AskRequest, left: Callable[[], bool] = lambda: False) -> Answer:
        """The same, of a request that was checked.

        Raises:
            CancelledError: ``left`` said that nobody waits any longer.
        """
        for part in self.answering(request, left):
            if isinstance(part, Answer):
                return part
        raise CancelledError

    def answering(
        self, request: AskRequest, left: Callable[[], bool] = lambda: False
    ) -> Iterator[Citation | Sentence | Answer]:
        """The answer as it comes: each sentence when it was proved, after its citations; the whole answer last.

        Soon after ``left`` says that nobody waits any longer the work ends, without an answer.
        """
        started = time.perf_counter()
        asked = request.model_copy(update={"stream": False})
        state = self.library.state
        if answer := self._remembered.get((state, asked)):
            yield from answer.parts()
        else:
            answer = yield from self._answering(state, asked, left)
        if answer:
            yield answer.model_copy(update={"timings_ms": answer.timings_ms | {"total": _since(started)}})

    def _answering(
        self, state: "State", request: AskRequest, left: Callable[[], bool]
    ) -> Generator[Citation | Sentence, None, Answer | None]:
        from assistant.answering.explanation import explain_answer
        from assistant.grounding.gate import Gate
        from assistant.reading.reranker import DEPTH

        timings: dict[str, float] = {}
        settled = self.library.is_current(state)
        with _timed("rewrite", timings):
            standalone = self._rewriter.rewrite(request.question, request.history or (), left)
        if left():
            return None
        with MODEL_LOCK.foreground():  # an import waits while somebody does
            with _timed("search", timings):
                hits = self.library.search(standalone.question, max(request.top_k, DEPTH), request.filters)
            with _timed("read", timings):
                hits = self._ranking.rank(standalone.question, hits, request.top_k)
            with _timed("answer", timings):
                draft = self._extractive.answer(standalone.question, hits)
        proof = Gate(self.library, self.settings.links_start_with)
        # The gate comes first: the model is not asked what the passages do not answer.
        if draft.sentences and self._generative and request.mode != "extractive":
            with _timed("write", timings):
                draft = yield from self._generative.answer(standalone.question, hits, draft, proof, left)
        if left():
            return None
        with _timed("prove", timings):
            for sentence in draft.sentences:
                yield from proof.admit(sentence)
        with _timed("link", timings):
            passages = tuple(self._passages(hits))
        answered = bool(proof.text)
        empty = not hits and not self.library.size()["articles"]
        key = f"{self.library.identity} {state.generation} {request.model_dump_json(exclude={'explain', 'stream'})}"
        answer = Answer(
            id=hashlib.sha256(key.encode()).hexdigest()[:16],
            question=request.question,
            standalone_question=standalone.question,
            mode=draft.mode,
            answer=proof.text if answered else None,
            short_answer=draft.short_answer if draft.short_answer and draft.short_answer in proof.text else None,
            abstained=not answered,
            reason=None if answered else "library_empty" if empty else draft.reason or "not_grounded",
            confidence=draft.confidence,
            dropped_sentences=len(proof.dropped),
            notices=(*self._notices, *self._unheeded(request), *standalone.notices, *draft.notices),
            sentences=proof.sentences,
            citations=proof.citations,
            passages=passages,
            timings_ms=timings,
            explain=explain_answer(standalone, hits, request.filters, draft, proof.dropped)
            if request.explain
            else None,
        )
        # Indexes only ever go forward: they held this state, and no other, from first to last.
        if draft.lasting and settled and self.library.is_current(state):
            self._remembered.keep((state, request), answer)
        return answer

    def _unheeded(self, request: AskRequest) -> Iterator[str]:
        """What was asked for and cannot be done; an answer never hides that."""
        if request.mode == "generative" and not self._generative:
            yield "No language model is configured: the answer is made of the articles' own sentences."

    def _passages(self, hits: "Sequence[Hit]") -> list[Passage]:
        return [
            Passage(
                **location_fields(hit.excerpt, self.settings.links_start_with, self.library.get),
                text=hit.text,
                score=round(hit.score, 5),
                ranks=hit.ranks,
            )
            for hit in hits
        ]


def _not_calibrated(encoder: str, stand_in: str) -> str:
    return f"There is no calibration for {encoder}: confidence and threshold are those of {stand_in}."


@contextmanager
def _timed(name: str, timings: dict[str, float]) -> Iterator[None]:
    started = time.perf_counter()
    yield
    timings[name] = _since(started)


def _since(started: float) -> float:
    return round(1000 * (time.perf_counter() - started), 3)
