"""The answer pipeline: rewrites a question, searches, reranks, drafts an answer and checks it.

A message that no sentence answers, such as a greeting, or that asks for a digest takes a way of its own.
"""

import hashlib
import math
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

from assistant.answer import Answer, Citation, Reason, Sentence
from assistant.answer_cache import AnswerCache
from assistant.answering.about import NOTICE, about
from assistant.answering.calibration import load_calibration
from assistant.answering.catalogue import Catalogue
from assistant.answering.contradicted_question import with_contradiction
from assistant.answering.digest import Digester
from assistant.answering.explanation import explain_answer
from assistant.answering.extractive import ExtractiveAnswerer
from assistant.answering.generative import GenerativeAnswerer
from assistant.answering.keyword_answer import KeywordAnswerer
from assistant.answering.part_answers import PartAnswer, join_parts, standing_alone
from assistant.answering.publication_days import find_publication_days
from assistant.answering.sentence_vectors import SentenceVectors
from assistant.answering.stages import Stage, StageTimings
from assistant.conversation.asked import question_without_story
from assistant.conversation.intent import Intent, find_intent
from assistant.conversation.keywords import is_keyword_query
from assistant.conversation.parts import question_parts
from assistant.conversation.rewriter import Rewriter
from assistant.conversation.rules import Rewrite
from assistant.draft_answer import DraftAnswer, Quote
from assistant.grounding.entailment import Checker
from assistant.grounding.gate import Gate, cite
from assistant.grounding.location import locate_passage
from assistant.language_model import LanguageModel
from assistant.reading.reader import Readers, TitledPassage
from assistant.reading.reranker import DEPTH, Reranker
from assistant.request import AskRequest
from assistant.settings import Settings
from embeddings.filters import Filters
from embeddings.library import Library
from embeddings.priority_lock import MODEL_LOCK
from embeddings.retrieval.search import Hit
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
        self._reranker = Reranker(self.readers, calibration.order)
        vectors = SentenceVectors(library.encoder)
        self._extractive = ExtractiveAnswerer(vectors, calibration, self.checker, max_risk=settings.max_risk)
        self._keyword_answerer = (
            KeywordAnswerer(vectors, self.readers.small, settings.max_risk) if self.readers.small else None
        )
        self._digester = Digester(vectors)
        self._catalogue = Catalogue(library)
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
            timings = answer.timings_ms | {"total": _milliseconds_since(started)}
            notices = (*notices, *days, *answer.notices)
            yield answer.model_copy(update={"question": question, "timings_ms": timings, "notices": notices})

    def _answer(
        self, state: State, request: AskRequest, cancelled: Callable[[], bool], on_stage: Callable[[Stage], None]
    ) -> Generator[Citation | Sentence, None, Answer | None]:
        """Yield the parts of an answer and return the whole; None if the request was cancelled."""
        timings = StageTimings(on_stage)
        was_current = self._library.is_current(state)
        with _timed("rewrite", timings):
            standalone = self._rewriter.rewrite(request.question, request.history or (), cancelled)
        if cancelled():
            return None
        with MODEL_LOCK.foreground():  # an import waits meanwhile
            standalone, asked, hits, draft = self._draft_as_meant(request, standalone, timings)
        gate = Gate(self._library, self._settings.public_url, self.checker)
        # If the extractive answerer abstains, the language model is not asked, so that it cannot answer anyway.
        if draft.sentences and draft.mode == "extractive" and self._generative and request.mode != "extractive":
            with _timed("write", timings):
                draft = yield from self._generative.answer(asked, hits, draft, gate, cancelled)
        if cancelled():
            return None
        with _timed("prove", timings):
            for sentence in draft.sentences:
                yield from gate.admit(sentence)
        with _timed("link", timings):
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

    def _draft_as_meant(
        self, request: AskRequest, standalone: Rewrite, timings: StageTimings
    ) -> tuple[Rewrite, str, Sequence[Hit], DraftAnswer]:
        """Return how the question is read, and what :meth:`_draft` returns for it.

        A question without names that seems to stand alone may be meant with the topic of the turns before. Of the two
        readings the one counts whose answer is more certain.
        """
        asked, hits, draft = self._draft(request, standalone.question, timings)
        if standalone.question == request.question and draft.mode == "extractive":
            other = self._rewriter.with_topic(request.question, request.history or ())
            if other and not is_keyword_query(request.question):
                asked_otherwise, hits_otherwise, otherwise = self._draft(request, other.question, timings)
                if otherwise.sentences and (otherwise.confidence or 0) > (draft.confidence or 0):
                    return other, asked_otherwise, hits_otherwise, otherwise
        return standalone, asked, hits, draft

    def _draft(
        self, request: AskRequest, question: str, timings: StageTimings
    ) -> tuple[str, Sequence[Hit], DraftAnswer]:
        """Return the question as it was read, the passages, and what is drafted from them.

        Args:
            request: the request.
            question: its question as it stands alone.
            timings: the milliseconds of each stage, which are added.
        """
        intent = find_intent(request.question, has_history=bool(request.history))
        if request.mode == "digest" and (intent is None or intent.kind != "digest"):
            intent = Intent("digest", question)
        if intent and intent.certain and (special := self._draft_intent(intent, request, timings)):
            return question, *special
        parts = [] if intent else question_parts(question)
        if len(parts) > 1 and (joined := self._draft_parts(request, parts, timings)):
            return joined
        if question == request.question and is_keyword_query(question) and self._keyword_answerer:
            return question, *self._draft_keywords(request, self._keyword_answerer, timings)
        hits, draft = self._draft_question(request, question, timings)
        if intent and not intent.certain and not draft.sentences:
            hits, draft = self._draft_intent(intent, request, timings) or (hits, draft)
        return question, hits, draft

    def _draft_parts(
        self, request: AskRequest, parts: Sequence[str], timings: StageTimings
    ) -> tuple[str, Sequence[Hit], DraftAnswer] | None:
        """Return what is drafted for each of several questions, joined; None if none of them is answered.

        A later one may refer to what an earlier one asks or to its answer: "Which firm bought it, and who founded that
        firm?"
        """
        answered = list[PartAnswer]()
        for part in parts:
            question = standing_alone(part, answered)
            answered.append(PartAnswer(question, *self._draft_question(request, question, timings)))
        questions = " ".join(one.question for one in answered)
        return (
            (questions, *join_parts(answered, request.top_k)) if any(one.draft.sentences for one in answered) else None
        )

    def _draft_question(
        self, request: AskRequest, question: str, timings: StageTimings
    ) -> tuple[Sequence[Hit], DraftAnswer]:
        """Return the passages for a question, and the sentences of them that answer it or an abstention.

        A message that also tells something is read as a whole and without that, and both readings count.
        """
        with _timed("search", timings):
            found = self._library.search(question, max(request.top_k, DEPTH), request.filters)
        hits, draft = self._read(question, found, request.top_k, timings)
        alone = question_without_story(question) if question == request.question else None  # not what was added to it
        if alone:
            hits, draft = _agreed((hits, draft), self._read(alone, found, request.top_k, timings))
        with _timed("answer", timings):
            return hits, with_contradiction(question, hits, draft, self.checker)

    def _read(
        self, question: str, hits: Sequence[Hit], top_k: int, timings: StageTimings
    ) -> tuple[Sequence[Hit], DraftAnswer]:
        """Return the passages in the order that the readers give them, and what is drafted from them."""
        with _timed("read", timings):
            hits = self._reranker.rerank(question, hits, top_k)
        with _timed("answer", timings):
            return hits, self._extractive.answer(question, hits)

    def _draft_keywords(
        self, request: AskRequest, answerer: KeywordAnswerer, timings: StageTimings
    ) -> tuple[Sequence[Hit], DraftAnswer]:
        """Return the passages for a keyword query, and the sentences of them that are about it or an abstention."""
        with _timed("search", timings):
            hits = self._library.search(request.question, request.top_k, request.filters)
        with _timed("answer", timings):
            return hits, answerer.answer(request.question, hits)

    def _draft_intent(
        self, intent: Intent, request: AskRequest, timings: StageTimings
    ) -> tuple[Sequence[Hit], DraftAnswer] | None:
        """Return the digest or the reply that an intent asks for; None if it is put to the articles after all."""
        with _timed("answer", timings):
            if intent.kind == "digest":
                if article_id := self._catalogue.find(intent, request):
                    hits = self._catalogue.passages(article_id)
                    return hits[: request.top_k], self._digester.of_article(hits)
                if intent.subject and intent.certain:
                    hits = self._library.search(intent.subject, request.top_k, request.filters)
                    return hits, self._digester.of_topic(intent.subject, hits)
            if reply := about(intent, request, self._catalogue):
                draft = DraftAnswer((), 1.0, "about", text=reply.text, notices=(NOTICE,))
                return reply.hits, draft
        return None

    def _on_days_asked_for(self, request: AskRequest) -> tuple[AskRequest, tuple[str, ...]]:
        """Return the request with a filter on the days of publication that the question asks for, and a notice."""
        filters = request.filters or Filters()
        days = find_publication_days(request.question, date.today())
        if days is None or filters.published_after or filters.published_before:
            return request, ()
        filters = filters.model_copy(update={"published_after": days.first, "published_before": days.last})
        if not self._catalogue.listed(filters, 1).hits:
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


def _agreed(*drafts: tuple[Sequence[Hit], DraftAnswer]) -> tuple[Sequence[Hit], DraftAnswer]:
    """Return the passages and the draft of two readings of a question: their confidence is the mean of the log odds.

    From the threshold on the more certain draft is given, and below it the other, which abstains.
    """
    (low_hits, low), (high_hits, high) = sorted(drafts, key=lambda one: one[1].confidence or 0)
    odds = math.sqrt(
        math.prod(p / (1 - p) for p in (min(max(one.confidence or 0, 1e-4), 1 - 1e-4) for one in (low, high)))
    )
    hits, draft = (high_hits, high) if odds / (1 + odds) >= (high.threshold or 0) else (low_hits, low)
    return hits, replace(draft, confidence=round(odds / (1 + odds), 4))


def _reason(draft: DraftAnswer, against: Citation | None, *, is_library_empty: bool) -> Reason:
    if is_library_empty:
        return "library_empty"
    if draft.reason == "contradicts_the_question" and not against:  # an article that was changed meanwhile
        return "not_answered_by_passages"
    return draft.reason or "not_grounded"


def _not_calibrated(encoder: str, substitute: str) -> str:
    return f"There is no calibration for {encoder}: confidence and threshold are those of {substitute}."


@contextmanager
def _timed(stage: Stage, timings: StageTimings) -> Iterator[None]:
    timings.on_stage(stage)
    started = time.perf_counter()
    yield
    timings[stage] = round(timings.get(stage, 0) + _milliseconds_since(started), 3)


def _milliseconds_since(started: float) -> float:
    return round(1000 * (time.perf_counter() - started), 3)
