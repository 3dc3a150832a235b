"""Drafts of questions from a library's own articles, for a person to keep, mend or throw away. No language model.

A sentence with a name, a number or a date loses it, and what is left asks for it: a cloze (Taylor 1953).
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
_LEAST, _MOST = 40, 300  # characters of a sentence that can be asked about: not a heading, not a list
BLANK = "_____"


class Suggestion(NamedTuple):
    """A draft and the characters that it was made from."""

    question: OwnQuestion
    span: Span


def suggest(articles: Iterable[Article], most: int, *, seed: int = 0) -> list[Suggestion]:
    """At most ``most`` drafts: no two from one sentence, none twice, the same every time, spread over the articles."""
    by_article = [drafts for article in articles if (drafts := list(_drafts(article)))]
    rng = np.random.default_rng(seed)
    shuffled = [[drafts[i] for i in rng.permutation(len(drafts))] for drafts in by_article]
    chosen: dict[str, Suggestion] = {}
    for turn in range(max(map(len, shuffled), default=0)):
        for drafts in shuffled:
            if turn < len(drafts) and len(chosen) < most:
                chosen.setdefault(drafts[turn].question.question, drafts[turn])
    return list(chosen.values())


def _drafts(article: Article) -> Iterator[Suggestion]:
    for span in sentence_spans(article.text, language=article.language):
        sentence = span.cut(article.text)
        found = next(((kind, m) for kind, pattern in _KINDS if (m := pattern.search(sentence))), None)
        if found is None or not _LEAST <= len(sentence) <= _MOST or "\n" in sentence:
            continue
        kind, match = found
        cloze = sentence[: match.start()] + BLANK + sentence[match.end() :]
        question = OwnQuestion(
            question=f"Which {kind} is missing: {cloze}",
            answers=(match.group(),),
            article_id=article.id,
            quote=sentence,
        )
        yield Suggestion(question, span)
