"""What the server was started with."""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
"""Where `templates/`, `static/` and `translations/` stand."""

DEFAULT_PORT = 5000
DEFAULT_JOIN_LIMIT = 2000  # per address and minute: a full hall behind one address, and still a bound
LOCAL = "127.0.0.1"
ANYWHERE = frozenset({"", "0.0.0.0", "::"})

_HOST = re.compile(r"\A[A-Za-z0-9.\-]+(:\d{1,5})?\Z|\A\[[0-9A-Fa-f:.]+\](:\d{1,5})?\Z")


class Mistake(Exception):
    """Something the person at the terminal can mend; the message is one line that says what and how."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """`now` is the instant a rehearsal clock starts at, in epoch milliseconds; None is the real clock.

    `clock_speed` is how many times as fast as real time a rehearsal clock runs.
    """

    data: Path = Path("data")
    host: str = "0.0.0.0"
    port: int = DEFAULT_PORT
    redis: str | None = None
    workers: int = 1
    require_durable: bool = False
    agenda: Path | None = None
    public_url: str = ""
    allow_origins: tuple[str, ...] = ()
    join_limit: int = DEFAULT_JOIN_LIMIT
    proxies: int = 0
    now: int | None = None
    clock_speed: float = 1.0
    root: Path = field(default=ROOT)

    @property
    def base(self) -> str:
        """What every link starts with; no trailing slash."""
        return self.public_url or f"http://{bracketed(visible_host(self.host))}:{self.port}"

    @property
    def local_url(self) -> str:
        """Where commands on this machine reach the server."""
        host = LOCAL if self.host in ANYWHERE else self.host
        return f"http://{bracketed(host)}:{self.port}"

    @property
    def secure(self) -> bool:
        return self.public_url.startswith("https:")


def bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def visible_host(host: str) -> str:
    """The name under which others reach this machine: its address in the local network, unless a host was chosen."""
    if host not in ANYWHERE:
        return host
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # nothing is sent; the system only says which address it would use
            return str(probe.getsockname()[0])
        except OSError:
            return LOCAL


def clean_origin(url: str, option: str) -> str:
    """`scheme://host[:port]`, lower case, of an http or https address. Raises Mistake."""
    parts = urlsplit(url.strip())
    plain = parts.path in ("", "/") and not parts.query and not parts.fragment
    if parts.scheme not in ("http", "https") or not _HOST.match(parts.netloc) or not plain:
        raise Mistake(f"{option} {url!r}: write scheme and host only, like https://webinar.example.org.")
    return f"{parts.scheme}://{parts.netloc}".lower()


def is_host(text: str) -> bool:
    """Is this a plain host or host:port, fit to stand in a header?"""
    return bool(_HOST.match(text))
