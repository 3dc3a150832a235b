"""Ranking measures, computed by ir-measures with trec_eval's definitions."""

from collections.abc import Mapping, Sequence

from embeddings.errors import ExtraMissing

MEASURES = ("R@1", "R@5", "R@10", "RR@10", "nDCG@10", "AP@100")


def per_query(
    wanted: Mapping[str, Mapping[str, int]], ranked: Mapping[str, Sequence[str]]
) -> dict[str, dict[str, float]]:
    """Compute every measure for every question: ``{measure: {question: value}}``.

    Args:
        wanted: The relevant documents of each question with their grades.
        ranked: The documents that were found for each question, best first. Only their order counts. A question for
            which none was found scores 0.

    Raises:
        ExtraMissing: ir-measures is not installed.
    """
    try:
        import ir_measures
    except ImportError as error:
        raise ExtraMissing("evals", error.name or "ir_measures") from error
    run = {
        question: {document: 1 / rank for rank, document in enumerate(dict.fromkeys(documents), 1)}
        for question, documents in sorted(ranked.items())
        if question in wanted
    }
    values = {measure: dict.fromkeys(sorted(wanted), 0.0) for measure in MEASURES}
    parsed = [ir_measures.parse_measure(measure) for measure in MEASURES]
    for metric in ir_measures.iter_calc(parsed, {q: dict(d) for q, d in wanted.items()}, run):
        values[str(metric.measure)][metric.query_id] = float(metric.value)
    return values
