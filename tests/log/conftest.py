"""Every log, for the tests of what all of them promise. A further one joins by a maker in `MAKERS`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from moderator.log.base import Log
from moderator.log.sqlite import open_log

MakeLog = Callable[[], Log]
"""Opens the log of this test; again after `close()`, with what it held."""


def _sqlite(folder: Path) -> Log:
    return open_log(folder)


MAKERS: dict[str, Callable[[Path], Log]] = {"sqlite": _sqlite}


@pytest.fixture(params=sorted(MAKERS))
def make_log(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[MakeLog]:
    """Open the same log any number of times, one after the other."""
    with ExitStack() as stack:

        def make() -> Log:
            log = MAKERS[request.param](tmp_path / "data")
            stack.callback(log.close)
            return log

        yield make


@pytest.fixture
def log(make_log: MakeLog) -> Log:
    """A new, empty log."""
    return make_log()
