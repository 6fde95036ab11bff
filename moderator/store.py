"""What the commands other than `serve` do: read the log beside a running server, or change it through that server.

Where no server runs they change the log themselves, under the lock on the data directory. No eventlet, no Flask.
"""

from __future__ import annotations

import json
import os
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from . import opening
from .config import Config, Mistake
from .domain import events
from .domain.decide import decide
from .domain.refusal import Refused, fill
from .domain.replay import Replay
from .domain.state import Webinar
from .links import Links, links_of
from .live.identity import Identities, load_secret
from .log.base import Log, LogConflict, LogUnavailable
from .log.clock import parse_instant
from .log.lock import Holder, holder
from .programme import DEFAULT_ZONE, Programme, ProgrammeError, agenda_of, read_bytes
from .programme import slug_of as title_slug
from .server import noted_base

SLUG = re.compile(r"\A[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?\Z")
STARTING_S = 10.0  # how long a server that is just starting may take to say where it answers


# ---- reading ---------------------------------------------------------------------------------------------------------


@contextmanager
def _reader(config: Config) -> Iterator[Log]:
    log = opening.for_reading(config)
    try:
        yield log
    finally:
        log.close()


def state_of(log: Log, slug: str, until: Callable[[int, int], bool] | None = None) -> Webinar:
    """The fold of a webinar, up to the last commit for which `until(seq, at)` holds. Raises Mistake if none does."""
    replay = Replay(slug)
    for commit in log.read(slug):
        if until is not None and not until(commit.seq, commit.at):
            break
        replay.add(events.decode(commit.body), commit.seq, commit.at)
    state = replay.finish()
    if state.seq == 0:
        raise Mistake(_unknown(log, slug))
    return state


def _unknown(log: Log, slug: str) -> str:
    known = log.webinars()
    there = f"there are: {', '.join(known)}" if known else "the log holds none"
    return f"There is no webinar called {slug}; {there}." if slug not in known else f"{slug} has nothing before that."


def choose(log: Log, slug: str | None) -> str:
    """The webinar that was named, or the only one. Raises Mistake."""
    known = log.webinars()
    if slug is not None:
        if slug not in known:
            raise Mistake(_unknown(log, slug))
        return slug
    if len(known) == 1:
        return known[0]
    raise Mistake(f"Name a webinar: {', '.join(known)}." if known else "The log holds no webinar yet.")


def identities(config: Config) -> Identities:
    try:
        return Identities(load_secret(config.data, os.environ))
    except ValueError as error:
        raise Mistake(str(error)) from None
    except OSError as error:
        raise Mistake(f"The secret in {config.data} cannot be read: {error.strerror}.") from None


def links(config: Config, slug: str | None) -> list[Links]:
    """Of the webinar that was named, or of all, oldest first."""
    with _reader(config) as log:
        slugs = [choose(log, slug)] if slug else log.webinars()
        if not slugs:
            raise Mistake("The log holds no webinar yet: start the server once, or import a programme.")
        base = noted_base(config.data) or config.base
        keys = identities(config)
        return [links_of(state_of(log, one), keys, base) for one in slugs]


def export(config: Config, slug: str | None, form: str) -> bytes:
    from .web.export import export_bytes

    with _reader(config) as log:
        base = noted_base(config.data) or ""
        return export_bytes(state_of(log, choose(log, slug)), log.now(), form, base)


def replay(config: Config, slug: str | None, until: str | None, role: str) -> dict[str, Any]:
    """`{"webinar", "seq", "now", "view"}` at that moment of the log."""
    from .live import views

    instant: int | None = None
    bound: Callable[[int, int], bool] | None = None
    if until is not None and until.isascii() and until.isdigit():
        last = int(until)
        bound = lambda seq, at: seq <= last  # noqa: E731
    elif until is not None:
        try:
            instant = moment = parse_instant(until)
        except ValueError as error:
            raise Mistake(f"--until {until!r} is neither a number of the log nor an instant. {error}") from None
        bound = lambda seq, at: at <= moment  # noqa: E731
    with _reader(config) as log:
        chosen = choose(log, slug)
        state = state_of(log, chosen, bound)
        at = next((commit.at for commit in log.read(chosen, state.seq - 1, 1)), log.now())
        now = instant if instant is not None else at if until is not None else log.now()
        return {
            "webinar": chosen, "epoch": log.epoch, "seq": state.seq, "at": at, "now": now, "role": role,
            "view": views.view(state, role, now),
        }  # fmt: skip


# ---- changing --------------------------------------------------------------------------------------------------------


class Running:
    """The server that works on the data, reached over HTTP."""

    def __init__(self, url: str, keys: Identities) -> None:
        self.url = url
        self._keys = keys
        # What a proxy elsewhere would do with a request to this machine is nobody's wish.
        self._open = urllib.request.build_opener(urllib.request.ProxyHandler({})).open

    def call(self, method: str, path: str, body: Any = None, *, key: str | None = None) -> dict[str, Any]:
        """The JSON answer. Raises Mistake with the server's sentence when it refuses."""
        request = urllib.request.Request(self.url + path, method=method)
        request.add_header("Authorization", f"Bearer {key or self._keys.organiser_key()}")
        data = None
        if body is not None:
            data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        try:
            with self._open(request, data, timeout=30) as answer:
                return dict(json.load(answer))
        except urllib.error.HTTPError as error:
            raise Mistake(_sentence(error)) from None
        except (OSError, ValueError) as error:
            raise Mistake(f"The server on {self.url} does not answer ({error}): stop it, or try again.") from None


def _sentence(error: urllib.error.HTTPError) -> str:
    try:
        return str(json.load(error)["error"]["message"])
    except (ValueError, KeyError, TypeError):
        return f"The server answered {error.code}."


def running(config: Config) -> Running | None:
    """The server that works on this data now. Raises Mistake when it cannot be reached.

    None with Redis: every worker follows that log, so commands write to it themselves.
    """
    if config.redis is not None:
        return None
    give_up = time.monotonic() + STARTING_S
    found: Holder | None = holder(config.data)
    while found is not None and not found.url and time.monotonic() < give_up:
        time.sleep(0.05)
        found = holder(config.data)
    if found is None:
        return None
    if not found.url:
        raise Mistake(f"Another command or server uses the data in {config.data} ({found}): try again when it is done.")
    return Running(found.url, identities(config))


@contextmanager
def _writer(config: Config) -> Iterator[Log]:
    log = opening.for_writing(config)
    try:
        yield log
    finally:
        log.close()


def _record(log: Log, slug: str, action: events.Action) -> None:
    while True:
        try:
            log.append(slug, log.last(slug) + 1, events.encode([action]), log.now())
        except LogConflict:  # a worker was quicker
            if slug not in log.webinars():
                raise
        else:
            return


def rotate(config: Config, slug: str | None, role: str) -> None:
    """New links for a role of one webinar; one event."""
    with _reader(config) as log:
        chosen = choose(log, slug)
    server = running(config)
    if server is not None:
        server.call("POST", f"/api/v1/webinars/{quote(chosen)}/rotate", {"role": role})
        return
    with _writer(config) as log:
        _record(log, chosen, events.Action(actor="host", type="host", events=[events.KeysRotated(role)]))


def erase(config: Config, slug: str | None, personal_data: bool) -> str:
    """What was done, in one line."""
    with _reader(config) as log:
        if slug is None:
            raise Mistake(f"Name the webinar to erase: {', '.join(log.webinars()) or 'the log holds none'}.")
        chosen = choose(log, slug)
    done = f"The personal data of {chosen} is gone." if personal_data else f"{chosen} is gone."
    server = running(config)
    if server is not None:
        server.call("DELETE", f"/api/v1/webinars/{quote(chosen)}" + ("?personal_data=1" if personal_data else ""))
        return done
    with _writer(config) as log:
        if personal_data:
            from .live.erasure import anonymise_log

            anonymise_log(log, chosen)
        else:
            log.erase(chosen)
    return done


def wipe(config: Config, slug: str | None) -> str:
    """Take a rehearsal back to the agenda as it was planned. What was done, in one line. Raises Mistake."""
    from .live.erasure import check_wipe, forget, wiped

    with _reader(config) as log:
        chosen = choose(log, slug)
        state = state_of(log, chosen)
    done = f"{chosen} is as it was planned: what the rehearsal left is gone. The links are the same."
    server = running(config)
    if server is not None:
        key = identities(config).key(chosen, "moderator", None, state.generations.get("moderator", 0))
        server.call("POST", f"/w/{quote(chosen)}/moderator/wipe-rehearsal", key=key)
        return done
    with _writer(config) as log:
        while True:
            state = state_of(log, chosen)
            try:
                check_wipe(state)
            except Refused as refused:
                raise Mistake(fill(refused.message, refused.params)) from None
            event, first = wiped(log, chosen)
            action = events.Action(actor="host", type="host", events=[event])
            try:
                log.append(chosen, state.seq + 1, events.encode([action]), log.now())
            except LogConflict:  # a worker was quicker
                continue
            forget(log, chosen, first, state.seq + 1)
            return done


def check_slug(slug: str) -> str:
    """Raises Mistake when it cannot stand in an address."""
    if not SLUG.match(slug):
        raise Mistake(f"{slug!r} cannot name a webinar: use 1 to 60 of a-z, 0-9 and hyphens between them.")
    return slug


def read_programme(config: Config, path: Path) -> Programme:
    """Raises Mistake, in one line, when the file cannot be read or understood."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Mistake(f"{path} cannot be read: {error.strerror}. Check the name of the programme's file.") from None
    try:
        return read_bytes(content, path.name, today(config))
    except ProgrammeError as error:
        raise Mistake(f"{path}: {str(error).rstrip('.')}. Mend it and try again; nothing was changed.") from None


def today(config: Config) -> date:
    """The day that a programme without a date means, on the server's clock, where one without a zone is meant."""
    zone = ZoneInfo(DEFAULT_ZONE)
    return datetime.now(zone).date() if config.now is None else datetime.fromtimestamp(config.now / 1000, zone).date()


def slug_of(programme: Programme) -> str:
    """The name that the programme gives itself, or that comes of its title."""
    return check_slug(programme.slug or title_slug(programme.title))


def import_programme(config: Config, path: Path, slug: str | None, *, rehearsal: bool = False) -> list[str]:
    """Make a webinar of the file, or give one the new programme when `slug` names it. What was done, line by line.

    `rehearsal`: the new one is a rehearsal, whatever the server's clock is.
    """
    programme = read_programme(config, path)
    name = check_slug(slug) if slug else slug_of(programme)
    server = running(config)
    known = _known(config)
    if name in known and slug is None:
        raise Mistake(
            f"There is a webinar called {name} already: use --webinar {name} to give it this programme, "
            "or --webinar with another name to make a second one."
        )
    if name in known and rehearsal:
        raise Mistake(f"There is a webinar called {name} already: choose another name for a rehearsal with --webinar.")
    try:
        if name in known:
            _replace(config, server, name, programme)
            said = f"{name} has the new programme of {len(programme.slots)} slots."
        elif server is not None:
            marked = {"rehearsal": True} if rehearsal else {}
            server.call("POST", "/api/v1/webinars", {**_agenda(programme), "slug": name, **marked})
            said = f"{name}: {len(programme.slots)} slots."
        else:
            _create(config, name, programme, rehearsal)
            said = f"{name}: {len(programme.slots)} slots."
    except Refused as refused:
        raise Mistake(fill(refused.message, refused.params)) from None
    return [said, *programme.notes]


def _known(config: Config) -> list[str]:
    try:
        with _reader(config) as log:
            return log.webinars()
    except LogUnavailable:
        if config.redis is not None or (config.data / "log.sqlite3").exists():
            raise
        return []


def _create(config: Config, name: str, programme: Programme, rehearsal: bool) -> None:
    from .live.birth import created_body, new_join_code

    with _writer(config) as log:
        taken = {state_of(log, one).join_code for one in log.webinars()}
        try:
            body = created_body(programme, name, new_join_code(taken), rehearsal=rehearsal)
            log.create(name, body, log.now())
        except LogConflict:
            raise Mistake(f"There is a webinar called {name} already.") from None


def _replace(config: Config, server: Running | None, name: str, programme: Programme) -> None:
    """The new programme goes through the same command as a moderator's, so the same rules hold."""
    # Whole instants, so that another date moves the webinar as well.
    zone = ZoneInfo(programme.timezone)
    slots = _agenda(programme)["slots"]
    for slot, planned in zip(slots, programme.slots, strict=True):
        slot["start"] = datetime.fromtimestamp(planned.start_at / 1000, zone).isoformat()
    if server is not None:
        with _reader(config) as log:
            state = state_of(log, name)
        key = identities(config).key(name, "moderator", None, state.generations.get("moderator", 0))
        server.call(
            "POST", f"/api/v1/webinars/{quote(name)}/commands", {"type": "agenda:replace", "slots": slots}, key=key
        )
        return
    from .domain.commands import AgendaReplace
    from .domain.questions import Context
    from .live.birth import new_slot

    with _writer(config) as log:
        wanted = [new_slot(slot) for slot in programme.slots]
        while True:
            state, now = state_of(log, name), log.now()
            context = Context(now, state.seq + 1, "moderator", "moderator")
            made, _ = decide(state, "agenda:replace", AgendaReplace(slots=slots), context, wanted)
            action = events.Action(actor="moderator", type="agenda:replace", events=made, by="")
            try:
                if made:
                    log.append(name, state.seq + 1, events.encode([action]), now)
            except LogConflict:  # decided upon a state that is not the latest any more
                continue
            return


def _agenda(programme: Programme) -> dict[str, Any]:
    """The programme in the JSON format."""
    about = {"subtitle": programme.subtitle, "summary": programme.summary}
    return agenda_of(programme.title, programme.timezone, programme.slots, **about)


def programme_of(config: Config, given: dict[str, Any]) -> Programme:
    """A programme from a request's body: `{"text"}` or the JSON format. Raises ProgrammeError."""
    text = given.get("text")
    if isinstance(text, str) and "slots" not in given:
        return read_bytes(text.encode("utf-8", "replace"), "programme.txt", today(config))
    return read_bytes(json.dumps(given).encode(), "programme.json", today(config))
