"""Logs for operators: a JSON object per line on stderr, with a request id; no key, no token, no question's text."""

from __future__ import annotations

import json
import logging
import os
import re
import sys
import time
from datetime import UTC, datetime

import structlog
from flask import Flask, Response, g, request

from ..metrics import REQUESTS

_SECRET = re.compile(r"^/[kK]/[^/]*")
_LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40, "critical": 50}

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime"}

log = structlog.get_logger("moderator.web")


def masked(path: str) -> str:
    """A path fit for a log: a secret link's key is not."""
    return _SECRET.sub("/k/***", path)


def configure() -> None:
    """MODERATOR_LOG_LEVEL (debug, info, warning, error) and up go to stderr; warning when it is not set."""
    level = _LEVELS.get(os.environ.get("MODERATOR_LOG_LEVEL", "warning").lower(), logging.WARNING)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(level, logging.WARNING))
    logging.getLogger("moderator").setLevel(level)


class _Json(logging.Formatter):
    """What the other rooms say through the standard library, in the same form."""

    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, object] = {
            "event": record.getMessage(),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        said.update((key, value) for key, value in vars(record).items() if key not in _STANDARD)
        if record.exc_info:
            said["exception"] = self.formatException(record.exc_info)
        said["timestamp"] = datetime.fromtimestamp(record.created, UTC).isoformat()
        return json.dumps(said, ensure_ascii=False, default=str)


def watch(app: Flask) -> None:
    """Counts every request and, at level info, writes it down."""

    def begin() -> None:
        g.began = time.perf_counter()

    def end(response: Response) -> Response:
        route = request.endpoint or "none"
        REQUESTS.labels(route, str(response.status_code)).inc()
        log.info(
            "request",
            method=request.method,
            path=masked(request.path),
            route=route,
            status=response.status_code,
            ms=round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1),
            request_id=g.get("request_id"),
        )
        return response

    app.before_request(begin)
    app.after_request(end)
