"""Puts the parts together: the log, the rooms, the pages and the sockets."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from .config import Config, Mistake

if TYPE_CHECKING:
    from flask import Flask
    from flask_socketio import SocketIO

    from .live.rooms import Rooms


def build(config: Config) -> tuple[Flask, SocketIO, Rooms]:
    """The whole application on the data that `config` names. Raises LogError (data in use, not writable)."""
    from .live.identity import Identities, load_secret
    from .live.rooms import Rooms
    from .live.sockets import attach
    from .log.clock import RehearsalClock
    from .log.sqlite import open_log
    from .web import create_app
    from .web.i18n import Catalogues

    log = open_log(config.data, RehearsalClock(config.now) if config.now is not None else None)
    try:
        identities = Identities(load_secret(config.data, os.environ))
        catalogues = Catalogues.load(config.root / "translations")
        rooms = Rooms(log, identities, catalogues, rehearsal=config.now is not None)
        app = create_app(config, rooms)
        socketio = attach(app, rooms, identities, config)
    except BaseException:
        log.close()
        raise
    return app, socketio, rooms


def sample_or_agenda(config: Config, rooms: Rooms, slug: str | None) -> str | None:
    """Make a webinar of `--agenda` if there is none of its name, or of the sample if the log holds none at all."""
    if config.agenda is not None:
        from .store import read_programme, slug_of

        programme = read_programme(config.agenda)
        name = slug or slug_of(programme)
        return name if name in rooms.slugs() else rooms.create(programme, name)
    if not rooms.slugs():
        from .programme import SAMPLE
        from .store import read_programme

        return rooms.create(read_programme(SAMPLE), slug)
    if slug is not None and slug not in rooms.slugs():
        raise Mistake(f"There is no webinar called {slug}; there are: {', '.join(rooms.slugs())}.")
    return None
