"""Which language a request is answered in, and Flask-Babel on our catalogues."""

from __future__ import annotations

from babel.support import NullTranslations
from flask import Flask, Response, g, request
from flask_babel import Babel, Domain

from .house import house
from .i18n import COOKIE, DOMAIN

_YEAR_S = 31_536_000


class _OurDomain(Domain):  # type: ignore[misc]
    """Flask-Babel looks for compiled files; ours are read by `Catalogues`, which scripts get theirs from as well."""

    def get_translations(self) -> NullTranslations:
        return house().catalogues.translations(g.get("lang", "en"))


_domain = _OurDomain(domain=DOMAIN)


def _choose() -> None:
    accepted = [lang for lang, _ in request.accept_languages]
    kept = request.cookies.get(COOKIE)
    g.lang = house().catalogues.choose(request.args.get("lang"), [kept, *accepted] if kept else accepted)
    _domain.as_default()


def _keep(response: Response) -> Response:
    """A language that was asked for in the address is kept for the next page."""
    asked = request.args.get("lang")
    if asked and g.get("lang") and asked.lower() == g.lang.lower() and request.cookies.get(COOKIE) != g.lang:
        response.set_cookie(COOKIE, g.lang, max_age=_YEAR_S, path="/", samesite="Lax", secure=house().config.secure)
    return response


def speak(app: Flask) -> None:
    """Settles `g.lang` before every request; templates have `_` and `ngettext`."""
    Babel(app, default_domain=DOMAIN, locale_selector=lambda: g.get("lang", "en").replace("-", "_"))
    app.before_request(_choose)
    app.after_request(_keep)
