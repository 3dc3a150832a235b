"""Drafts an answer to a question that stands alone: the way that a question takes depends on what it asks for."""

from collections.abc import Sequence

from assistant.answering.about import NOTICE, about
from assistant.answering.calibration import Calibration
from assistant.answering.catalogue import Catalogue
from assistant.answering.contradicted_question import with_contradiction
from assistant.answering.digest import Digester
from assistant.answering.drafted_question import DraftedQuestion
from assistant.answering.extractive import ExtractiveAnswerer
from assistant.answering.heading_answer import below_heading
from assistant.answering.keyword_answer import KeywordAnswerer
from assistant.answering.part_answers import join_parts, standing_alone
from assistant.answering.sentence_vectors import SentenceVectors
from assistant.answering.stages import StageTimings
from assistant.conversation.intent import Intent, find_intent
from assistant.conversation.keywords import is_keyword_query
from assistant.conversation.parts import question_parts
from assistant.conversation.statements import without_statements
from assistant.draft_answer import DraftAnswer
from assistant.grounding.entailment import Checker
from assistant.reading.reader import Readers
from assistant.reading.reranker import DEPTH, Reranker
from assistant.request import AskRequest
from embeddings.library import Library
from embeddings.retrieval.search import Hit


class Drafter:
    """Searches the library, reads what is found, and drafts an answer of its sentences, or an abstention."""

    def __init__(
        self, library: Library, readers: Readers, checker: Checker, calibration: Calibration, max_risk: float | None
    ) -> None:
        """Create a drafter.

        Args:
            library: the articles.
            readers: what reads the passages.
            checker: the one that goes with the readers.
            calibration: the one of the readers.
            max_risk: the accepted share of wrong answers among those given; None for the calibration's default.
        """
        self._library = library
        self._checker = checker
        self._vectors = vectors = SentenceVectors(library.encoder)
        self._reranker = Reranker(readers, calibration.order)
        self._extractive = ExtractiveAnswerer(vectors, calibration, checker, max_risk=max_risk)
        self._keywords = KeywordAnswerer(vectors, readers.small, max_risk) if readers.small else None
        self._digester = Digester(vectors)
        self.catalogue = Catalogue(library)

    def draft(self, request: AskRequest, question: str, timings: StageTimings) -> DraftedQuestion:
        """Return what is drafted for a request.

        Args:
            request: the request.
            question: its question as it stands alone.
            timings: the milliseconds of each stage, which are added.

        Raises:
            ReaderUnavailable: the weights of a reader or of the checker do not load.
        """
        intent = find_intent(request.question, has_history=bool(request.history))
        if request.mode == "digest" and (intent is None or intent.kind != "digest"):
            intent = Intent("digest", question)
        if intent and intent.certain and (special := self._special(intent, request, timings)):
            return special._replace(question=question)
        parts = [] if intent else question_parts(question)
        if len(parts) > 1 and (joined := self._parts(request, parts, timings)):
            return joined
        if self._keywords and question == request.question and is_keyword_query(question):
            return self._about_keywords(request, self._keywords, timings)
        drafted = self._question(request, question, timings)
        if intent and not intent.certain and not drafted.draft.sentences:
            return (self._special(intent, request, timings) or drafted)._replace(question=question)
        return drafted

    def _parts(self, request: AskRequest, parts: Sequence[str], timings: StageTimings) -> DraftedQuestion | None:
        """Return what is drafted for each of several questions, joined; None if none of them is answered.

        A later one may refer to what an earlier one asks or to its answer: "Which firm bought it, and who founded that
        firm?"
        """
        drafted = list[DraftedQuestion]()
        for part in parts:
            drafted.append(self._question(request, standing_alone(part, drafted), timings))
        if not any(one.draft.sentences for one in drafted):
            return None
        return DraftedQuestion(" ".join(one.question for one in drafted), *join_parts(drafted, request.top_k))

    def _question(self, request: AskRequest, question: str, timings: StageTimings) -> DraftedQuestion:
        """Return the passages for a question, and the sentences of them that answer it or an abstention.

        A message that also has statements is read as a whole and without them, and both readings count.
        """
        with timings.timed("search"):
            found = self._library.search(question, max(request.top_k, DEPTH), request.filters)
        drafted = self._read(question, found, request.top_k, timings)
        alone = without_statements(question) if question == request.question else None  # not with an added topic
        if alone:
            drafted = drafted.agreed(self._read(alone, found, request.top_k, timings))
        with timings.timed("answer"):
            draft = with_contradiction(question, drafted.hits, drafted.draft, self._checker)
        return drafted._replace(draft=draft)

    def _read(self, question: str, found: Sequence[Hit], top_k: int, timings: StageTimings) -> DraftedQuestion:
        """Return the passages in the order that the readers give them, and what is drafted from them."""
        with timings.timed("read"):
            hits = self._reranker.rerank(question, found, top_k)
        with timings.timed("answer"):
            draft = self._extractive.answer(question, hits)
            return DraftedQuestion(question, hits, below_heading(question, hits, draft, self._vectors))

    def _about_keywords(self, request: AskRequest, answerer: KeywordAnswerer, timings: StageTimings) -> DraftedQuestion:
        """Return the passages for a keyword query, and the sentences of them that are about it or an abstention."""
        with timings.timed("search"):
            hits = self._library.search(request.question, request.top_k, request.filters)
        with timings.timed("answer"):
            return DraftedQuestion(request.question, hits, answerer.answer(request.question, hits))

    def _special(self, intent: Intent, request: AskRequest, timings: StageTimings) -> DraftedQuestion | None:
        """Return the digest or the reply that an intent asks for; None if it is put to the articles after all."""
        with timings.timed("answer"):
            if intent.kind == "digest":
                if article_id := self.catalogue.find(intent, request):
                    hits = self.catalogue.passages(article_id)
                    return DraftedQuestion(request.question, hits[: request.top_k], self._digester.of_article(hits))
                if intent.subject and intent.certain:
                    hits = self._library.search(intent.subject, request.top_k, request.filters)
                    return DraftedQuestion(request.question, hits, self._digester.of_topic(intent.subject, hits))
            if reply := about(intent, request, self.catalogue):
                draft = DraftAnswer((), 1.0, "about", text=reply.text, notices=(NOTICE,))
                return DraftedQuestion(request.question, reply.hits, draft)
        return None
