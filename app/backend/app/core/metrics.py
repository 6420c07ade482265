"""Metrics in Prometheus' format.

Requests are counted in plain dictionaries, which costs a request next to nothing; the client
library is imported by the first scrape. The numbers are those of one process: `app.server` runs
one worker, and every replica is scraped by itself.
"""

import platform
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING

from sqlalchemy import Pool, QueuePool

from app import __version__

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry, Metric

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
LABELS = ("method", "endpoint", "status")


@dataclass(slots=True)
class Durations:
    """A histogram: how many fell into each bucket, and their sum."""

    total: float = 0.0
    counts: list[int] = field(default_factory=lambda: [0] * (len(BUCKETS) + 1))


class Metrics:
    """The numbers of one application."""

    def __init__(self, *, environment: str, pool: Callable[[], Pool]) -> None:
        self.in_progress = 0
        self._environment = environment
        self._pool = pool
        self._count_sse_clients: Callable[[], int] = int
        self._requests: dict[tuple[str, str, int], Durations] = {}
        self._registry: CollectorRegistry | None = None

    def observe(self, method: str, endpoint: str, status: int, seconds: float) -> None:
        """Count one request; the event loop's thread alone calls this."""
        key = (method, endpoint, status)
        durations = self._requests.get(key)
        if durations is None:
            durations = self._requests[key] = Durations()
        durations.total += seconds
        durations.counts[bisect_left(BUCKETS, seconds)] += 1

    def watch_sse_clients(self, count: Callable[[], int]) -> None:
        """Ask this function, at each scrape, how many clients are listening."""
        self._count_sse_clients = count

    def render(self, accept: str) -> tuple[bytes, str]:
        """Return everything, with its media type, in the format that the scraper prefers."""
        from prometheus_client.exposition import choose_encoder

        encode, content_type = choose_encoder(accept)
        return encode(self._get_registry()), content_type

    def collect(self) -> Iterator["Metric"]:
        """Yield the application's own metrics; the client library calls this."""
        from prometheus_client.core import (
            CounterMetricFamily,
            GaugeMetricFamily,
            HistogramMetricFamily,
        )

        requests = CounterMetricFamily("app_requests", "Requests answered", labels=LABELS)
        seconds = HistogramMetricFamily(
            "app_request_duration_seconds",
            "Time until the answer was complete",
            labels=LABELS,
        )
        for (method, endpoint, status), durations in self._requests.items():
            labels = (method, endpoint, str(status))
            cumulative = list(accumulate(durations.counts))
            requests.add_metric(labels, cumulative[-1])
            bounds = (*map(str, BUCKETS), "+Inf")
            seconds.add_metric(
                labels, list(zip(bounds, cumulative, strict=True)), sum_value=durations.total
            )
        yield requests
        yield seconds
        yield GaugeMetricFamily(
            "app_requests_in_progress", "Requests being served", value=self.in_progress
        )
        yield GaugeMetricFamily(
            "app_sse_clients", "Clients that listen to events", value=self._count_sse_clients()
        )
        yield from self._collect_pool()
        info = GaugeMetricFamily(
            "app_build_info", "What is running", labels=("version", "environment", "python")
        )
        info.add_metric((__version__, self._environment, platform.python_version()), 1)
        yield info

    def _collect_pool(self) -> Iterator["Metric"]:
        from prometheus_client.core import GaugeMetricFamily

        pool = self._pool()
        if not isinstance(pool, QueuePool):
            return  # SQLite in memory has one connection and nothing to tell
        for name, text, value in (
            ("size", "Connections that the pool keeps", pool.size()),
            ("checked_out", "Connections in use", pool.checkedout()),
            ("overflow", "Connections beyond the pool's size", max(0, pool.overflow())),
        ):
            yield GaugeMetricFamily(f"app_db_pool_{name}", text, value=value)

    def _get_registry(self) -> "CollectorRegistry":
        if self._registry is None:
            from prometheus_client import CollectorRegistry, GCCollector, ProcessCollector

            # Not the library's global one: a process may have several applications.
            self._registry = CollectorRegistry()
            ProcessCollector(registry=self._registry)
            GCCollector(registry=self._registry)
            self._registry.register(self)
        return self._registry
