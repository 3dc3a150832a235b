"""Negative examples: a question with a non-answering passage from the same article or from a search."""

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence

from embeddings.retrieval.bm25_index import Bm25Index
from embeddings.storage.state import State
from embeddings.text.passage import IndexedPassage
from training.data.answerability import ASKED, answers, content, covers
from training.data.item import Item, item
from training.data.rows import SENTENCES, Row

# The questions on stories and reviews, and the templated ones, are so vague that many passages could answer them.
_VAGUE = ("qasrl_gs", "fairytaleqa_spans", "narrativeqa_spans", "squadshifts_reddit", "squadshifts_amazon")
_LEAST = 3  # minimum number of content words of a question that is specific enough
_LOOKED_AT, _DRAWN_FROM = 12, 3  # search hits that are checked, and the best ones of which one is drawn
_LIKELY = 5  # top search hits from which an unlabelled passage is drawn
_TOGETHER = 4  # sentences that are joined to a passage where contexts are single sentences


class Neighbours:
    """Finds passages that are related to a question but are not its own: by article, or by BM25 search."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._pages: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for row in rows:
            if row.page:
                self._pages[row.page][row.context] = None
        self._texts = list(dict.fromkeys(row.context for row in rows if row.file not in (*SENTENCES, *_VAGUE)))
        self._words = Bm25Index("training")
        added = [IndexedPassage(key, text, " ", str(key)) for key, text in enumerate(self._texts)]
        self._words.apply([], range(len(added)), lambda first, last: added[first : last + 1], State(1, 1))

    def of(self, row: Row, chance: random.Random) -> Iterator[Item]:
        """Yield the question with a passage that shares many of its words but does not answer it.

        Nothing is yielded where every related passage might answer, or the question is too vague.
        """
        if row.file in _VAGUE or len(content(row.question)) < _LEAST:
            return
        near = [text for text in self._pages[row.page] if text != row.context] if row.page else []
        if row.file in SENTENCES:
            near = [" ".join(near[i : i + _TOGETHER]) for i in range(0, len(near), _TOGETHER)]
        kind = "neighbour"
        if not near:
            near, kind = self._searched(row), "searched"
        ranked = sorted(((covers(text, row.question), text) for text in near), reverse=True)
        silent = [text for share, text in ranked if share < ASKED and not answers(text, row.answers)]
        if silent:
            yield item(kind, row.file, row.question, chance.choice(silent[:_DRAWN_FROM]))

    def unlabelled(self, row: Row, chance: random.Random) -> Iterator[Item]:
        """Yield the question with a search hit whose answerability is unknown."""
        if row.file not in _VAGUE and len(content(row.question)) >= _LEAST and (found := self._searched(row)):
            yield item("unlabelled", row.file, row.question, chance.choice(found[:_LIKELY]))

    def _searched(self, row: Row) -> list[str]:
        """Return the passages that BM25 finds for a question, best first, without its own."""
        found = self._words.search(row.question, _LOOKED_AT)
        return [self._texts[key] for key in found if self._texts[key] != row.context]
