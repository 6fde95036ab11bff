"""What operators watch: one registry of Prometheus metrics, written by `live/` and `web/`, read at `/metrics`.

Labels hold roles, command types and results only, never a webinar's text, a key or an address.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

REGISTRY = CollectorRegistry(auto_describe=True)

CONNECTIONS = Gauge("webinar_connections", "Open sockets by role.", ["role"], registry=REGISTRY)
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
PATCH_BYTES = Counter("webinar_patch_bytes", "Bytes of patches sent, by role.", ["role"], registry=REGISTRY)
REQUESTS = Counter(
    "webinar_http_requests", "HTTP requests by route and status.", ["route", "status"], registry=REGISTRY
)
WEBINARS = Gauge("webinar_webinars", "Webinars that the log holds.", registry=REGISTRY)


@cache
def commands(type: str, result: str) -> Any:
    """The counter of one kind of command and result: looking it up by its labels costs more than counting."""
    return COMMANDS.labels(type, result)


CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def exposition() -> bytes:
    """All metrics in Prometheus' text format."""
    return generate_latest(REGISTRY)
