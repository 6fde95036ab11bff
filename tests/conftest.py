"""Fixtures for all tests; what they give is described in `tests/support/`.

serve      a factory: serve("--agenda", path, …) starts a real server; stopped and examined at the end of the test
server     one server with the sample webinar, for this test alone
connect    a factory: connect(server, "moderator"), connect(server, "speaker", slot=…), connect(server, "attendee");
           closed at the end, when broken promises of the protocol fail the test
pages      a factory of browser pages: pages.open(server.links["moderator"], size="desktop"); console errors fail the
           test unless pages.expect(pattern) was called

With `--workers-apart` each server is two on one Redis, and the moderator is at another one than everybody else
(`tests/support/pair.py`). Tests marked `two_workers` run so in any case, besides on one server.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Protocol

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, Error, expect

from tests.support.browser import Pages, launch
from tests.support.client import Client
from tests.support.pair import Pair
from tests.support.redis import BINARY, Redis
from tests.support.server import Server

# Two cores with other work on them: an example that takes long says nothing about the product. Printing the blob makes
# a failure of CI repeatable here.
settings.register_profile("house", deadline=None, print_blob=True)
settings.load_profile("house")
expect.set_options(timeout=10_000)

Serve = Callable[..., Server]
APART = "--workers-apart"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(APART, action="store_true", help="run on two workers, the moderator apart from everybody else")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what is marked `two_workers` on one worker and on two."""
    if metafunc.definition.get_closest_marker("two_workers") and not metafunc.config.getoption(APART):
        metafunc.parametrize("apart", [False, True], ids=["one worker", "two workers"])


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what holds for the embedded log only, and begin with the files that take longest: none ends alone."""
    slowest = ("browser", "faults", "tests", "contract")
    items.sort(key=lambda item: slowest.index(item.path.parent.name) if item.path.parent.name in slowest else 9)
    if config.getoption(APART):
        left_out = [item for item in items if item.get_closest_marker("embedded")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


class Connect(Protocol):
    """Connects a client."""

    def __call__(
        self, server: Server, role: str = "attendee", *, transport: str = "websocket", **auth: Any
    ) -> Client: ...


@pytest.fixture(scope="session")
def apart(request: pytest.FixtureRequest) -> bool:
    """Whether the moderator is at another worker than everybody else."""
    return bool(request.config.getoption(APART))


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Iterator[str]]:
    """Addresses of databases that nobody used yet, all of one redis-server."""
    if BINARY is None:
        pytest.skip("redis-server is not installed")
    redis = Redis(tmp_path_factory.mktemp("databases") / "redis", "--databases", "10000", fsync="")
    redis.start()
    yield (redis.url.removesuffix("0") + str(number) for number in range(10_000))
    redis.finish()


@pytest.fixture
def serve(tmp_path: Path, apart: bool, request: pytest.FixtureRequest) -> Iterator[Serve]:
    """Start servers: `serve(*options, data=…, port=…) -> Server`."""
    with ExitStack() as stack:
        started = 0

        def serve(*options: str | Path, data: Path | None = None, port: int | None = None) -> Server:
            nonlocal started
            started += 1
            folder = tmp_path / f"server-{started}"
            if apart and "--redis" not in options:
                database = next(request.getfixturevalue("databases"))
                server: Server = Pair(folder, database, *options, data=data, port=port)
            else:
                server = Server(folder, *options, data=data, port=port)
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
            base = server.base_for(role, auth.get("name"))
            client = Client(base, {"webinar": webinar, "role": role, **auth}, transport)
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
