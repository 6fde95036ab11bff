"""For operators: is it alive, can it serve, and how is it doing."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from ..metrics import CONTENT_TYPE, WEBINARS, exposition
from .house import house

health = Blueprint("health", __name__)


@health.get("/healthz")
def alive() -> Response:
    """200 as long as the process answers."""
    return jsonify({"ok": True})


@health.get("/readyz")
def ready() -> Response:
    """200 when the log can be written; 503 with the reason when it cannot."""
    found = house().rooms.health()
    response = jsonify(found)
    response.status_code = 200 if found.get("ok") else 503
    return response


@health.get("/metrics")
def metrics() -> Response:
    """Prometheus' text format."""
    WEBINARS.set(len(house().rooms.slugs()))
    return Response(exposition(), content_type=CONTENT_TYPE)
