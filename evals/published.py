"""Published figures of other systems, for comparison, with the data on which they were measured."""

from typing import NamedTuple


class Published(NamedTuple):
    """A published figure.

    Attributes:
        system: The system that was measured.
        figure: The name of our figure to compare with.
        value: The published value.
        on: The data.
    """

    system: str
    figure: str
    value: float
    on: str


_SCIFACT = "SciFact test, 300 claims, 5,183 abstracts (BEIR)"
_SQUAD = "SQuAD 2.0, all 35 development articles, gold paragraph, abstention counted"
_CHUNKS = "chunking_evaluation, text-embedding-3-large (the data's README)"
_TRUE = "the average of TRUE's eleven sets, of which QAGS and SummEval are three (Zha et al. 2023)"

PUBLISHED = (
    Published("BM25 (Anserini flat)", "retrieval-scifact.bm25.nDCG@10", 0.679, _SCIFACT),
    Published("bm25s", "retrieval-scifact.bm25.nDCG@10", 0.687, _SCIFACT),
    Published("all-MiniLM-L6-v2, one vector a document", "retrieval-scifact.one_vector.nDCG@10", 0.645, _SCIFACT),
    Published("bge-base-en-v1.5", "retrieval-scifact.fused.nDCG@10", 0.743, _SCIFACT),
    Published("MiniLM-L12", "reading.exact_match", 0.762, _SQUAD),
    Published("MiniLM-L12", "reading.f1", 0.796, _SQUAD),
    Published("BERT-base", "reading.exact_match", 0.723, _SQUAD),
    Published("BERT-base", "reading.f1", 0.761, _SQUAD),
    Published("fixed chunks", "spans.passages.recall", 0.809, _CHUNKS),
    Published("fixed chunks", "spans.passages.iou", 0.177, _CHUNKS),
    Published("cluster chunker", "spans.passages.recall", 0.897, _CHUNKS),
    Published("cluster chunker", "spans.passages.iou", 0.183, _CHUNKS),
    Published("AlignScore-base, 125 million parameters", "grounding.qags.checker.auc", 0.825, _TRUE),
    Published("SummaC-Conv", "grounding.qags.checker.auc", 0.787, _TRUE),
    Published("AlignScore-base, 125 million parameters", "grounding.summeval.checker.auc", 0.825, _TRUE),
    Published("SummaC-Conv", "grounding.summeval.checker.auc", 0.787, _TRUE),
)
