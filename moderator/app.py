"""Puts the parts together: the log, the rooms, the pages and the sockets."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from . import opening
from .config import Config, Mistake
from .domain.refusal import Refused, fill
from .log.base import Log, LogConflict

if TYPE_CHECKING:
    from flask import Flask
    from flask_socketio import SocketIO

    from .live.limits import Limits
    from .live.rooms import Rooms


def build(config: Config) -> tuple[Flask, SocketIO, Rooms]:
    """The whole application on the data that `config` names. Raises LogError (data in use, not writable)."""
    from .live.identity import Identities, load_secret
    from .live.rooms import Rooms
    from .live.sockets import attach
    from .web import create_app
    from .web.i18n import Catalogues

    log = opening.for_writing(config)
    try:
        identities = Identities(load_secret(config.data, os.environ))
        catalogues = Catalogues.load(config.root / "translations")
        limits = _limits(log)
        rooms = Rooms(
            log, identities, catalogues, rehearsal=config.now is not None, speed=config.clock_speed, limits=limits
        )
        _follow(log, rooms)
        app = create_app(config, rooms)
        socketio = attach(app, rooms, identities, config)
    except BaseException:
        log.close()
        raise
    return app, socketio, rooms


def _limits(log: Log) -> Limits:
    """What counts how often somebody did something: this worker alone, or all that share the log."""
    from .live.limits import Limits

    if not log.shared:
        return Limits()
    from .live.shared import RedisLimits
    from .log.redis import RedisLog

    if not isinstance(log, RedisLog):
        return Limits()

    return Limits(RedisLimits(log.way()))


def _follow(log: Log, rooms: Rooms) -> None:
    if not log.shared:
        return
    from .live.follow import Follower
    from .live.shared import RedisPresence
    from .log.redis import RedisLog

    presence = RedisPresence(log.way(), rooms) if isinstance(log, RedisLog) else None
    rooms.follower = Follower(rooms, presence)
    rooms.follower.start()


def furnish(config: Config, rooms: Rooms, slug: str | None) -> tuple[str | None, list[str]]:
    """Make a webinar of `--agenda` if there is none of its name, or of the sample if the log holds none at all.

    The webinar that was named or made, if one was, and what the import has to say. Raises Mistake.
    """
    from .programme import SAMPLE
    from .store import check_slug, read_programme, slug_of

    known = rooms.slugs()
    path = config.agenda if config.agenda is not None else SAMPLE if not known else None
    if path is None:
        if slug is not None and slug not in known:
            raise Mistake(f"There is no webinar called {slug}; there are: {', '.join(known)}.")
        return slug, []
    programme = read_programme(config, path)
    name = check_slug(slug) if slug else slug_of(programme)
    if name in known:
        return name, []
    try:
        rooms.create(programme, name)
    except LogConflict:  # another worker was quicker
        rooms.take_over(rooms.log.webinars())
    except Refused as refused:
        raise Mistake(f"{path}: {fill(refused.message, refused.params)}") from None
    return name, programme.notes
