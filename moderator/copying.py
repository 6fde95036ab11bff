"""Moving a webinar between logs: SQLite to Redis, Redis to SQLite, one Redis to another."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from . import opening
from .config import Config, Mistake
from .log.base import Log, LogConflict
from .log.redis_way import SCHEMES, check_url


def place(config: Config, given: str, option: str) -> Config:
    """The configuration whose log an address means: `sqlite:DIR` or one of a Redis. Raises Mistake."""
    kind, _, rest = given.partition(":")
    if kind == "sqlite" and rest:
        return replace(config, data=Path(rest), redis=None)
    if kind in SCHEMES:
        try:
            check_url(given)
        except ValueError as error:
            raise Mistake(f"{option} {error}") from None
        return replace(config, redis=given)
    raise Mistake(f"{option} {given!r}: write sqlite:DIR, or the address of a Redis such as redis://127.0.0.1:6379/0.")


def copy(config: Config, source: str, target: str, slug: str | None) -> list[str]:
    """What was done, line by line. Raises Mistake when the target has the webinar, LogError when a log fails."""
    from_config = place(config, source, "--from")
    to_config = place(config, target, "--to")
    if (from_config.redis, from_config.data) == (to_config.redis, to_config.data) or (
        from_config.redis is not None and from_config.redis == to_config.redis
    ):
        raise Mistake("--from and --to are the same log.")
    reading = opening.for_reading(from_config)
    try:
        known = reading.webinars()
        if slug is not None and slug not in known:
            raise Mistake(f"There is no webinar called {slug} in {reading.name}; there are: {', '.join(known)}.")
        slugs = [slug] if slug is not None else known
        if not slugs:
            raise Mistake(f"{reading.name} holds no webinar.")
        writing = opening.for_writing(to_config)
        try:
            there = [one for one in slugs if one in writing.webinars()]
            if there:
                raise Mistake(f"{writing.name} has a webinar called {there[0]} already; nothing was copied.")
            said = [_copy(reading, writing, one) for one in slugs]
        finally:
            writing.close()
    finally:
        reading.close()
    return [
        *said,
        "The source keeps what it has, and takes commands again: stop its server before people go to the new one.",
        "Links stay the same where the secret is the same (DATA/secret, or MODERATOR_SECRET).",
    ]


def _copy(reading: Log, writing: Log, slug: str) -> str:
    # Read only for as long as it takes, so that nothing is acknowledged there that the copy lacks.
    with reading.frozen(slug):
        try:
            last = writing.adopt(slug, reading.read(slug))
        except LogConflict:
            raise Mistake(f"{writing.name} has a webinar called {slug} already; nothing was copied.") from None
        if last != reading.last(slug) or last != writing.last(slug):
            writing.erase(slug)
            raise Mistake(f"{slug} changed while it was copied; the copy was taken back. Try again.")
    return f"{slug}: {last} commits from {reading.name} to {writing.name}."
