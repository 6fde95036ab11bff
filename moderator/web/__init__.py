"""The web side: pages, access, REST, export, report, health."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from ..config import Config
    from ..live.rooms import Rooms

BODY_BYTES = 1_000_000


def create_app(config: Config, rooms: Rooms) -> Flask:
    """The Flask application on these rooms. It asks nobody else: two applications may live in one process."""
    import jinja2
    from flask import Flask

    from . import access, errors, language, logs, security
    from .api import api
    from .files import Files, zip_page
    from .health import health
    from .house import NAME, House
    from .limit import JoinLimit, storage_of
    from .pages import pages
    from .plain import plain
    from .shelf import shelf

    app = Flask("moderator", static_folder=None, template_folder=str(config.root / "templates"))
    app.config.update(MAX_CONTENT_LENGTH=BODY_BYTES, MAX_FORM_MEMORY_SIZE=BODY_BYTES, TRAP_HTTP_EXCEPTIONS=False)
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.jinja_env.undefined = jinja2.ChainableUndefined
    files = Files(config.root / "static")
    catalogues = rooms.translations
    app.extensions[NAME] = House(
        config=config,
        rooms=rooms,
        identities=rooms.identities,
        catalogues=catalogues,
        files=files,
        join_limit=JoinLimit(config.join_limit, storage_of(rooms.log)),
    )
    # The order matters: a request gets its id, then its language, then it is let in; answers pass the other way round.
    security.secure(app)
    app.after_request(zip_page)
    logs.watch(app)
    language.speak(app)
    app.before_request(access.guard)
    errors.handle(app)
    for part in (pages, plain, api, health, shelf):
        app.register_blueprint(part)

    @app.context_processor
    def facts() -> dict[str, object]:
        from flask import g

        return {
            "lang": g.get("lang", "en"),
            "languages": catalogues.languages,
            "static_url": files.url,
            "rehearsal": config.now is not None,
            "clock_speed": f"{config.clock_speed:g}" if config.clock_speed != 1 else "",
        }

    return app
