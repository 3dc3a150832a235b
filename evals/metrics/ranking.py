"""How well the wanted documents are ranked, computed by ir-measures (trec_eval's definitions)."""

from collections.abc import Mapping, Sequence

from assistant.errors import ExtraMissing

MEASURES = ("R@1", "R@5", "R@10", "RR@10", "nDCG@10", "AP@100")


def per_query(
    wanted: Mapping[str, Mapping[str, int]], ranked: Mapping[str, Sequence[str]]
) -> dict[str, dict[str, float]]:
    """Every measure of every question that has a wanted document: ``{measure: {question: value}}``.

    ``wanted`` gives each question's documents with their grades, ``ranked`` its documents found, best first. The order
    alone counts, so that equal scores cannot be ranked in two ways; a question for which nothing was found scores 0.

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
