"""The command line. Each command imports what it needs when it runs, so that only `serve` pays for the server."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from .argv import command_first
from .config import DEFAULT_JOIN_LIMIT, DEFAULT_PORT, Config, Mistake, clean_origin

FORMATS = ("json", "csv", "xlsx", "ics", "md")
ROTATABLE = ("moderator", "speaker", "screen")

Body = TypeVar("Body", bound=Callable[..., Any])


def option(name: str, **attributes: Any) -> Callable[[Body], Body]:
    """A click option with its environment variable MODERATOR_<NAME>, shown in the help."""
    variable = "MODERATOR_" + name.lstrip("-").replace("-", "_").upper()
    names = attributes.pop("envvar", [variable])
    return click.option(name, envvar=names, show_envvar=True, **attributes)


def common(body: Body) -> Body:
    """The options that every command has."""
    for add in (
        option("--webinar", metavar="SLUG", help="Which webinar."),
        option("--redis", metavar="URL", envvar=["MODERATOR_REDIS", "REDIS_URL"], help="A Redis that holds the log."),
        option("--data", metavar="DIR", default="data", show_default=True, help="Where the log and the secret are."),
    ):
        body = add(body)
    return body


def _config(data: str, redis: str | None, **others: Any) -> Config:
    if redis:
        from .log.redis_way import check_url

        try:
            check_url(redis)
        except ValueError as error:
            raise Mistake(f"--redis {error}") from None
    return Config(data=Path(data), redis=redis or None, **others)


@contextmanager
def _mistakes() -> Iterator[None]:
    """What the person can mend is said in one line on stderr, with exit status 2."""
    from .log.base import LogError

    try:
        yield
    except Mistake as mistake:
        _fail(str(mistake))
    except LogError as error:
        _fail(error.message)


def _fail(message: str) -> None:
    click.echo(" ".join(message.split()), err=True)
    raise SystemExit(2)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version="1.0.0", message="%(version)s")
def program() -> None:
    """A live webinar: the agenda against the clock, questions for the debate, and a dashboard for the moderator.

    Without a command it serves. Options may stand before or after the command's name.
    """


@program.command()
@common
@option("--host", default="0.0.0.0", show_default=True, help="The address to listen on.")
@option("--port", type=click.IntRange(1, 65535), default=DEFAULT_PORT, show_default=True)
@option("--workers", type=click.IntRange(1), default=1, show_default=True, help="Processes; more than one needs Redis.")
@option("--agenda", metavar="FILE", help="A programme to make a webinar of, if there is none of its name yet.")
@option("--public-url", metavar="URL", default="", help="The address that attendees use, when a proxy stands in front.")
@option("--allow-origin", metavar="URL", multiple=True, help="A site whose pages may embed and call this server.")
@option("--join-limit", type=click.IntRange(0), default=DEFAULT_JOIN_LIMIT, show_default=True,
        help="Attendees who may join per minute from one address; 0: no limit.")  # fmt: skip
@option("--proxies", type=click.IntRange(0, 5), default=0, show_default=True,
        help="Proxies in front whose X-Forwarded-For and X-Forwarded-Proto are believed.")  # fmt: skip
@option("--require-durable", is_flag=True,
        help="Do not start on a Redis that may lose what it acknowledged.")  # fmt: skip
@option("--now", metavar="INSTANT", help="A rehearsal clock that starts at this instant (ISO 8601 with an offset).")
@option("--clock-speed", type=click.FloatRange(0.1, 60), default=1.0, show_default=True,
        help="With --now: how many times as fast the clock runs; 10: the hour in six minutes.")  # fmt: skip
def serve(
    data: str,
    redis: str | None,
    webinar: str | None,
    host: str,
    port: int,
    workers: int,
    agenda: str | None,
    public_url: str,
    allow_origin: Sequence[str],
    join_limit: int,
    proxies: int,
    now: str | None,
    clock_speed: float,
    require_durable: bool,
) -> None:
    """Serve the webinars (the default command)."""
    with _mistakes():
        from .log.clock import parse_instant

        if workers != 1 and not redis:
            raise Mistake(f"--workers {workers} needs a log that workers can share: name a Redis with --redis.")
        if redis and now:
            raise Mistake("--now is for the log in --data: leave out --redis (and unset REDIS_URL) for a rehearsal.")
        if clock_speed != 1 and not now:
            raise Mistake("--clock-speed is for a rehearsal: say with --now when its clock starts.")
        if require_durable and not redis:
            raise Mistake("--require-durable is about Redis; the log in --data is always durable.")
        try:
            instant = parse_instant(now) if now else None
        except ValueError as error:
            raise Mistake(f"--now {error}") from None
        config = _config(
            data,
            redis,
            host=host,
            port=port,
            agenda=Path(agenda) if agenda else None,
            public_url=clean_origin(public_url, "--public-url") if public_url else "",
            allow_origins=tuple(clean_origin(url, "--allow-origin") for url in allow_origin),
            join_limit=join_limit,
            proxies=proxies,
            now=instant,
            clock_speed=clock_speed,
            workers=workers,
            require_durable=require_durable,
        )
        from .server import run

        run(config, webinar)


@program.command()
@common
@click.option("--json", "as_json", is_flag=True, help="For programs: an object per webinar.")
@click.option("--rotate", type=click.Choice(ROTATABLE), metavar="ROLE",
              help="Make new links for moderator, speaker or screen; the old ones stop working.")  # fmt: skip
def links(data: str, redis: str | None, webinar: str | None, as_json: bool, rotate: str | None) -> None:
    """Print the links of each role."""
    with _mistakes():
        from . import links as printed
        from . import store

        config = _config(data, redis)
        if rotate:
            store.rotate(config, webinar, rotate)
        found = store.links(config, webinar)
        if as_json:
            objects = [link.as_json() for link in found]
            printed_object: Any = objects[0] if len(objects) == 1 else objects
            click.echo(json.dumps(printed_object, ensure_ascii=False, indent=2))
        else:
            click.echo("\n\n".join(printed.for_people(link) for link in found))
            click.echo("\n" + printed.organiser_for_people(store.identities(config)))


@program.command("import")
@click.argument("file", metavar="FILE")
@common
@click.option("--rehearsal", is_flag=True,
              help="Make it a rehearsal, on the real clock; `rehearse --wipe` makes it the real webinar.")  # fmt: skip
def import_(file: str, data: str, redis: str | None, webinar: str | None, rehearsal: bool) -> None:
    """Make a webinar of a programme: text, CSV, XLSX, iCalendar or JSON.

    With --webinar an existing webinar gets the new programme; slots that stay keep their links.
    """
    with _mistakes():
        from . import store

        for line in store.import_programme(_config(data, redis), Path(file), webinar, rehearsal=rehearsal):
            click.echo(line)


@program.command()
@click.argument("slug", required=False)
@common
@click.option("--format", "form", type=click.Choice(FORMATS), default="json", show_default=True)
@click.option("--out", metavar="FILE", default="-", show_default=True, help="The file to write; - is the terminal.")
def export(slug: str | None, data: str, redis: str | None, webinar: str | None, form: str, out: str) -> None:
    """Write a webinar's agenda, questions and report to a file."""
    with _mistakes():
        from . import store

        content = store.export(_config(data, redis), slug or webinar, form)
        if out == "-":
            sys.stdout.buffer.write(content)
            sys.stdout.buffer.flush()
            return
        _write(Path(out), content)


def _write(path: Path, content: bytes) -> None:
    """All of it or nothing: a reader never finds half a file."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_bytes(content)
        os.replace(beside, path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise Mistake(f"{path} cannot be written: {error.strerror}.") from None


@program.command()
@click.argument("slug", required=False)
@common
@click.option("--until", metavar="SEQ|TIME", help="A number of the log, or an instant (ISO 8601 with an offset).")
@click.option("--role", type=click.Choice(("moderator", "attendee", "screen")), default="moderator", show_default=True)
def replay(slug: str | None, data: str, redis: str | None, webinar: str | None, until: str | None, role: str) -> None:
    """Print the state at any moment of the log, as the view of a role."""
    with _mistakes():
        from . import store

        found = store.replay(_config(data, redis), slug or webinar, until, role)
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))


@program.command()
@click.argument("slug", required=False)
@common
@click.option("--personal-data", is_flag=True, help="Keep the questions; take out names and who asked and voted.")
def erase(slug: str | None, data: str, redis: str | None, webinar: str | None, personal_data: bool) -> None:
    """Delete a webinar for good, or take the personal data out of it."""
    with _mistakes():
        from . import store

        click.echo(store.erase(_config(data, redis), slug or webinar, personal_data))


@program.command()
@click.argument("slug", required=False)
@common
@click.option("--attendees", type=click.IntRange(1, 5000), default=40, show_default=True)
@click.option("--minutes", type=click.FloatRange(0, min_open=True), default=60.0, show_default=True,
              help="How long the rehearsed webinar lasts.")  # fmt: skip
@click.option("--speed", type=click.FloatRange(0, 1000, min_open=True), default=1.0, show_default=True,
              help="10: an hour's questions in six minutes.")  # fmt: skip
@click.option("--url", metavar="URL", help="A server elsewhere; by default the one that runs on --data.")
@click.option("--yes", is_flag=True, help="Do not ask back when the webinar is no rehearsal.")
@click.option("--wipe", is_flag=True, help="No bots: take the rehearsal back to the agenda as it was planned.")
def rehearse(
    slug: str | None, data: str, redis: str | None, webinar: str | None, attendees: int, minutes: float, speed: float,
    url: str | None, yes: bool, wipe: bool,
) -> None:  # fmt: skip
    """Let bots join, ask, vote and leave, against a running server."""
    with _mistakes():
        config, chosen = _config(data, redis), slug or webinar
        if wipe:
            from . import store

            click.echo(store.wipe(config, chosen))
            return
        from . import rehearse as bots

        crowd = bots.crowd(config, chosen, url)
        if crowd.warning:
            click.echo(crowd.warning, err=True)
            if not yes and sys.stdin.isatty():
                click.confirm("Let the bots in all the same?", abort=True, err=True)
        click.echo(bots.run(crowd, attendees, minutes, speed))


@program.command()
@click.option("--from", "source", metavar="LOG", required=True, help="sqlite:DIR or the address of a Redis.")
@click.option("--to", "target", metavar="LOG", required=True, help="The same; it must not have the webinar.")
@common
def copy(source: str, target: str, data: str, redis: str | None, webinar: str | None) -> None:
    """Copy one webinar, or all, from one log to another; read only for that moment."""
    with _mistakes():
        from . import copying

        for line in copying.copy(_config(data, redis), source, target, webinar):
            click.echo(line)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command and exit."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    program(args=command_first(given), prog_name="run.py")
