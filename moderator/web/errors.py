"""How an error is said: as a page in the reader's words, or as the ack of the contract to programs."""

from __future__ import annotations

from typing import Any

import structlog
from flask import Flask, Response, g, jsonify, render_template, request
from werkzeug.exceptions import HTTPException

from ..domain.refusal import N_

STATUS = {
    "invalid": 400,
    "forbidden": 403,
    "not_found": 404,
    "conflict": 409,
    "closed": 409,
    "rate_limited": 429,
    "unavailable": 503,
}
CODES = {400: "invalid", 403: "forbidden", 404: "not_found", 409: "conflict", 429: "rate_limited", 503: "unavailable"}

HEADINGS = {
    400: N_("This request could not be read"),
    403: N_("Not with this link"),
    404: N_("Nothing here"),
    405: N_("This address does not take that"),
    413: N_("Too large"),
    429: N_("Too many at once"),
    503: N_("Not available for the moment"),
}
MESSAGES = {
    400: N_("Go back and try again."),
    403: N_("Ask the host for the right link."),
    404: N_("Check the address, or type the join code on the first page."),
    413: N_("Send less at once."),
    503: N_("Try again in a moment."),
}
log = structlog.get_logger("moderator.web")


class Denied(Exception):
    """403, with a sentence for the user."""


class Limited(Exception):
    """429: too many from one address; `retry_after_s` seconds."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__(retry_after_s)
        self.retry_after_s = retry_after_s


class Gone(Exception):
    """404 for a secret link that is not, or no longer, valid."""


class Missing(Exception):
    """404 for a webinar that there is not, or not any more."""


def say(text: str, **params: Any) -> str:
    """The sentence in the language of the request."""
    from .house import house

    return house().catalogues.gettext(g.get("lang", "en"), text, **params)


def say_many(one: str, many: str, n: int, **params: Any) -> str:
    """The sentence in the plural form that fits `n`, in the language of the request."""
    from .house import house

    return house().catalogues.ngettext(g.get("lang", "en"), one, many, n, **params)


def ack_response(ack: dict[str, Any], ok: int = 200) -> Response:
    """An ack as an HTTP answer: its status by its code, Retry-After where it says when."""
    response: Response = jsonify(ack)
    response.status_code = ok
    if not ack.get("ok"):
        error = ack["error"]
        response.status_code = STATUS.get(error["code"], 400)
        if "retry_after_s" in error:
            response.headers["Retry-After"] = str(error["retry_after_s"])
    return response


def refusal(code: str, message: str, **more: Any) -> dict[str, Any]:
    """A refusing ack; `message` is already in the reader's words."""
    return {"ok": False, "error": {"code": code, "message": message, **more}}


def for_programs() -> bool:
    """Does this request want JSON rather than a page?"""
    path = request.path
    return path.startswith("/api/") or path.endswith((".json", "/preview-programme", "/wipe-rehearsal"))


def page(status: int, message: str | None = None, heading: str | None = None, **more: Any) -> Response:
    """The error as a page, or as an ack where a program asks."""
    text = message if message is not None else say(MESSAGES.get(status, MESSAGES[503]))
    if for_programs():
        response: Response = jsonify(
            refusal(CODES.get(status, "invalid" if status < 500 else "unavailable"), text, **more)
        )
    else:
        title = heading or say(HEADINGS.get(status, HEADINGS[400] if status < 500 else HEADINGS[503]))
        back = "/"
        body = render_template(
            "error.html", code=status, heading=title, message=text, back=back, back_text=say(N_("First page"))
        )
        response = Response(body)
    response.status_code = status
    if "retry_after_s" in more:
        response.headers["Retry-After"] = str(more["retry_after_s"])
    return response


def _denied(error: Denied) -> Response:
    return page(403, say(str(error)))


def _limited(error: Limited) -> Response:
    message = say(N_("Too many at once. Try again in {n} seconds."), n=error.retry_after_s)
    return page(429, message, retry_after_s=error.retry_after_s)


def _gone(error: Gone) -> Response:
    return page(404, say(N_("This link is no longer valid. Ask the host for a new one.")), say(N_("No longer valid")))


def _missing(error: Missing) -> Response:
    text = say(N_("There is no webinar at this address. Check it, or type the join code on the first page."))
    return page(404, text, say(N_("No such webinar")))


def _http(error: HTTPException) -> Any:
    if error.code is None or error.code < 400:
        return error
    response = page(error.code)
    allow = getattr(error, "valid_methods", None)
    if allow:
        response.headers["Allow"] = ", ".join(sorted(allow))
    return response


def _unexpected(error: Exception) -> Response:
    log.error(
        "request failed", route=request.endpoint, method=request.method, request_id=g.get("request_id"), exc_info=error
    )
    return page(500, say(N_("Something failed here. It was written down as {id}."), id=g.get("request_id", "")))


def handle(app: Flask) -> None:
    app.register_error_handler(Denied, _denied)
    app.register_error_handler(Limited, _limited)
    app.register_error_handler(Gone, _gone)
    app.register_error_handler(Missing, _missing)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)
