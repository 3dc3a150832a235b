"""Whether the place that a question is answered from says something else than what the question asks about.

The careful checker reads the question as if it were a sentence: where a text contradicts it, the question presupposes
what the text does not say. On 436 questions about pages that no network was trained on, 91 of the 225 that are not
answered are found so at the threshold in use, and 2 of the 211 that are. Most of them are abstained from anyway; what
this adds is the reason. The small checker was not measured.
"""

from collections.abc import Sequence
from dataclasses import replace

from assistant.draft_answer import DraftAnswer, Quote
from assistant.grounding.entailment import Checker
from assistant.grounding.facts import missing_facts
from assistant.grounding.windows import candidate_windows
from embeddings.retrieval.search import Hit
from embeddings.text.article import Span

_READ = 2  # windows of the passage: the best sentence, and the best two


def checked(question: str, hits: Sequence[Hit], draft: DraftAnswer, checker: Checker) -> DraftAnswer:
    """Return the draft of a question, or an abstention if the passage that it rests on contradicts the question.

    If that passage has all names of the question, the abstention has the sentence that contradicts it.

    Raises:
        ReaderUnavailable: the network's weights do not load.
    """
    if not checker.is_careful or not hits or draft.reason not in {None, "not_answered_by_passages"}:
        return draft
    windows = _windows(question, _decisive(hits, draft))
    read = [(checker.read(question, quote.text).contradicted, quote) for quote in windows]
    score, quote = max(read, key=lambda one: one[0], default=(0.0, None))
    if quote is None or score < checker.thresholds.contradicted:
        return draft
    abstention = replace(draft, sentences=(), short_answer=None, reason="not_answered_by_passages")
    if any(fact.startswith("the name") for fact in missing_facts(question, quote.text)):
        return abstention
    return replace(abstention, reason="contradicts_the_question", against=(quote, score))


def _decisive(hits: Sequence[Hit], draft: DraftAnswer) -> Hit:
    """Return the passage that the first sentence of a draft is quoted from; of an abstention the best one."""
    quotes = [quote for sentence in draft.sentences for quote in sentence.quotes]
    for hit in hits if quotes else ():
        place = hit.excerpt.span
        if hit.passage.article_id == quotes[0].article_id and place.start <= quotes[0].span.start < place.end:
            return hit
    return hits[0]


def _windows(question: str, hit: Hit) -> list[Quote]:
    sentences = hit.passage.sentences
    windows = candidate_windows(question, [hit.excerpt.cut(one) for one in sentences])[:_READ]
    return [
        Quote.cut(hit.excerpt, Span(start=sentences[first].start, end=sentences[last - 1].end))
        for first, last in windows
        if first < last
    ]
