"""One server per module, a webinar per test: `house` is the server, `stage` a fresh webinar on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.contract.stage import Stage, organiser_key
from tests.support.pair import Pair
from tests.support.server import Server


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, apart: bool, request: pytest.FixtureRequest) -> Iterator[Server]:
    """A server for all tests of the module."""
    folder, options = tmp_path_factory.mktemp("house"), ("--join-limit", "0")
    if apart:
        server: Server = Pair(folder, next(request.getfixturevalue("databases")), *options)
    else:
        server = Server(folder, *options)
    server.start()
    yield server
    server.finish()


@pytest.fixture(scope="module")
def organiser(house: Server) -> str:
    """The organiser's key."""
    return organiser_key(house)


@pytest.fixture
def make(house: Server, organiser: str) -> Iterator[Callable[..., Stage]]:
    """Webinars: `make(programme?, date="2020-07-07") -> Stage`."""
    with ExitStack() as stack:

        def make(programme: dict[str, Any] | None = None, **more: Any) -> Stage:
            made = Stage(house, organiser, programme, **more)
            stack.callback(made.close)
            return made

        yield make


@pytest.fixture
def stage(make: Callable[..., Stage]) -> Stage:
    """A fresh webinar."""
    return make()
