"""The answer pipeline: makes a question stand alone, has an answer drafted, and checks each of its sentences."""

import hashlib
import time
from collections.abc import Callable, Generator, Iterator
from datetime import date

from assistant.answer import Answer, Citation, Reason, Sentence
from assistant.answer_cache import AnswerCache
from assistant.answering.calibration import load_calibration
from assistant.answering.drafted_question import DraftedQuestion
from assistant.answering.drafting import Drafter
from assistant.answering.explanation import explain_answer
from assistant.answering.generative import GenerativeAnswerer
from assistant.answering.publication_days import find_publication_days
from assistant.answering.stages import Stage, StageTimings, milliseconds_since
from assistant.conversation.rewriter import Rewriter
from assistant.conversation.rules import Rewrite
from assistant.draft_answer import DraftAnswer, Quote
from assistant.grounding.entailment import Checker
from assistant.grounding.gate import Gate, cite
from assistant.grounding.location import locate_passage
from assistant.language_model import LanguageModel
from assistant.reading.cached_pairs import TitledPassage
from assistant.reading.reader import Readers
from assistant.request import AskRequest
from assistant.settings import Settings
from embeddings.filters import Filters
from embeddings.library import Library
from embeddings.priority_lock import MODEL_LOCK
from embeddings.storage.state import State

ANSWER_CACHE_SIZE = 256


class AnswerPipeline:
    """Answers requests about the articles of one library. Safe to share between threads."""

    def __init__(self, library: Library, settings: Settings) -> None:
        self._library = library
        self._settings = settings
        self.readers = Readers.choose(settings.reader)
        self.checker = Checker.choose(settings.reader)
        encoder = library.encoder.fingerprint
        calibration, is_own = load_calibration(encoder, self.readers.revision)
        model = LanguageModel.from_settings(settings)
        self._rewriter = Rewriter(model)
        self._drafter = Drafter(library, self.readers, self.checker, calibration, settings.max_risk)
        self._generative = GenerativeAnswerer(model) if model else None
        self._notices = () if is_own else (_not_calibrated(encoder.model, calibration.encoder),)
        self._cache = AnswerCache(ANSWER_CACHE_SIZE)

    def load(self) -> None:
        """Load the models, which otherwise load with the first question to the articles.

        Raises:
            ReaderUnavailable: the weights of a reader or of the checker do not load.
        """
        self._library.encoder.encode(["ready"], "query")
        for reader in self.readers.all:
            reader.read("ready", [TitledPassage("", "ready")])
        self.checker.read("ready", ["ready"])

    def stream(
        self,
        request: AskRequest,
        cancelled: Callable[[], bool],
        notices: tuple[str, ...] = (),
        on_stage: Callable[[Stage], None] = lambda _: None,
    ) -> Iterator[Citation | Sentence | Answer]:
        """Yield each sentence once it is checked, after its citations, and the whole answer last.

        Args:
            request: a validated request.
            cancelled: true once the caller no longer waits; the iterator then ends without an answer.
            notices: what the caller says of the request, before the answer's own notices.
            on_stage: is called when a stage of the work begins; a question of several parts goes through some again.
        """
        started = time.perf_counter()
        question, request = request.question, request.model_copy(update={"stream": False})  # streams share the cache
        request, days = self._on_days_asked_for(request)
        state = self._library.state
        if answer := self._cache.get((state, request)):
            yield from answer.parts()
        else:
            answer = yield from self._answer(state, request, cancelled, on_stage)
        if answer:
            timings = answer.timings_ms | {"total": milliseconds_since(started)}
            notices = (*notices, *days, *answer.notices)
            yield answer.model_copy(update={"question": question, "timings_ms": timings, "notices": notices})

    def _answer(
        self, state: State, request: AskRequest, cancelled: Callable[[], bool], on_stage: Callable[[Stage], None]
    ) -> Generator[Citation | Sentence, None, Answer | None]:
        """Yield the parts of an answer and return the whole; None if the request was cancelled."""
        timings = StageTimings(on_stage)
        was_current = self._library.is_current(state)
        with timings.timed("rewrite"):
            standalone = self._rewriter.rewrite(request.question, request.history or (), cancelled)
        if cancelled():
            return None
        with MODEL_LOCK.foreground():  # an import waits meanwhile
            standalone, (asked, hits, draft) = self._draft(request, standalone, timings)
        gate = Gate(self._library, self._settings.public_url, self.checker)
        # If the extractive answerer abstains, the language model is not asked, so that it cannot answer anyway.
        if draft.sentences and draft.mode == "extractive" and self._generative and request.mode != "extractive":
            with timings.timed("write"):
                draft = yield from self._generative.answer(asked, hits, draft, gate, cancelled)
        if cancelled():
            return None
        with timings.timed("check"):
            for sentence in draft.sentences:
                yield from gate.admit(sentence)
        with timings.timed("link"):
            passages = tuple(locate_passage(hit, self._settings.public_url, self._library.get) for hit in hits)
        text = draft.text or gate.text
        against = None if text or not draft.against else self._cite_against(*draft.against)
        if against:
            yield against
        is_library_empty = not hits and not self._library.size()["articles"]
        answer = Answer(
            id=self._answer_id(state, request),
            question=request.question,
            standalone_question=asked,
            mode=draft.mode,
            answer=text or None,
            short_answer=draft.short_answer if draft.short_answer and draft.short_answer in gate.text else None,
            abstained=not text,
            reason=None if text else _reason(draft, against, is_library_empty=is_library_empty),
            confidence=draft.confidence,
            dropped_sentences=len(gate.dropped),
            notices=(*self._notices, *self._mode_notices(request), *standalone.notices, *draft.notices),
            sentences=gate.sentences,
            citations=(against,) if against else gate.citations,
            passages=passages,
            timings_ms=timings,
            explain=explain_answer(standalone, hits, request.filters, draft, gate.dropped) if request.explain else None,
        )
        # Indexes only move forward: if they are at this state before and after, they were at it all the time.
        if draft.cacheable and was_current and self._library.is_current(state):
            self._cache.put((state, request), answer)
        return answer

    def _cite_against(self, quote: Quote, score: float) -> Citation | None:
        """Return the citation of what contradicts a question."""
        return cite(self._library, self._settings.public_url, quote, "contradicted", round(score, 4))

    def _draft(
        self, request: AskRequest, standalone: Rewrite, timings: StageTimings
    ) -> tuple[Rewrite, DraftedQuestion]:
        """Return how the question is read, and what is drafted for it.

        A question without names that seems to stand alone may be meant with the topic of the turns before. Of the two
        readings the one counts whose answer is more certain.
        """
        drafted = self._drafter.draft(request, standalone.question, timings)
        if standalone.question == request.question and drafted.draft.mode == "extractive":
            other = self._rewriter.with_topic(request.question, request.history or ())
            if other:
                otherwise = self._drafter.draft(request, other.question, timings)
                if otherwise.draft.sentences and otherwise.confidence > drafted.confidence:
                    return other, otherwise
        return standalone, drafted

    def _on_days_asked_for(self, request: AskRequest) -> tuple[AskRequest, tuple[str, ...]]:
        """Return the request with a filter on the days of publication that the question asks for, and a notice."""
        filters = request.filters or Filters()
        days = find_publication_days(request.question, date.today())
        if days is None or filters.published_after or filters.published_before:
            return request, ()
        filters = filters.model_copy(update={"published_after": days.first, "published_before": days.last})
        if not self._drafter.catalogue.listed(filters, 1).hits:
            return request, (f"No article was published {days}: all were searched.",)
        notice = f"Only articles published {days} were searched, because the question asks for them."
        return request.model_copy(update={"question": days.question, "filters": filters}), (notice,)

    def _answer_id(self, state: State, request: AskRequest) -> str:
        """Return an id that is the same for the same request on the same generation of the library."""
        parameters = request.model_dump_json(exclude={"explain", "stream"})
        key = f"{self._library.identity} {state.generation} {parameters}"
        return hashlib.sha256(key.encode()).hexdigest()[:16]

    def _mode_notices(self, request: AskRequest) -> Iterator[str]:
        """Yield a notice if the mode that was asked for is not available."""
        if request.mode == "generative" and not self._generative:
            yield "No language model is configured: the answer is made of the articles' own sentences."


def _reason(draft: DraftAnswer, against: Citation | None, *, is_library_empty: bool) -> Reason:
    if is_library_empty:
        return "library_empty"
    if draft.reason == "contradicts_the_question" and not against:  # an article that was changed meanwhile
        return "not_answered_by_passages"
    return draft.reason or "not_grounded"


def _not_calibrated(encoder: str, substitute: str) -> str:
    return f"There is no calibration for {encoder}: confidence and threshold are those of {substitute}."
