"""A webinar of a test's own on a server that a whole module shares, and those who take part in it."""

from __future__ import annotations

import contextlib
import re
import threading
import time
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any, TypeVar

import requests

from tests.support.client import WAIT_S, Client
from tests.support.merge import difference, timeless
from tests.support.server import Server, run

HOUR_MS = 3_600_000
_serial = count(1)
T = TypeVar("T")

PROGRAMME: dict[str, Any] = {
    "title": "Contract",
    "timezone": "Europe/Brussels",
    "slots": [
        {"title": "Welcome", "kind": "welcome", "start": "10:00", "duration_s": 600},
        {
            "title": "First talk",
            "kind": "talk",
            "duration_s": 1200,
            "speakers": [{"name": "Ana Mar", "affiliation": "X"}],
        },
        {"title": "Second talk", "kind": "talk", "duration_s": 1200, "speakers": ["Bo Li"]},
        {"title": "Debate", "kind": "debate", "duration_s": 1800, "speakers": ["Ana Mar", "Bo Li"]},
        {"title": "Wrap-up", "kind": "wrapup", "duration_s": 600},
    ],
}


def organiser_key(server: Server) -> str:
    """As `links` tells it to people."""
    told = run("links", *server.where).stdout
    found = re.search(r"(?im)^organiser.*?([A-Za-z0-9_-]{22,})\s*$", told)
    assert found, told
    return found.group(1)


class Guest(Client):
    """A client whose view may not hold yet what is waited for."""

    def wait_for(self, predicate: Callable[[Client], T], timeout: float = WAIT_S, what: str = "") -> T:
        def there(client: Client) -> T | None:
            try:
                return predicate(client)
            except KeyError:
                return None

        found = super().wait_for(there, timeout, what)
        assert found is not None
        return found


class Stage:
    """One webinar and its clients, which are closed (and watched for broken promises) at the end."""

    def __init__(self, server: Server, key: str, programme: dict[str, Any] | None = None, **more: Any) -> None:
        self.server = server
        self.slug = f"contract-{next(_serial)}"
        body = {**(programme or PROGRAMME), **more, "slug": self.slug}
        body.setdefault("date", time.strftime("%Y-%m-%d"))
        self.api = f"{server.base}/api/v1/webinars/{self.slug}"
        made = requests.post(
            f"{server.base}/api/v1/webinars", json=body, headers={"Authorization": f"Bearer {key}"}, timeout=10
        )
        assert made.status_code == 201, made.text
        self.links = made.json()
        self.slots = list(self.links["speakers"])
        self._clients: list[Client] = []

    def key(self, role: str, slot: str | None = None) -> str:
        link = self.links["speakers"][slot or self.slots[1]] if role == "speaker" else self.links[role]
        return str(link).rsplit("/k/", 1)[1]

    def token(self) -> str:
        return self.server.join(self.slug)

    def auth(self, role: str, slot: str | None = None) -> dict[str, Any]:
        auth: dict[str, Any] = {"webinar": self.slug, "role": role}
        if role == "attendee":
            auth["attendee"] = self.token()
        else:
            auth["key"] = self.key(role, slot)
        if role == "speaker":
            auth["slot"] = slot or self.slots[1]
        return auth

    def client(self, role: str = "attendee", *, transport: str = "websocket", **auth: Any) -> Client:
        given = {**self.auth(role, auth.get("slot")), **auth}
        client = Guest(self.server.base_for(role, auth.get("name")), given, transport)
        self._clients.append(client)
        return client.connect()

    def moderator(self, **auth: Any) -> Client:
        return self.client("moderator", **auth)

    def everybody(self) -> dict[str, Client]:
        return {role: self.client(role) for role in ("attendee", "moderator", "speaker", "screen")}

    def get(self, path: str = "", *, key: str | None = None, **more: Any) -> requests.Response:
        return requests.get(self.api + path, headers=bearer(key), timeout=10, allow_redirects=False, **more)

    def post(self, path: str, *, key: str | None = None, **more: Any) -> requests.Response:
        headers = {**bearer(key), **more.pop("headers", {})}
        return requests.post(self.api + path, headers=headers, timeout=10, allow_redirects=False, **more)

    def command(self, key: str, **payload: Any) -> requests.Response:
        return self.post("/commands", key=key, json=payload)

    def public(self, asker: Client, desk: Client, text: str) -> str:
        """A question that everybody sees."""
        id = str(asker.do("question:ask", {"text": text})["question"]["id"])
        desk.do("question:approve", {"question": id})
        return id

    def close(self) -> None:
        for client in self._clients:
            client.close()


def bearer(key: str | None) -> dict[str, str]:
    return {} if key is None else {"Authorization": f"Bearer {key}"}


def refused(ack: dict[str, Any], code: str) -> dict[str, Any]:
    """The error of an ack that must be a refusal of this code."""
    assert ack["ok"] is False, ack
    assert set(ack) == {"ok", "error"}, ack
    error = ack["error"]
    assert error["code"] == code, ack
    assert isinstance(error["message"], str) and error["message"], ack
    return dict(error)


def quiet(*clients: Client) -> float:
    """Wait until what is under way has arrived; when that was (`time.monotonic()`)."""
    for client in clients:
        still(client, 0.25)
    return time.monotonic()


def still(client: Client, seconds: float, timeout: float = 10) -> None:
    """Wait until a client has got no frame for so long."""
    give_up = time.monotonic() + timeout
    while time.monotonic() < give_up:
        last = client.frames[-1].at if client.frames else 0.0
        left = last + seconds - time.monotonic()
        if left <= 0:
            return
        with client._changed:
            client._changed.wait(left)


def cut(client: Client, timeout: float = 5) -> bool:
    """Was the client's connection closed, now or soon?"""
    give_up = time.monotonic() + timeout
    while client.connected and time.monotonic() < give_up:
        time.sleep(0.02)
    return not client.connected


def same(one: dict[str, Any], other: dict[str, Any]) -> None:
    """Two views, but for what the contract exempts."""
    lines = difference(timeless(one), timeless(other))
    assert not lines, "\n".join(lines[:20])


@contextlib.contextmanager
def together(*jobs: Any) -> Iterator[None]:
    """Run the jobs at the same time and wait for all of them."""
    failures: list[BaseException] = []

    def guarded(job: Any) -> None:
        try:
            job()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=guarded, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    yield
    for thread in threads:
        thread.join(30)
    if failures:
        raise failures[0]
