"""Answers to the parts of a question that asks several things, joined into one."""

from collections.abc import Sequence
from itertools import chain, zip_longest

from assistant.answering.drafted_question import DraftedQuestion
from assistant.conversation.parts import name_answer
from assistant.conversation.rules import rewrite
from assistant.draft_answer import DraftAnswer, DraftSentence
from embeddings.retrieval.search import Hit


def standing_alone(part: str, earlier: Sequence[DraftedQuestion]) -> str:
    """Return a part in which what refers to the parts before it, or to their answers, is named."""
    for one in earlier:
        if answer := one.draft.short_answer:
            part = name_answer(part, one.question, answer)
    return rewrite(part, [turn for one in earlier for turn in one.turns]).question


def join_parts(parts: Sequence[DraftedQuestion], top_k: int) -> tuple[Sequence[Hit], DraftAnswer]:
    """Return the passages of all parts, best first in turn, and one draft; a notice names each part without an answer.

    Its confidence is the least of those of the answered parts, at least one.
    """
    answered = [part.draft for part in parts if part.draft.sentences]
    sentences: dict[str, DraftSentence] = {}
    for sentence in chain.from_iterable(draft.sentences for draft in answered):
        sentences.setdefault(sentence.text, sentence)
    hits: dict[int, Hit] = {}
    for hit in filter(None, chain.from_iterable(zip_longest(*(part.hits for part in parts)))):
        hits.setdefault(hit.passage.key, hit)
    notices = tuple(
        f"To a part of the question the articles do not say: “{part.question}”"
        for part in parts
        if not part.draft.sentences
    )
    least = min(answered, key=lambda draft: draft.confidence or 0.0)
    draft = DraftAnswer(
        tuple(sentences.values()),
        least.confidence,
        "extractive",
        notices=notices,
        threshold=least.threshold,
        features=least.features,
    )
    return list(hits.values())[:top_k], draft
