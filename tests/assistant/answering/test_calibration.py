from assistant.answering.calibration import Calibration, Point, calibration_for
from assistant.reading.logistic import Logistic
from assistant.reading.weights import revision
from embeddings.encoder import Fingerprint, load_encoder


def test_the_shipped_calibration_belongs_to_the_default_encoder() -> None:
    calibration, own = calibration_for(load_encoder().fingerprint)
    assert own
    assert calibration.encoder == "all-MiniLM-L6-v2"


def test_another_encoder_gets_the_default_one_and_is_told_so() -> None:
    stranger = Fingerprint(model="other", revision="0" * 64, dimension=8, prefix={}, pooling="cls")
    calibration, own = calibration_for(stranger)
    assert not own
    assert calibration.encoder == "all-MiniLM-L6-v2"


def test_the_shipped_calibration_of_the_reader_belongs_to_its_weights() -> None:
    calibration, own = calibration_for(load_encoder().fingerprint, revision())
    assert own
    assert calibration.order
    assert calibration.short_curve


def test_a_reader_that_was_trained_anew_is_told_that_its_calibration_is_not() -> None:
    calibration, own = calibration_for(load_encoder().fingerprint, "0" * 64)
    assert not own
    assert calibration.reader == revision()


def test_the_curve_runs_from_careful_to_bold() -> None:
    curve = calibration_for(load_encoder().fingerprint)[0].curve
    assert [p.threshold for p in curve] == sorted((p.threshold for p in curve), reverse=True)
    assert [p.coverage for p in curve] == sorted(p.coverage for p in curve)
    assert curve[-1].coverage == 1.0


def test_less_accepted_risk_never_answers_more() -> None:
    calibration = calibration_for(load_encoder().fingerprint)[0]
    coverages = [calibration.point(risk / 20).coverage for risk in range(21)]
    assert coverages[1:] == sorted(coverages[1:])
    assert calibration.point(1.0).coverage == 1.0


def test_the_boldest_point_within_the_risk_is_taken() -> None:
    curve = (Point(threshold=0.9, coverage=0.1, risk=0.3), Point(threshold=0.5, coverage=0.5, risk=0.2))
    logistic = Logistic(bias=0, weights={})
    calibration = Calibration(
        encoder="e",
        revision="r",
        sentence=logistic,
        answer=logistic,
        relevance=logistic,
        join=1.0,
        curve=curve,
        short_curve=curve,
        accepted_risk=0.2,
        made_from={},
    )
    assert calibration.point(0.25).threshold == 0.5
    assert calibration.point(0.1).threshold == 0.5, "the least risk there is, when none is low enough"
    assert calibration.point(None) == calibration.point(0.2)
    assert calibration.short_point(1.0) == calibration.point(1 / 3)


def test_a_logistic_gives_a_probability_by_name() -> None:
    logistic = Logistic(bias=-1.0, weights={"a": 2.0})
    assert logistic.probability({"a": 0.5, "b": 9.0}) == 0.5
    assert 0 <= logistic.probability({"a": -1e6}) < logistic.probability({"a": 1e6}) <= 1
