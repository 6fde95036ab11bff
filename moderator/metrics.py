"""What operators watch: one registry of Prometheus metrics, written by `live/` and `web/`, read at `/metrics`.

Labels hold roles, command types and results only, never a webinar's text, a key or an address.

Workers of one parent (`--workers N`) share a port, so whoever asks reaches one of them by chance: each keeps its
numbers in files of a folder that all can read, and the one that is asked adds them up. The files are named by the
worker's number, so one that is started again counts on from where it was killed, and no counter falls. The folder is
the parent's (`workers.py`), in memory: a file on a busy disk would make whoever counts wait for it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest, values
from prometheus_client import disable_created_metrics as without_created
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from .workers import metrics_place

_SHARED = metrics_place()
if _SHARED is not None:  # before the first metric is made
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_SHARED.folder)
    values.ValueClass = values.MultiProcessValue(lambda number=_SHARED.number: number)  # type: ignore[no-untyped-call]
without_created()  # type: ignore[no-untyped-call]  # `…_created` says when this process made a counter, which is of no use here

REGISTRY = CollectorRegistry(auto_describe=True)

CONNECTIONS = Gauge(
    "webinar_connections", "Open sockets by role.", ["role"], registry=REGISTRY, multiprocess_mode="livesum"
)
COMMANDS = Counter(
    "webinar_commands", "Commands by type and result (ok, or the error's code).", ["type", "result"], registry=REGISTRY
)
COMMIT_SECONDS = Histogram(
    "webinar_commit_seconds",
    "Time from handing a commit to the log until it is durable.",
    registry=REGISTRY,
    buckets=(0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
BATCH_SIZE = Histogram(
    "webinar_commit_commands",
    "Commands that one commit holds.",
    registry=REGISTRY,
    buckets=(1, 2, 5, 10, 20, 50, 100, 200, 500, 1000),
)
PATCH_BYTES = Counter("webinar_patch_bytes", "Bytes of patches sent, as JSON, by role.", ["role"], registry=REGISTRY)
SNAPSHOT_BYTES = Counter(
    "webinar_snapshot_bytes", "Bytes of snapshots sent, as JSON, by role.", ["role"], registry=REGISTRY
)
SLOW_READERS = Counter(
    "webinar_slow_readers_cut", "Connections closed because they did not take what was sent.", registry=REGISTRY
)
LOG_LAG = Histogram(
    "webinar_log_lag_seconds",
    "From the time that another worker's commit bears until this worker took it over.",
    registry=REGISTRY,
    buckets=(0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
LOG_UNREAD = Gauge(
    "webinar_log_unread_seconds",
    "For how long a worker has not been able to read what others append; 0 while it can.",
    registry=REGISTRY,
    multiprocess_mode="livemax",
)
LOOP_LATE = Histogram(
    "webinar_loop_late_seconds",
    "How much too late the socket loop did what was due, looked at four times a second.",
    registry=REGISTRY,
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
REQUESTS = Counter(
    "webinar_http_requests", "HTTP requests by route and status.", ["route", "status"], registry=REGISTRY
)
WEBINARS = Gauge(
    "webinar_webinars", "Webinars that the log holds.", registry=REGISTRY, multiprocess_mode="livemostrecent"
)
STARTS = Counter("webinar_worker_starts", "Processes that began to serve, dead ones included.", registry=REGISTRY)

for _role in ("attendee", "moderator", "speaker", "screen"):  # so that they are there, and 0, from the beginning
    CONNECTIONS.labels(_role)
    PATCH_BYTES.labels(_role)
    SNAPSHOT_BYTES.labels(_role)

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@cache
def commands(type: str, result: str) -> Any:
    """The counter of one kind of command and result: looking it up by its labels costs more than counting."""
    return COMMANDS.labels(type, result)


@cache
def patch_bytes(role: str) -> Any:
    """The counter of what a role is sent in patches."""
    return PATCH_BYTES.labels(role)


@cache
def snapshot_bytes(role: str) -> Any:
    """The counter of what a role is sent in snapshots."""
    return SNAPSHOT_BYTES.labels(role)


def serving() -> None:
    """This process begins to serve: count it, and let the other workers know which process it is."""
    STARTS.inc()
    if _SHARED is not None:
        with suppress(OSError):
            _SHARED.announce()


def exposition() -> bytes:
    """All metrics in Prometheus' text format, of all workers of this parent."""
    if _SHARED is None:
        return generate_latest(REGISTRY) + generate_latest(_of_processes({"": "self"}))
    added = CollectorRegistry()
    MultiProcessCollector(added, str(_SHARED.folder))  # type: ignore[no-untyped-call]
    return generate_latest(added) + generate_latest(_of_processes(_SHARED.processes()))


class _Processes(Collector):
    """Memory, processor time and open files of processes, by worker; `{"": pid}`: of the only one."""

    def __init__(self, pids: dict[str, str]) -> None:
        self._pids = pids

    def collect(self) -> Iterable[Metric]:
        found: dict[str, Metric] = {}
        for worker, pid in self._pids.items():
            labels = {"worker": worker} if worker else {}
            for one in ProcessCollector(pid=lambda pid=pid: pid, registry=None).collect():  # type: ignore[misc]
                family = found.setdefault(one.name, Metric(one.name, one.documentation, one.type))
                for sample in one.samples:
                    family.add_sample(sample.name, labels, sample.value)
        up = Metric("webinar_workers", "Processes that serve.", "gauge")
        up.add_sample("webinar_workers", {}, len(self._pids))
        return [up, *found.values()]


def _of_processes(pids: dict[str, str]) -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(_Processes(pids))
    return registry
