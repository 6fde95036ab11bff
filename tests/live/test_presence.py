"""Who is here, and what speakers' screens say of themselves."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from moderator.domain.commands import Presence, Report
from moderator.live.identity import Caller
from moderator.live.presence import PresenceBoard


class Board(PresenceBoard):
    def __init__(self) -> None:
        self.told = 0
        super().__init__(self._tell)

    def _tell(self) -> None:
        self.told += 1


@pytest.fixture
def board() -> Board:
    return Board()


def moderator(connection: str, name: str = "") -> Caller:
    return Caller("moss", "moderator", "moderator", name=name, connection=connection)


def speaker(connection: str, slot: str | None = "talk1") -> Caller:
    return Caller("moss", "speaker", f"speaker:{slot}", slot, connection=connection)


def screen(connection: str) -> Caller:
    return Caller("moss", "screen", "screen", connection=connection)


def presence(**fields: Any) -> Presence:
    return msgspec.convert(fields, Presence)


def report(**fields: Any) -> Report:
    return msgspec.convert(fields, Report)


def test_moderators_say_their_name_and_what_they_edit(board: Board) -> None:
    board.entered(moderator("one", "Olga"))
    board.entered(moderator("two"))
    board.moderator(moderator("two"), presence(name=" Pia ", editing="q3"))
    assert board.part()["moderators"] == {"one": {"name": "Olga"}, "two": {"name": "Pia", "editing": "q3"}}
    board.moderator(moderator("two"), presence(editing=None))
    assert board.part()["moderators"]["two"] == {"name": "Pia"}
    board.moderator(moderator("two"), presence(editing="q4"))
    board.left(moderator("two"))
    assert list(board.part()["moderators"]) == ["one"]


def test_screens_of_one_slot_are_listed_each(board: Board) -> None:
    board.entered(speaker("one"))
    board.entered(speaker("two"))
    board.report(speaker("two"), report(delay_ms=40, visible=True, power=0.8, drawn_at=12))
    screens = board.part()["speakers"]["talk1"]
    assert [set(one) for one in screens] == [set(), {"delay_ms", "visible", "power", "drawn_at", "heard_at"}]
    board.left(speaker("one"))
    board.left(speaker("two"))
    assert board.part()["speakers"] == {}


def test_a_later_report_replaces_the_one_before(board: Board) -> None:
    board.entered(screen("one"))
    board.report(screen("one"), report(delay_ms=40))
    board.report(screen("one"), report(visible=False))
    assert set(board.part()["screens"][0]) == {"visible", "heard_at"}


def test_whoever_is_not_connected_leaves_no_trace(board: Board) -> None:
    board.moderator(moderator("ghost"), presence(name="Boo"))
    board.report(speaker("ghost"), report(delay_ms=1))
    board.left(speaker("ghost"))
    assert board.part() == {"moderators": {}, "speakers": {}, "screens": []}


def test_what_is_handed_out_does_not_change_afterwards(board: Board) -> None:
    board.entered(moderator("one", "Olga"))
    part = board.part()
    board.moderator(moderator("one"), presence(name="Pia"))
    assert part["moderators"]["one"]["name"] == "Olga"


def test_moderators_see_that_something_is_wrong_with_the_log(board: Board) -> None:
    board.log_trouble = "The disk is full."
    assert board.part()["log"] == "The disk is full."
