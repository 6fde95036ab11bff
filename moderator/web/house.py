"""What the views need, in one place: the configuration, the rooms, the catalogues, the files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from flask import current_app

if TYPE_CHECKING:
    from ..config import Config
    from ..live.identity import Identities
    from ..live.rooms import Rooms
    from .files import Files
    from .i18n import Catalogues
    from .limit import JoinLimit

NAME = "moderator"


@dataclass(frozen=True)
class House:
    config: Config
    rooms: Rooms
    identities: Identities
    catalogues: Catalogues
    files: Files
    join_limit: JoinLimit


def house() -> House:
    """Of the application that serves the current request."""
    return cast(House, current_app.extensions[NAME])
