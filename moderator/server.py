"""The server process: its listener, its limits, its beginning and its end."""

from __future__ import annotations

import errno
import json
import os
import resource
import signal
import socket
import sys
import warnings
from pathlib import Path
from typing import Any, NoReturn

from . import collector, workers
from .config import Config, Mistake, bracketed

BACKLOG = 4096
CONNECTIONS = 20_000
FEW = 10_000  # fewer attendees than this are worth a word at the start
SPARE_FILES = 200  # what the process needs besides one file per connection
IDLE_S = 75  # a connection that neither sends nor takes anything for this long is closed
END_S = 4.0  # after this the process ends whatever is still open
DRAIN_S = 1.5
NOTE = "server.json"


def go_green() -> None:
    """Make sockets and threads cooperative. Before anything else is imported; calling it again changes nothing."""
    os.environ.setdefault("EVENTLET_NO_GREENDNS", "yes")  # the server looks no name up; this saves a third of a start
    with warnings.catch_warnings():
        # eventlet says at import that new projects should not choose it; whoever starts the server cannot act on that.
        warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
        import eventlet
    eventlet.monkey_patch()


def run(config: Config, webinar: str | None = None) -> NoReturn:
    """Serve until SIGTERM or SIGINT, then exit 0. Raises Mistake or LogError before it serves."""
    worker = workers.place()
    if config.workers > 1 and worker is None:
        workers.supervise(config)
    go_green()
    import eventlet

    from .log.base import LogError

    most = room_for_files()
    # A worker listens only once it can serve: what the system deals to it sooner would wait, beside workers that run.
    listener = listen(config.host, config.port) if worker is None else bound(config.host, config.port, share=True)
    from . import metrics
    from .app import build, furnish
    from .live.engine import serve
    from .live.loop import watch
    from .web.logs import configure

    configure()
    app, socketio, rooms = build(config)
    del socketio  # it is attached to the app
    try:
        chosen, notes = furnish(config, rooms, webinar)
    except (Mistake, LogError):
        rooms.close()
        raise
    stop = _stop_signal()
    note(config)
    _announce(rooms, config.local_url)
    if worker is None or worker.speaks:
        _greet(config, rooms, chosen if webinar else None, notes)
    site = _forwarded(app, config)
    collector.settle()
    if worker is not None:
        _listen(listener, config.host, config.port)
    serving = eventlet.spawn(
        serve,
        listener,
        site,
        most,
        log_output=False,
        log=_quiet(),
        debug=False,
        socket_timeout=IDLE_S,
        url_length_limit=16_384,
    )
    watch(metrics.LOOP_LATE.observe)
    metrics.serving()
    if worker is not None:
        worker.ready()
        eventlet.spawn(_follow_parent, worker.parent)
    eventlet.hubs.trampoline(stop, read=True)
    _end(serving, listener, rooms, drain=worker is not None)


def _follow_parent(pipe: int) -> None:
    """Stop when the parent is gone: its end of the pipe is closed then."""
    import eventlet.hubs

    eventlet.hubs.trampoline(pipe, read=True)
    os.kill(os.getpid(), signal.SIGTERM)


def listen(host: str, port: int, *, share: bool = False) -> Any:
    """A listening socket. Unless `share`, it has its port alone, so a forgotten process is noticed. Raises Mistake."""
    listener = bound(host, port, share=share)
    _listen(listener, host, port)
    return listener


def _listen(listener: Any, host: str, port: int) -> None:
    try:
        listener.listen(BACKLOG)
    except OSError as error:
        raise Mistake(_why(error, host, port)) from None


def bound(host: str, port: int, *, share: bool = False) -> Any:
    """A socket on the address that does not listen yet. Raises Mistake."""
    try:
        found = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, _, _, _, address = found[0]
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # accepted sockets take it over
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        if share:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.bind(address)
    except socket.gaierror:
        raise Mistake(f"--host {host} is not an address of this machine; 0.0.0.0 means all of them.") from None
    except OSError as error:
        raise Mistake(_why(error, host, port)) from None
    return listener


def _why(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use on {host}: stop the other server, or choose another one with --port."
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"Port {port} needs special rights: choose one above 1023 with --port."
    return f"{bracketed(host)}:{port} cannot be used ({error.strerror}): choose another --host or --port."


def room_for_files() -> int:
    """Let the process open as many connections as the system allows, and say how many fit where that is few.

    How many it may serve together: one more would end the listener with an error.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = CONNECTIONS + SPARE_FILES
    most = wanted if hard == resource.RLIM_INFINITY else min(hard, max(wanted, soft))
    if most > soft:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
            soft = most
        except (OSError, ValueError):
            pass
    fit = max(0, soft - SPARE_FILES)
    if fit < FEW:
        print(
            f"This system lets one process open {soft} files, so about {fit} attendees fit; "
            f"for {CONNECTIONS} raise the limit (ulimit -n {wanted}).",
            file=sys.stderr,
        )
    return min(CONNECTIONS, max(1, fit))


def note(config: Config) -> None:
    """Write down what links start with, so that `links` prints the same when the server is not there to ask."""
    path = config.data / NOTE
    try:
        path.write_text(json.dumps({"base": config.base, "local": config.local_url}) + "\n")
    except OSError:
        return  # a full disk must not keep a server from starting that could still serve


def noted_base(data: Path, key: str = "base") -> str | None:
    """What links start with; `key` "local": where a server on this data answers, or did."""
    try:
        found = json.loads((data / NOTE).read_text())
    except (OSError, ValueError):
        return None
    base = found.get(key) if isinstance(found, dict) else None
    return base if isinstance(base, str) else None


def _announce(rooms: Any, url: str) -> None:
    lock = getattr(rooms.log, "data_lock", None)
    if lock is not None:
        lock.announce(url)


def _greet(config: Config, rooms: Any, webinar: str | None, notes: list[str]) -> None:
    from .links import for_people, links_of

    for slug in [webinar] if webinar else rooms.slugs():
        print(for_people(links_of(rooms.get(slug).state, rooms.identities, config.base)), flush=True)
    for said in notes:
        print(said)
    if config.redis:
        print(rooms.log.worth())
    for said in getattr(rooms.log, "missing", ()):
        print(f"Lost: {said}")
    if config.now is not None:
        fast = f", runs {config.clock_speed:g} times as fast" if config.clock_speed != 1 else ""
        print(f"Rehearsal: the clock is not the real one{fast}, and every page says so.")
    print(f"Serving on {config.local_url} (Ctrl-C stops it)", flush=True)


def _forwarded(app: Any, config: Config) -> Any:
    if not config.proxies:
        return app.wsgi_app
    from werkzeug.middleware.proxy_fix import ProxyFix

    return ProxyFix(app.wsgi_app, x_for=config.proxies, x_proto=config.proxies, x_host=0)


def _stop_signal() -> int:
    """A file descriptor that becomes readable when the process is told to stop.

    A handler alone would not do: the hub goes on sleeping until its next timer. It wakes up for a descriptor.
    """
    reading, writing = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)

    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda number, frame: None)
    return reading


def _end(serving: Any, listener: Any, rooms: Any, *, drain: bool) -> NoReturn:
    """Stop accepting, finish what is being committed, close. Sockets are cut: their pages come back by themselves.

    `drain`: others go on, so the pages are sent to them at random moments, and not all at once.
    """
    import eventlet
    from eventlet import patcher

    # A native thread, so that it fires even if the loop is stuck.
    timer = patcher.original("threading").Timer(END_S, os._exit, args=(0,))
    timer.daemon = True
    timer.start()
    if drain:  # whoever has been given this worker's listener by the system is let in, and not reset
        for _ in range(5):
            eventlet.sleep(0)
    listener.close()
    serving.kill()
    eventlet.sleep(0)
    if drain:
        rooms.drain(DRAIN_S)
    rooms.close()
    sys.stdout.flush()
    sys.stderr.flush()
    # Thousands of open sockets would each be unwound by a normal exit; all that had to be kept is kept.
    os._exit(0)


def _quiet() -> Any:
    import logging

    logger = logging.getLogger("moderator.http")
    logger.setLevel(logging.ERROR)
    return logger
