"""Evidence: the sentences and quotes that belong to an answer beside the sentences that answer.

A list comes with all its items, code with the line that introduces it, "she" with the sentence that names her, and a
fact with every article that reports it.
Each of them is a sentence of an article, word for word.
"""

from collections.abc import Iterator, Sequence
from itertools import chain

from assistant.answering.candidate_sentences import CandidateSentence
from assistant.answering.catalogue import content_terms
from assistant.answering.code_lines import code_block, joined_lines, with_code
from assistant.answering.features import ParsedQuestion
from assistant.answering.list_items import (
    asks_for_list,
    asks_for_steps,
    enumerated,
    introduces_list,
    is_item,
    list_items,
    steps,
)
from assistant.answering.reader_features import best_span
from assistant.answering.reading_order import ReadingOrder
from assistant.answering.referents import referent_sentence
from assistant.draft_answer import DraftSentence
from embeddings.text.terms import terms

MAX_QUOTES = 3  # of a sentence that occurs in several places
MAX_SOURCES = 3  # articles that are cited for one fact
NEAR_DUPLICATE = 0.8  # share of common terms of two sentences that are one, edited
_MIN_SHARED = 2  # terms beside the answer that two reports of one fact have in common


def with_evidence(
    question: str,
    best: CandidateSentence,
    answer: str | None,
    selected: Sequence[CandidateSentence],
    sentences: Sequence[CandidateSentence],
) -> tuple[DraftSentence, ...]:
    """Return the draft of the selected sentences with their evidence, in reading order, the best one's article first.

    Args:
        question: the question.
        best: the best of the sentences that answer.
        answer: the short answer in it, if it is known.
        selected: the sentences that answer.
        sentences: all candidates.
    """
    order = ReadingOrder(sentences)
    found = [best, *selected]
    found += _lists(question, answer, selected, sentences, order)
    wants_all = asks_for_steps(question)
    found += chain.from_iterable(with_code(one, order, whole=wants_all) for one in found[:])
    found += [named for one in found if (named := referent_sentence(one, order))]
    if answer:
        found += _further_sources(question, best, answer, sentences)
    articles = list(dict.fromkeys(one.article.id for one in found))
    unique = {(one.article.id, one.span) if code_block(one) else one.text: one for one in reversed(found)}
    ordered = sorted(unique.values(), key=lambda one: (articles.index(one.article.id), one.span.start))
    return tuple(_draft_sentence(one, sentences) for one in joined_lines(ordered))


def _lists(
    question: str,
    answer: str | None,
    selected: Sequence[CandidateSentence],
    sentences: Sequence[CandidateSentence],
    order: ReadingOrder,
) -> Iterator[CandidateSentence]:
    """Yield the items below the selected sentences that introduce a list, unless the answer is in those sentences.

    Where the question asks for a list, an item that was selected brings the others with the line above them, and what
    is enumerated after a selected sentence comes too; where it asks what to do, all steps, unless one is the answer.
    """
    wants_list = asks_for_list(question)
    if asks_for_steps(question):
        unanswered = (one for one in selected if not (is_item(one) and answer and answer in one.text))
        yield from chain.from_iterable(steps(one, order) for one in unanswered)
    if wants_list:
        yield from chain.from_iterable(enumerated(one, order) for one in selected)
    for lead_in in filter(introduces_list, sentences if wants_list else selected):
        items = list_items(lead_in, order)
        is_answered = answer is not None and answer in lead_in.text
        if lead_in in selected and (wants_list or not is_answered):
            yield from items
        elif any(item in selected for item in items):
            yield from [lead_in, *items]


def _further_sources(
    question: str, best: CandidateSentence, answer: str, sentences: Sequence[CandidateSentence]
) -> Iterator[CandidateSentence]:
    """Yield the sentence of each further article that reports the same answer to the question.

    The reader finds the same words in it, it has the names of the question, and it shares terms beside the answer.
    """
    names = ParsedQuestion.parse(question).names
    sought = content_terms(answer)
    shared = content_terms(best.text) - sought
    cited = {best.article.id}
    for sentence in sentences:
        if sentence.article.id in cited or len(cited) == MAX_SOURCES or _is_near_duplicate(sentence, best):
            continue
        found = content_terms(sentence.text)
        span = best_span(sentence)
        reports = span is not None and content_terms(sentence.hit.excerpt.cut(span.span)) == sought
        if reports and names <= found and len(found & shared) >= max(_MIN_SHARED, len(names) + 1):
            cited.add(sentence.article.id)
            yield sentence


def _is_near_duplicate(one: CandidateSentence, other: CandidateSentence) -> bool:
    first, second = set(terms(one.text)), set(terms(other.text))
    return len(first & second) >= NEAR_DUPLICATE * len(first | second)


def _draft_sentence(sentence: CandidateSentence, sentences: Sequence[CandidateSentence]) -> DraftSentence:
    """Return the sentence with a quote of every place where it occurs, word for word or nearly so."""
    elsewhere = [
        one for one in sentences if one.article.id != sentence.article.id or not sentence.span.contains(one.span)
    ]
    same = [one for one in elsewhere if one.text == sentence.text]
    similar = [one for one in elsewhere if one.text != sentence.text and _is_near_duplicate(one, sentence)]
    quotes = tuple(one.quote for one in [sentence, *same, *similar][:MAX_QUOTES])
    return DraftSentence(sentence.text, quotes, code=code_block(sentence) is not None)
