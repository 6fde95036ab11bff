"""Logs for operators: one JSON object a line on stderr, with a request id; never a key, a token or a question's text."""

from __future__ import annotations

import logging
import os
import re
import sys
import time

import structlog
from flask import Flask, Response, g, request

from ..metrics import REQUESTS

_SECRET = re.compile(r"^/[kK]/[^/]*")
_LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40, "critical": 50}

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
