"""Fixtures for all tests; what they give is described in `tests/support/`.

serve      a factory: serve("--agenda", path, …) starts a real server; stopped and examined at the end of the test
server     one server with the sample webinar, for this test alone
connect    a factory: connect(server, "moderator"), connect(server, "speaker", slot=…), connect(server, "attendee");
           closed at the end, when broken promises of the protocol fail the test
pages      a factory of browser pages: pages.open(server.links["moderator"], size="desktop"); console errors fail the
           test unless pages.expect(pattern) was called
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, Error

from tests.support.browser import Pages, launch
from tests.support.client import Client
from tests.support.server import Server

# Two cores with other work on them: an example that takes long says nothing about the product. Printing the blob makes
# a failure of CI repeatable here.
settings.register_profile("house", deadline=None, print_blob=True)
settings.load_profile("house")

Serve = Callable[..., Server]


class Connect(Protocol):
    """Connects a client."""

    def __call__(
        self, server: Server, role: str = "attendee", *, transport: str = "websocket", **auth: Any
    ) -> Client: ...


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Start servers: `serve(*options, data=…, port=…) -> Server`."""
    with ExitStack() as stack:
        started = 0

        def serve(*options: str | Path, data: Path | None = None, port: int | None = None) -> Server:
            nonlocal started
            started += 1
            server = Server(tmp_path / f"server-{started}", *options, data=data, port=port)
            stack.callback(server.finish)
            return server.start()

        yield serve


@pytest.fixture
def server(serve: Serve) -> Server:
    """A server of this test's own, with the sample webinar."""
    return serve()


@pytest.fixture
def connect() -> Iterator[Connect]:
    """Connect clients with the right secret for their role; `auth` adds to it or takes its place."""
    with ExitStack() as stack:

        def connect(server: Server, role: str = "attendee", *, transport: str = "websocket", **auth: Any) -> Client:
            webinar = auth.get("webinar", server.webinar)
            if role == "attendee" and "attendee" not in auth and "key" not in auth:
                auth["attendee"] = server.join(webinar)
            elif role != "attendee" and "key" not in auth:
                if role == "speaker" and "slot" not in auth:
                    auth["slot"] = next(iter(server.links["speakers"]))
                auth["key"] = server.key(role, auth.get("slot"))
            client = Client(server.base, {"webinar": webinar, "role": role, **auth}, transport)
            client.connect()
            stack.callback(client.close)
            return client

        yield connect


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests."""
    with launch() as browser:
        yield browser


@pytest.fixture
def pages(browser: Browser, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Pages]:
    """Open pages; when the test fails, their pictures are saved and named."""
    opened = Pages(browser)
    yield opened
    if request.node.stash.get(_FAILED, False):
        try:
            shots = opened.picture(tmp_path)
        except Error as error:
            shots = []
            print(f"no pictures: {error}")  # noqa: T201
        print("pictures:", *shots)  # noqa: T201
    opened.finish()


_FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Let fixtures know, when they clean up, whether the test failed."""
    report = yield
    if report.when == "call":  # type: ignore[attr-defined]
        item.stash[_FAILED] = report.failed  # type: ignore[attr-defined]
    return report
