"""Files that scripts and browsers ask for: static ones, the catalogues, robots.txt."""

from __future__ import annotations

from flask import Blueprint, Response, abort

from .house import house

shelf = Blueprint("files", __name__)


@shelf.get("/static/<path:path>")
def static(path: str) -> Response:
    return house().files.serve(path)


@shelf.get("/favicon.ico")
def favicon() -> Response:
    return house().files.serve("icon.svg")


@shelf.get("/i18n/<lang>.json")
def catalogue(lang: str) -> Response:
    """The words of a language for scripts: `{"lang", "plural", "messages"}`."""
    body = house().catalogues.as_json(lang)
    if body is None:
        abort(404)
    response = Response(body, content_type="application/json")
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


@shelf.get("/robots.txt")
def robots() -> Response:
    """Webinars are for those who were invited."""
    return Response("User-agent: *\nDisallow: /\n", content_type="text/plain; charset=utf-8")
