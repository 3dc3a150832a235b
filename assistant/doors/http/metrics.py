"""Metrics of a running server in Prometheus' text format."""

import os
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
from assistant.doors.http.admission import AdmissionQueue
from assistant.doors.http.startup import Startup

router = APIRouter(tags=["health"])

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Metrics(Collector):
    """The metrics of one server, in a registry of its own, so that one process can run several servers."""

    def __init__(self, startup: Startup, queues: Mapping[str, AdmissionQueue]) -> None:
        self._startup = startup
        self._registry = registry = CollectorRegistry()
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=registry)
        self._requests = Counter(
            "assistant_requests", "Requests, by route and status.", ("route", "status"), registry=registry
        )
        self._errors = Counter("assistant_errors", "Error responses, by error code.", ("code",), registry=registry)
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
        queued = Gauge("assistant_places_taken", "Running or waiting, by kind.", ("kind",), registry=registry)
        for kind, queue in queues.items():
            queued.labels(kind).set_function(partial(len, queue))
        registry.register(self)

    def collect(self) -> Iterable[Metric]:
        """Yield the gauges that are read when the metrics are scraped."""
        assistant = self._startup.ready
        yield GaugeMetricFamily("assistant_process_id", "Which of the server's processes counted these.", os.getpid())
        yield GaugeMetricFamily("assistant_ready", "1 when the model and the index are loaded.", assistant is not None)
        if assistant is not None:
            for name, value in assistant.library.size().items():
                yield GaugeMetricFamily(f"assistant_library_{name}", f"The library's {name}.", value)

    def record_request(self, route: str, status: int, seconds: float, code: str | None) -> None:
        """Count a request, its duration and its error code, if any."""
        self._requests.labels(route, status).inc()
        self._seconds.labels(route).observe(seconds)
        if code:
            self._errors.labels(code).inc()

    def record_answer(self, answer: Answer) -> Answer:
        """Count an answer and, unless it comes from the cache, the duration of its stages; returns the answer."""
        self._questions.labels(answer.mode, answer.reason or "answered").inc()
        stages = {stage: ms for stage, ms in answer.timings_ms.items() if stage != "total"}
        if sum(stages.values()) <= answer.timings_ms.get("total", 0):  # a cached answer takes less time than its stages
            for stage, ms in stages.items():
                self._stages.labels(stage).observe(ms / 1000)
        return answer

    def exposition(self) -> bytes:
        """Return all metrics in the text format."""
        return generate_latest(self._registry)


async def _server_metrics(request: Request) -> Metrics:
    metrics: Metrics = request.app.state.metrics
    return metrics


ServerMetrics = Annotated[Metrics, Depends(_server_metrics)]


@router.get("/metrics", summary="Metrics", response_class=PlainTextResponse)
def metrics(server_metrics: ServerMetrics) -> PlainTextResponse:
    """Requests, questions, queues, the library and the process, in Prometheus' text format."""
    return PlainTextResponse(server_metrics.exposition(), headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4})
