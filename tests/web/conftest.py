"""Fixtures for what is asked over HTTP: `make(**config) -> World`, `world`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.web.world import World


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[..., World]]:
    made: list[World] = []

    def make(**config: Any) -> World:
        made.append(World(tmp_path / f"data-{len(made)}", **config))
        return made[-1]

    yield make
    for world in made:
        world.rooms.close()


@pytest.fixture
def world(make: Callable[..., World]) -> World:
    return make()
