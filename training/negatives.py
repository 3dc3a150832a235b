"""Hard negatives: paragraphs that this project's search ranks high for a question and that do not answer it."""

from collections.abc import Iterator

import numpy as np

from embeddings.encoder import Encoder
from embeddings.retrieval.bm25_index import Bm25Index
from embeddings.retrieval.fusion import fuse
from embeddings.storage.state import State
from embeddings.text.passage import IndexedPassage
from training.questions import Questions

LOOKED_AT, KEPT = 30, 6


def hard_negatives(data: Questions, encoder: Encoder) -> Iterator[list[int]]:
    """Yield the indices of each question's hard negatives among all paragraphs, best-ranked first.

    A paragraph that contains the words of an accepted answer is left out, because it may answer the question too.
    """
    texts = [paragraph.text for paragraph in data.paragraphs]
    vectors = encoder.encode(texts, "passage")
    asked = encoder.encode([question.text for question in data.questions], "query")
    words = Bm25Index("training")
    added = [IndexedPassage(key, text, " ", str(key)) for key, text in enumerate(texts)]
    words.apply([], range(len(added)), lambda first, last: added[first : last + 1], State(1, 1))
    lowered = [text.lower() for text in texts]
    for question, vector in zip(data.questions, asked, strict=True):
        cosine = (vectors @ vector).astype(np.float64)
        keys = np.union1d(words.search(question.text, LOOKED_AT), np.argpartition(-cosine, LOOKED_AT)[:LOOKED_AT])
        fused = fuse(cosine[keys], words.scores(question.text, keys))
        answers = {texts[question.paragraph][start:end].lower() for start, end in question.spans}
        yield [
            key
            for key in keys[np.argsort(-fused, kind="stable")].tolist()
            if key != question.paragraph and not any(answer in lowered[key] for answer in answers)
        ][:KEPT]
