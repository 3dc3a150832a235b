from assistant.answering.calibration import Calibration, OperatingPoint, load_calibration, short_answer_threshold
from assistant.reading.logistic import Logistic
from assistant.reading.weights import revision
from embeddings.encoder import load_encoder
from embeddings.fingerprint import Fingerprint


def test_the_shipped_calibration_belongs_to_the_default_encoder() -> None:
    calibration, is_own = load_calibration(load_encoder().fingerprint)
    assert is_own
    assert calibration.encoder == "all-MiniLM-L6-v2"


def test_an_encoder_without_calibration_gets_the_default_one() -> None:
    stranger = Fingerprint(model="other", revision="0" * 64, dimension=8, prefix={}, pooling="cls")
    calibration, is_own = load_calibration(stranger)
    assert not is_own
    assert calibration.encoder == "all-MiniLM-L6-v2"


def test_the_shipped_calibration_of_the_reader_belongs_to_its_weights() -> None:
    calibration, is_own = load_calibration(load_encoder().fingerprint, revision())
    assert is_own
    assert calibration.order
    assert calibration.short


def test_a_retrained_reader_has_no_calibration_of_its_own() -> None:
    calibration, is_own = load_calibration(load_encoder().fingerprint, "0" * 64)
    assert not is_own
    assert calibration.reader == revision()


def test_the_curve_goes_from_the_highest_threshold_to_the_lowest() -> None:
    curve = load_calibration(load_encoder().fingerprint)[0].curve
    assert [p.threshold for p in curve] == sorted((p.threshold for p in curve), reverse=True)
    assert [p.coverage for p in curve] == sorted(p.coverage for p in curve)
    assert curve[-1].coverage == 1.0


def test_a_lower_risk_never_has_more_coverage() -> None:
    calibration = load_calibration(load_encoder().fingerprint)[0]
    coverages = [calibration.operating_point(risk / 20).coverage for risk in range(21)]
    assert coverages[1:] == sorted(coverages[1:])
    assert calibration.operating_point(1.0).coverage == 1.0


def test_the_operating_point_has_the_most_coverage_within_the_risk() -> None:
    curve = (
        OperatingPoint(threshold=0.9, coverage=0.1, risk=0.3),
        OperatingPoint(threshold=0.5, coverage=0.5, risk=0.2),
    )
    logistic = Logistic(bias=0, weights={})
    calibration = Calibration(
        encoder="e",
        revision="r",
        sentence=logistic,
        answer=logistic,
        relevance=logistic,
        join=1.0,
        curve=curve,
        accepted_risk=0.2,
        made_from={},
    )
    assert calibration.operating_point(0.25).threshold == 0.5
    assert calibration.operating_point(0.1).threshold == 0.5, "the least risk there is, when none is low enough"
    assert calibration.operating_point(None) == calibration.operating_point(0.2)


def test_at_any_risk_every_short_answer_is_shown() -> None:
    thresholds = [short_answer_threshold(risk / 20) for risk in range(21)]
    assert thresholds == sorted(thresholds, reverse=True)
    assert thresholds[0] == 1
    assert thresholds[-1] <= 0


def test_a_logistic_regression_weighs_features_by_name() -> None:
    logistic = Logistic(bias=-1.0, weights={"a": 2.0})
    assert logistic.probability({"a": 0.5, "b": 9.0}) == 0.5
    assert 0 <= logistic.probability({"a": -1e6}) < logistic.probability({"a": 1e6}) <= 1
