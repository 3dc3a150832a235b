"""The check of a text: each sentence is searched for in the articles and held against the nearest places."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from assistant.answer import Citation, Verdict
from assistant.check import CheckedSentence, CheckReply
from assistant.draft_answer import Quote
from assistant.grounding.contradiction import contradiction_score
from assistant.grounding.entailment import Checker
from assistant.grounding.gate import cite
from assistant.grounding.markup import blank_markup, without_markup
from assistant.grounding.unsupported import unsupported_spans
from assistant.grounding.windows import window_quotes
from assistant.grounding.wording import REFERS_BACK
from assistant.request import CheckRequest
from embeddings.library import Library
from embeddings.priority_lock import MODEL_LOCK
from embeddings.retrieval.search import Hit
from embeddings.text.article import Span
from embeddings.text.sentences import iter_sentences
from embeddings.text.stop_words import STOP_WORDS
from embeddings.text.terms import stems

PASSAGES = 8  # that are searched for each sentence
MAX_QUERY = 2_000  # characters
MAX_SENTENCE = 1_000  # characters; whether a longer one is supported is not decided, only whether it is verbatim
MAX_NEAREST = 3  # equally near places that may contradict a sentence
_OPENING, _CLOSING = " “\"\u2018'([", " .!”\"’')]"


class Decision(NamedTuple):
    """The verdict on a sentence, its score, and the place that decides it."""

    verdict: Verdict
    score: float
    place: Quote


def check_text(
    library: Library,
    base_url: str,
    checker: Checker,
    request: CheckRequest,
    cancelled: Callable[[], bool],
    *,
    notices: tuple[str, ...] = (),
) -> Iterator[Citation | CheckedSentence | CheckReply]:
    """Yield each sentence of a text once it is checked, after its citation if that is new, and the whole reply last.

    Args:
        library: the articles to hold it against.
        base_url: the URL that links start with.
        checker: decides what supports or contradicts a sentence.
        request: the text, and which articles to look in.
        cancelled: true once the caller no longer waits; the iterator then ends without a reply.
        notices: what the caller says of the request.
    """
    sentences, citations = list[CheckedSentence](), dict[str, Citation]()
    before = ""
    for span in iter_sentences(request.text):
        if cancelled():
            return
        written = span.cut(request.text)
        claim = without_markup(written)
        if not any(map(str.isalnum, claim)):
            continue
        # A sentence that refers back is searched with the sentence before it.
        query = f"{before} {claim}" if REFERS_BACK.match(claim) else claim
        before = claim
        with MODEL_LOCK.foreground():  # an import waits meanwhile
            hits = library.search(query[-MAX_QUERY:], PASSAGES, request.filters)
            verbatim = _verbatim(written, hits) or _verbatim(claim, hits)
            decision, nearest = (verbatim, claim) if verbatim else _decide(claim, hits, checker)
        citation = decision and cite(library, base_url, decision.place, decision.verdict, decision.score)
        if citation and citation.id not in citations:
            citations[citation.id] = citation
            yield citation
        holds = citation and citation.verdict != "contradicted"
        unsupported = [] if holds else unsupported_spans(blank_markup(written), nearest)
        sentences.append(
            CheckedSentence(
                text=written,
                start=span.start,
                end=span.end,
                verdict=citation.verdict if citation else "not_found",
                score=citation.score if citation else 0.0,
                citations=(citation.id,) if citation else (),
                unsupported=tuple(Span(start=span.start + one.start, end=span.start + one.end) for one in unsupported),
            )
        )
        yield sentences[-1]
    if not sentences:
        notices += ("There is no sentence in this text: nothing was checked.",)
    yield CheckReply(sentences=tuple(sentences), citations=tuple(citations.values()), notices=notices)


def _decide(claim: str, hits: Sequence[Hit], checker: Checker) -> tuple[Decision | None, str]:
    """Return the decision about a sentence, None if no place decides it, and the text of the nearest place."""
    read = hits if len(claim) <= MAX_SENTENCE else []
    windows = [one for hit in read for one in window_quotes(claim, hit.excerpt, hit.passage.sentences)]
    nearest = _nearest(claim, windows)
    decision = _supported(claim, windows, checker) or _contradicted(claim, nearest, checker)
    return decision, decision.place.text if decision else nearest[0].text if nearest else ""


def _nearest(claim: str, windows: Sequence[Quote]) -> list[Quote]:
    """Return the windows with most content words of a claim, one of an article, the shortest first."""
    content = set(stems(claim)) - STOP_WORDS
    shared = [len(content.intersection(stems(window.text))) for window in windows]
    best = [window for window, count in zip(windows, shared, strict=True) if count == max(shared)]
    shortest = sorted(best, key=lambda window: len(window.text))
    return list({window.article_id: window for window in reversed(shortest)}.values())[::-1][:MAX_NEAREST]


def _verbatim(sentence: str, hits: Sequence[Hit]) -> Decision | None:
    """Return the first place that has the sentence as a whole; white space and the marks around it may differ."""
    wanted = "".join(sentence.split())
    for hit in hits:
        places = [i for i, character in enumerate(hit.text, hit.excerpt.span.start) if not character.isspace()]
        found = "".join(hit.text.split())
        at = found.find(wanted)
        while at >= 0:
            span = Span(start=places[at], end=places[at + len(wanted) - 1] + 1)
            if _is_whole(span, hit):
                return Decision("verbatim", 1.0, Quote.cut(hit.excerpt, span))
            at = found.find(wanted, at + len(wanted))
    return None


def _is_whole(span: Span, hit: Hit) -> bool:
    """True if a span begins where a sentence of the passage begins and ends where one ends, apart from the marks."""
    first = max((one.start for one in hit.passage.sentences if one.start <= span.start), default=None)
    last = min((one.end for one in hit.passage.sentences if one.end >= span.end), default=None)
    if first is None or last is None:
        return False
    before, after = Span(start=first, end=span.start), Span(start=span.end, end=last)
    return not hit.excerpt.cut(before).strip(_OPENING) and not hit.excerpt.cut(after).strip(_CLOSING)


def _supported(claim: str, windows: Sequence[Quote], checker: Checker) -> Decision | None:
    scores = zip(checker.support(claim, [window.text for window in windows]), windows, strict=True)
    supported = [Decision("supported", round(score, 4), window) for score, window in scores if score is not None]
    return max(supported, key=lambda decision: decision.score, default=None)


def _contradicted(claim: str, nearest: Sequence[Quote], checker: Checker) -> Decision | None:
    scores = [(contradiction_score(claim, window.text, checker), window) for window in nearest]
    contradicted = [Decision("contradicted", score, window) for score, window in scores if score is not None]
    return max(contradicted, key=lambda decision: decision.score, default=None)
