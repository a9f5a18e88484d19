"""What is counted, in one Prometheus registry per app; no text, no ids, route templates as labels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram, Info, generate_latest

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
TENTHS = tuple(tenth / 10 for tenth in range(1, 11))


class Metrics:
    """The counters of one app."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "clarion_requests", "Requests answered", ("route", "method", "status"), registry=self.registry
        )
        self._seconds = Histogram("clarion_request_seconds", "Time to answer", ("route",), registry=self.registry)
        self._scored = Counter("clarion_posts_scored", "Posts scored", registry=self.registry)
        self._flagged = Counter("clarion_posts_flagged", "Posts flagged for review", ("label",), registry=self.registry)
        self._errors = Counter("clarion_item_errors", "Items refused", ("code",), registry=self.registry)
        self._probability = Histogram(
            "clarion_probability", "Probabilities given", ("label",), buckets=TENTHS, registry=self.registry
        )
        self._reloads = Counter(
            "clarion_cues_reloads", "Changed sets of cue files judged", ("outcome",), registry=self.registry
        )
        for outcome in ("ok", "faulty"):
            self._reloads.labels(outcome)  # counted from 0, so that the first one is a rise
        self._model = Info("clarion_model", "The bundle that is serving", registry=self.registry)

    def request(self, route: str, method: str, status: int, seconds: float) -> None:
        """Count one answered request."""
        self._requests.labels(route, method, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def scored(self, labels: Mapping[str, Any]) -> None:
        """Count one scored post, given its score per label."""
        self._scored.inc()
        for label, score in labels.items():
            self._probability.labels(label).observe(score.probability)
            if score.flagged:
                self._flagged.labels(label).inc()

    def refused(self, code: str) -> None:
        """Count one item that could not be scored."""
        self._errors.labels(code).inc()

    def reloaded(self, outcome: str) -> None:
        """Count one changed set of cue files: ok or faulty."""
        self._reloads.labels(outcome).inc()

    def model(self, **facts: str) -> None:
        """Say which bundle is serving."""
        self._model.info(facts)

    def render(self) -> bytes:
        """Render everything in Prometheus' text format."""
        return generate_latest(self.registry)
