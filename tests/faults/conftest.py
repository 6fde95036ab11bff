"""Real servers, real Redis, real signals; everything on loopback, ended by process id."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.redis import BINARY, Redis


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    """A redis-server of this test's own whose answer means that the entry is on the disk."""
    if BINARY is None:
        pytest.skip("redis-server is not installed")
    server = Redis(tmp_path / "redis")
    server.start()
    yield server
    server.finish()
