"""Suggestions of evaluation questions from a library's own articles, to be edited by a person.

They are cloze questions (Taylor 1953): a name, number or date is removed from a sentence and asked for. No language
model is used.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from embeddings.text.article import Article, Span
from embeddings.text.sentences import sentence_spans
from evals.data.own import OwnQuestion

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_DATE = re.compile(rf"\b(?:\d{{1,2}} (?:{_MONTHS})|(?:{_MONTHS}) \d{{1,2}})(?:,? \d{{4}})?\b|\b(?:1[5-9]|20)\d\d\b")
_NUMBER = re.compile(
    r"(?<![\w.,-])[$€£]?\d+(?:[.,]\d+)*(?:\s?%|\s(?:million|billion|thousand|percent|per cent))?(?![\w-])"
)
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][\w’'-]+(?: (?:of |de |van |von |al-)?[A-Z][\w’'-]+)+")
_KINDS = (("date", _DATE), ("number", _NUMBER), ("name", _NAME))
_MIN_LENGTH, _MAX_LENGTH = 40, 300  # characters of a sentence that is neither a heading nor a list
BLANK = "_____"


class Suggestion(NamedTuple):
    """A suggested question and the span of the sentence that it was made from."""

    question: OwnQuestion
    span: Span


def suggest(articles: Iterable[Article], limit: int, *, seed: int = 0) -> list[Suggestion]:
    """Return at most ``limit`` distinct suggestions, spread over the articles and the same in every call."""
    by_article = [drafts for article in articles if (drafts := list(_drafts(article)))]
    rng = np.random.default_rng(seed)
    shuffled = [[drafts[i] for i in rng.permutation(len(drafts))] for drafts in by_article]
    chosen: dict[str, Suggestion] = {}
    for index in range(max(map(len, shuffled), default=0)):
        for drafts in shuffled:
            if index < len(drafts) and len(chosen) < limit:
                chosen.setdefault(drafts[index].question.question, drafts[index])
    return list(chosen.values())


def _drafts(article: Article) -> Iterator[Suggestion]:
    for span in sentence_spans(article.text, article.language, article.code):
        sentence = span.cut(article.text)
        first = next(((kind, m) for kind, pattern in _KINDS if (m := pattern.search(sentence))), None)
        if first is None or not _MIN_LENGTH <= len(sentence) <= _MAX_LENGTH or "\n" in sentence:
            continue
        kind, match = first
        cloze = sentence[: match.start()] + BLANK + sentence[match.end() :]
        question = OwnQuestion(
            question=f"Which {kind} is missing: {cloze}",
            answers=(match.group(),),
            article_id=article.id,
            quote=sentence,
        )
        yield Suggestion(question, span)
