"""Which log a configuration means: the embedded one in --data, or the one in --redis."""

from __future__ import annotations

import json
import logging
import os
from contextlib import suppress
from pathlib import Path

from .config import Config, Mistake
from .log.base import Log, LogLost
from .log.clock import RehearsalClock

log_ = logging.getLogger("moderator.log")
NOTE = "redis.json"
"""In --data: the epoch of each Redis that a server here kept its log in. An empty one is then known to be a loss."""


def for_writing(config: Config) -> Log:
    """The log, made if there is none. Raises LogError (in use, not writable, not reachable, lost) or Mistake."""
    if config.redis is None:
        from .log.sqlite import open_log

        embedded = open_log(
            config.data, RehearsalClock(config.now, speed=config.clock_speed) if config.now is not None else None
        )
        for said in embedded.missing:  # without a server nothing is set up, and it is a line on stderr
            log_.error(said)
        return embedded
    from .log import redis
    from .log.redis_way import readable

    name = readable(config.redis)
    try:
        log = redis.open_log(
            config.redis, expected=_known(config.data).get(name), require_durable=config.require_durable
        )
    except ValueError as error:
        raise Mistake(f"--redis {error}") from None
    except LogLost as error:
        raise LogLost(f"{error.message} To begin a new log there, remove {config.data / NOTE}.") from None
    _note(config.data, name, log.epoch)
    return log


def for_reading(config: Config) -> Log:
    """The log, beside a running server or without one. Raises LogError or Mistake."""
    if config.redis is None:
        from .log.sqlite import open_reader

        return open_reader(config.data)
    return for_writing(config)


def _known(data: Path) -> dict[str, str]:
    with suppress(OSError, ValueError):
        found = json.loads((data / NOTE).read_text())
        if isinstance(found, dict):
            return {str(name): str(epoch) for name, epoch in found.items()}
    return {}


def _note(data: Path, name: str, epoch: str) -> None:
    known = _known(data)
    if known.get(name) == epoch:
        return
    part = data / f"{NOTE}.{os.getpid()}"
    with suppress(OSError):  # a disk that is full or read-only must not keep a server from starting
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        part.write_text(json.dumps({**known, name: epoch}) + "\n")
        os.replace(part, data / NOTE)
