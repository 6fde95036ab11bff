"""What every answer says to browsers, and whose pages may change anything here."""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, g, request

from ..config import is_host
from .house import house

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
FRAMED = frozenset({"pages.attendee", "pages.overlay"})
"""Pages that sites named by --allow-origin may embed."""

_FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": (
        "screen-wake-lock=(self), fullscreen=(self), autoplay=(self), camera=(), microphone=(), geolocation=(), "
        "payment=(), usb=(), interest-cohort=()"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
}
_NOTHING = "default-src 'none'; frame-ancestors 'none'"
_HSTS = "max-age=31536000"
_CORS = {
    "Access-Control-Allow-Methods": "GET, POST, DELETE",
    "Access-Control-Allow-Headers": "Authorization, Content-Type",
    "Access-Control-Expose-Headers": "Retry-After, X-Request-Id",
    "Access-Control-Max-Age": "600",
}


def own_origin(origin: str) -> bool:
    """Is it the origin under which the browser sees this server? Scheme aside: TLS may end in front of the process."""
    host = urlsplit(origin).netloc.lower()
    return bool(host) and (host == request.host.lower() or origin.lower() == house().config.public_url)


def foreign_request() -> bool:
    """Was this request made by a page that is neither ours nor allowed? Programs send no Origin and are fine."""
    origin = request.headers.get("Origin")
    site = request.headers.get("Sec-Fetch-Site")
    if origin is not None and origin != "null":
        return not own_origin(origin) and origin.lower() not in house().config.allow_origins
    if origin == "null":  # a sandboxed page, a redirect, or a form of our own page that sends no referrer
        return site != "same-origin"
    return site is not None and site not in ("same-origin", "none")


def content_security_policy(frame_ancestors: str) -> str:
    """Everything from this server, nothing inline, nothing from elsewhere."""
    sockets = ""
    if is_host(request.host):  # not every browser counts ws: as 'self'
        sockets = f" ws://{request.host} wss://{request.host}"
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        f"media-src 'self'; connect-src 'self'{sockets}; manifest-src 'self'; base-uri 'none'; form-action 'self'; "
        f"frame-ancestors {frame_ancestors}"
    )


def _before() -> None:
    g.request_id = secrets.token_hex(8)


def _after(response: Response) -> Response:
    config = house().config
    headers = response.headers
    if request.endpoint == "files.static" and response.status_code < 400:
        # Nobody opens these by themselves. A page has some 35 of them, and all that goes without saying costs 30 kB.
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Referrer-Policy"] = "no-referrer"
        headers["Content-Security-Policy"] = _NOTHING
        if config.secure:
            headers["Strict-Transport-Security"] = _HSTS
        return response
    for name, value in _FIXED.items():
        headers[name] = value
    headers.setdefault("Referrer-Policy", "no-referrer")
    headers["X-Request-Id"] = g.get("request_id", "")
    ancestors = "'self'"
    if request.endpoint in FRAMED and config.allow_origins:
        ancestors = " ".join(["'self'", *config.allow_origins])
    else:
        headers["X-Frame-Options"] = "SAMEORIGIN"
    headers["Content-Security-Policy"] = content_security_policy(ancestors)
    headers.setdefault("Cache-Control", "no-store")
    if config.secure:
        headers["Strict-Transport-Security"] = _HSTS
    origin = request.headers.get("Origin", "").lower()
    if request.path.startswith("/api/"):
        headers.add("Vary", "Origin")
        if origin and origin in config.allow_origins:
            headers["Access-Control-Allow-Origin"] = origin
            for name, value in _CORS.items():
                headers[name] = value
    return response


def secure(app: Flask) -> None:
    """Puts the headers on every answer of the app, errors included."""
    app.before_request(_before)
    app.after_request(_after)
