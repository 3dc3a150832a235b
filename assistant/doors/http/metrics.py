"""What an operator asks of a running server, in Prometheus' text format."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import PlainTextResponse
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from assistant.answer import Answer
from assistant.doors.http.admission import Admission
from assistant.doors.http.opening import Opening

router = APIRouter(tags=["health"])

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics(Collector):
    """The figures of one server; its registry is its own, so that several can live in one process."""

    def __init__(self, opening: Opening, admissions: Mapping[str, Admission]) -> None:
        self._opening = opening
        self._registry = registry = CollectorRegistry()
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=registry)
        self._requests = Counter(
            "assistant_requests", "Requests, by route and status.", ("route", "status"), registry=registry
        )
        self._errors = Counter(
            "assistant_errors", "Replies that were an error, by its code.", ("code",), registry=registry
        )
        self._seconds = Histogram(
            "assistant_request_seconds",
            "From a request's first byte to the last of its reply, by route.",
            ("route",),
            registry=registry,
            buckets=_SECONDS,
        )
        self._questions = Counter(
            "assistant_questions",
            "Questions, by mode and outcome: answered, or why not.",
            ("mode", "outcome"),
            registry=registry,
        )
        self._stages = Histogram(
            "assistant_answer_seconds",
            "Computing an answer, by stage.",
            ("stage",),
            registry=registry,
            buckets=_SECONDS,
        )
        inside = Gauge(
            "assistant_places_taken", "Computed now or waiting for it, by kind.", ("kind",), registry=registry
        )
        for kind, admission in admissions.items():
            inside.labels(kind).set_function(partial(getattr, admission, "inside"))
        registry.register(self)

    def collect(self) -> Iterable[Metric]:
        """The library, as it is when it is asked for."""
        assistant = self._opening.now
        yield GaugeMetricFamily("assistant_ready", "1 when the model and the index are loaded.", assistant is not None)
        if assistant is not None:
            for name, value in assistant.library.size().items():
                yield GaugeMetricFamily(f"assistant_library_{name}", f"The library's {name}.", value)

    def replied(self, route: str, status: int, seconds: float, code: str | None) -> None:
        """Count a request that was answered."""
        self._requests.labels(route, status).inc()
        self._seconds.labels(route).observe(seconds)
        if code:
            self._errors.labels(code).inc()

    def answered(self, answer: Answer) -> Answer:
        """Count an answer, and how long its stages took unless it was remembered."""
        self._questions.labels(answer.mode, answer.reason or "answered").inc()
        stages = {stage: took for stage, took in answer.timings_ms.items() if stage != "total"}
        if sum(stages.values()) <= answer.timings_ms.get("total", 0):  # a remembered answer is quicker than its stages
            for stage, took in stages.items():
                self._stages.labels(stage).observe(took / 1000)
        return answer

    def text(self) -> bytes:
        """All of it."""
        return generate_latest(self._registry)


async def _figures(request: Request) -> Metrics:
    metrics: Metrics = request.app.state.metrics
    return metrics


Figures = Annotated[Metrics, Depends(_figures)]


@router.get("/metrics", summary="Figures for an operator", response_class=PlainTextResponse)
def metrics(figures: Figures) -> PlainTextResponse:
    """Requests, questions, waiting, the library and the process, in Prometheus' text format."""
    return PlainTextResponse(figures.text(), headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4})
