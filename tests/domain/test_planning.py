"""Changing the agenda, before and during the show: ids and what has happened stay."""

from __future__ import annotations

from typing import Any

import pytest

from moderator.domain.planning import NewSlot, NewSpeaker
from moderator.domain.refusal import Refused

from .show import AGENDA, MINUTE, T0, Show, planned, talk


@pytest.fixture
def show() -> Show:
    return Show()


@pytest.fixture
def running() -> Show:
    """Talk 2 is running; the welcome and talk 1 are over."""
    show = Show()
    show.mod("timer:start")
    for _ in range(2):
        show.now += 5 * MINUTE
        show.mod("timer:next")
    return show


def plan(show: Show) -> list[tuple[str, int, int]]:
    return [(s.id, (s.planned_start_at - T0) // MINUTE, s.duration_s // 60) for s in show.state.agenda()]


def replaced(show: Show, *slots: NewSlot, **payload: Any) -> None:
    show.mod("agenda:replace", text="…", agenda=slots, **payload)


# ---- edit ----


def test_before_the_start_an_edit_of_length_chains_the_plan_anew(show: Show) -> None:
    show.mod("agenda:edit", slot="talk1", duration_s=900)
    assert plan(show) == [("welcome", 0, 5), ("talk1", 5, 15), ("talk2", 20, 10), ("debate", 30, 20), ("wrapup", 50, 5)]
    assert show.state.ends_at == T0 + 55 * MINUTE


def test_skip_never_moves_planned_times(show: Show) -> None:
    before = plan(show)
    show.mod("agenda:edit", slot="talk1", skip=True)
    assert plan(show) == before


def test_after_the_start_an_edit_of_length_moves_no_planned_time(running: Show) -> None:
    running.mod("agenda:edit", slot="wrapup", duration_s=600)
    running.mod("agenda:edit", slot="debate", duration_s=600)
    assert plan(running)[3:] == [("debate", 25, 10), ("wrapup", 45, 10)]
    assert running.state.ends_at == T0 + 50 * MINUTE


def test_a_fixed_slot_keeps_its_time_while_the_ones_before_leave_it(show: Show) -> None:
    show.mod("agenda:edit", slot="debate", fixed=True)
    show.mod("agenda:edit", slot="talk1", duration_s=300)
    assert plan(show)[2:] == [("talk2", 10, 10), ("debate", 25, 20), ("wrapup", 45, 5)]


def test_what_is_given_is_changed_and_the_rest_stays(show: Show) -> None:
    before = show.state.slots["talk1"]
    show.mod(
        "agenda:edit", slot="talk1", title="  Ferns ", kind="debate", flex=True, min_s=120, warn_s=30, danger_s=10,
        speakers=["Ada Lovelace", {"name": "Grace Hopper", "affiliation": "Yale"}],
        links=[{"title": "Slides", "url": "https://example.org/a"}],
    )  # fmt: skip
    slot = show.view()["slots"]["talk1"]
    assert (slot["title"], slot["kind"], slot["flex"], slot["min_s"]) == ("Ferns", "debate", True, 120)
    assert slot["links"] == [{"title": "Slides", "url": "https://example.org/a"}]
    assert slot["speakers"][0] == "lovelace"
    assert show.view()["speakers"][slot["speakers"][1]] == {"name": "Grace Hopper", "title": "", "affiliation": "Yale"}
    assert slot["duration_s"] == before.duration_s


def test_an_edit_that_changes_nothing_is_no_event(show: Show) -> None:
    before = show.state
    show.mod("agenda:edit", slot="talk1", title="Mosses", speakers=["ada lovelace"])
    assert show.state is before


def test_the_running_slot_can_be_given_another_length(running: Show) -> None:
    running.mod("agenda:edit", slot="talk2", duration_s=1200)
    timer = running.view()["timer"]
    assert (timer["duration_s"], timer["deadline_at"] - timer["started_at"]) == (1200, 1200_000)


@pytest.mark.parametrize("change", [{"duration_s": 60}, {"kind": "debate"}, {"flex": True}, {"skip": True},
                                    {"fixed": True}, {"min_s": 5}])  # fmt: skip
def test_what_is_over_stays_but_for_title_speakers_and_links(running: Show, change: dict[str, Any]) -> None:
    assert running.no("agenda:edit", slot="talk1", **change).code == "conflict"
    running.mod("agenda:edit", slot="talk1", title="A late correction", speakers=["Grace Hopper"])
    assert running.state.slots["talk1"].title == "A late correction"


def test_the_running_slot_cannot_be_skipped(running: Show) -> None:
    assert running.no("agenda:edit", slot="talk2", skip=True).code == "conflict"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "//example.org", "ftp://example.org", "https://", "https://a b", 'https://a"b', "x"]
)
def test_a_link_is_http_or_https(show: Show, url: str) -> None:
    assert show.no("agenda:edit", slot="talk1", links=[{"title": "x", "url": url}]).field == "links"


def test_a_slot_edited_by_somebody_else_meanwhile_is_a_conflict(show: Show) -> None:
    seen = show.state.seq
    show.mod("agenda:edit", slot="talk1", title="Ferns")
    refused = show.no("agenda:edit", slot="talk1", title="Algae", base=seen)
    assert refused.code == "conflict"
    assert refused.current["slots"]["talk1"]["title"] == "Ferns"
    show.mod("agenda:edit", slot="talk2", title="Algae", base=seen)


# ---- add, move, remove ----


def test_a_slot_is_added_after_another_at_the_front_or_at_the_end(show: Show) -> None:
    first = show.mod("agenda:add", title="Doors", duration_s=600, after=None)["slot"]
    middle = show.mod("agenda:add", title="Break", kind="break", duration_s=300, after="talk1")["slot"]
    last = show.mod("agenda:add", title="Drinks", duration_s=1800)["slot"]
    order = list(show.state.order)
    assert (order[0], order[3], order[-1]) == (first, middle, last)
    assert [start for _, start, _ in plan(show)] == [0, 10, 15, 25, 30, 40, 60, 65]
    assert show.state.ends_at == T0 + 95 * MINUTE


def test_the_fields_of_a_new_slot_may_come_nested(show: Show) -> None:
    id = show.mod("agenda:add", after="talk1", slot={"title": "Second debate", "kind": "debate", "duration_s": 600})[
        "slot"
    ]
    assert show.state.slots[id].flex  # debates are, unless said otherwise
    assert show.state.order[2] == id
    assert show.no("agenda:add", slot={"title": "x"}).field == "duration_s"
    assert show.no("agenda:add", slot={"title": "x", "duration_s": 60, "wrong": 1}).code == "invalid"


def test_a_slot_needs_a_title_and_a_length(show: Show) -> None:
    assert show.no("agenda:add", duration_s=60).field == "title"
    assert show.no("agenda:add", title="x").field == "duration_s"
    assert show.no("agenda:add", title=" \u200b ", duration_s=60).field == "title"
    assert show.no("agenda:add", title="x", duration_s=60, after="nowhere").code == "not_found"


def test_during_the_show_nothing_is_put_among_what_has_happened(running: Show) -> None:
    for after in (None, "welcome", "talk1"):
        assert running.no("agenda:add", title="x", duration_s=60, after=after).code == "conflict"
    id = running.mod("agenda:add", title="x", duration_s=60, after="talk2")["slot"]
    assert running.view()["slots"][id]["state"] == "next"
    assert running.no("agenda:move", slot="welcome", before=None).code == "conflict"
    assert running.no("agenda:move", slot="wrapup", before="talk1").code == "conflict"
    assert running.no("agenda:move", slot="talk2", before=None).code == "conflict"
    assert running.no("agenda:remove", slot="talk2").code == "conflict"
    assert running.no("agenda:remove", slot="welcome").code == "conflict"
    running.mod("agenda:remove", slot=id)


def test_a_slot_is_moved_and_the_plan_chained_anew(show: Show) -> None:
    show.mod("agenda:move", slot="talk2", before="talk1")
    assert [id for id, _, _ in plan(show)] == ["welcome", "talk2", "talk1", "debate", "wrapup"]
    assert [start for _, start, _ in plan(show)] == [0, 5, 15, 25, 45]
    show.mod("agenda:move", slot="welcome", before=None)
    assert show.state.order[-1] == "welcome"
    assert show.state.starts_at == T0
    before = show.state
    show.mod("agenda:move", slot="welcome", before="welcome")
    assert show.state is before
    assert show.no("agenda:move", slot="welcome", before="nowhere").code == "not_found"


def test_an_order_changed_by_somebody_else_meanwhile_is_a_conflict(show: Show) -> None:
    seen = show.state.seq
    show.mod("agenda:move", slot="talk2", before="talk1")
    assert show.no("agenda:move", slot="wrapup", before="talk1", base=seen).code == "conflict"


def test_an_id_that_was_removed_is_never_given_to_another_slot(show: Show) -> None:
    first = show.mod("agenda:add", title="One", duration_s=60)["slot"]
    show.mod("agenda:remove", slot=first)
    second = show.mod("agenda:add", title="Two", duration_s=60)["slot"]
    assert second != first
    show = Show(AGENDA)
    taken = show.state.slots["talk1"].id
    show.mod("agenda:remove", slot=taken)
    assert all(show.mod("agenda:add", title=f"{n}", duration_s=60)["slot"] != taken for n in range(5))


def test_an_id_of_the_programme_that_was_removed_is_not_given_again() -> None:
    slots = tuple(AGENDA[:2]) + tuple(
        type(AGENDA[2])(f"s{n}", f"Slot {n}", "talk", T0 + n * MINUTE, 60) for n in range(5, 12)
    )
    show = Show(slots)
    gone = [f"s{n}" for n in range(5, 12)]
    for id in gone:
        show.mod("agenda:remove", slot=id)
    made = {show.mod("agenda:add", title=f"{n}", duration_s=60)["slot"] for n in range(8)}
    assert made.isdisjoint(gone)


# ---- replace ----


def test_slots_keep_their_ids_by_id_or_by_title_and_speakers(show: Show) -> None:
    replaced(
        show,
        talk("LICHENS", "Charles Babbage", "Ada Lovelace"),
        talk("Renamed", id="talk1"),
        talk("Mosses", "Somebody Else"),
    )
    order = show.state.order
    assert order[:2] == ("talk2", "talk1")
    assert order[2] not in ("welcome", "debate", "wrapup")
    assert [start for _, start, _ in plan(show)] == [0, 10, 20]
    assert show.state.slots["talk2"].speakers == ("babbage", "lovelace")
    assert show.state.ends_at == T0 + 30 * MINUTE


def test_slots_that_are_called_the_same_keep_their_ids_in_their_order() -> None:
    show = Show()
    breaks = [show.mod("agenda:add", title="Break", kind="break", duration_s=300, after=after)["slot"]
              for after in ("talk1", "talk2")]  # fmt: skip
    again = [talk(s.title, *(show.state.speakers[id].name for id in s.speakers)) for s in show.state.agenda()]
    order = show.state.order
    replaced(show, *again)
    assert show.state.order == order
    show.mod("timer:start", slot="talk2")  # the first break is over; the programme of the rest names one only
    replaced(show, talk("Break"), talk("Wrap-up"))
    assert breaks[1] in show.state.order[show.state.order.index("talk2") :]


def test_a_new_programme_brings_its_own_times(show: Show) -> None:
    replaced(show, talk("Mosses", "Ada Lovelace", start_at=T0 + 60 * MINUTE), talk("Ferns"))
    assert [start for _, start, _ in plan(show)] == [60, 70]
    assert (show.state.starts_at, show.state.ends_at) == (T0 + 60 * MINUTE, T0 + 80 * MINUTE)


def test_during_the_show_what_has_happened_and_planned_times_stay(running: Show) -> None:
    before = running.state
    replaced(
        running,
        talk("Ferns", duration_s=300, start_at=T0),
        talk("Debate", id="debate", kind="debate", duration_s=900, start_at=T0),
        talk("Other welcome", id="welcome", duration_s=60),
    )
    state = running.state
    assert state.order[:3] == ("welcome", "talk1", "talk2")
    assert [state.slots[id] for id in state.order[:3]] == [before.slots[id] for id in before.order[:3]]
    assert state.order[4] == "debate"
    assert (state.slots["debate"].duration_s, state.slots["debate"].planned_start_at) == (900, T0 + 25 * MINUTE)
    assert "wrapup" not in state.order
    assert (state.starts_at, state.ends_at) == (before.starts_at, before.ends_at)


def test_one_name_is_one_speaker_and_a_new_affiliation_replaces_the_old(show: Show) -> None:
    replaced(show, talk("A", "ada LOVELACE", "New Person"), talk("B", "New Person"))
    assert show.state.slots[show.state.order[0]].speakers[0] == "lovelace"
    first, second = (show.state.slots[id].speakers for id in show.state.order)
    assert first[1] == second[0]
    assert {"lovelace", "babbage"} <= set(show.state.speakers)


def test_a_programme_needs_a_slot(show: Show) -> None:
    with pytest.raises(Refused):
        replaced(show)
    with pytest.raises(Refused):
        planned()


def test_replacing_what_somebody_changed_meanwhile_is_a_conflict(show: Show) -> None:
    seen = show.state.seq
    show.mod("agenda:edit", slot="talk1", title="Ferns")
    with pytest.raises(Refused) as refused:
        replaced(show, talk("A"), base=seen)
    assert refused.value.code == "conflict"


def test_a_webinar_made_of_a_programme_has_ids_for_slots_and_speakers() -> None:
    event = planned(talk("A", "Ann", "Bob"), talk("B", "Bob"), talk("C", id="my-own"))
    ids = [slot.id for slot in event.slots] + [speaker.id for speaker in event.speakers]
    assert len(set(ids)) == 5
    assert event.slots[2].id == "my-own"
    assert event.slots[0].speakers[1] == event.slots[1].speakers[0]
    assert event.ends_at == T0 + 30 * MINUTE


def test_a_text_leaves_what_it_has_no_words_for(running: Show) -> None:
    link = {"title": "Slides", "url": "https://example.org/ferns"}
    running.mod("agenda:edit", slot="wrapup", links=[link], warn_s=30, fixed=True)
    running.mod("agenda:edit", slot="debate", flex=False)
    wrapup, debate = running.state.slots["wrapup"], running.state.slots["debate"]
    replaced(
        running,
        NewSlot("Wrap-up", "wrapup", 600),
        NewSlot(debate.title, "debate", debate.duration_s, flex=True, speakers=(NewSpeaker("Ada Lovelace"),)),
    )
    after = running.state.slots["wrapup"]
    assert after.duration_s == 600
    assert (after.links, after.warn_s, after.fixed) == (wrapup.links, 30, True)
    # A slot that is told whole, or is another one, is as it was told.
    running.mod("agenda:replace", slots=[{}], agenda=[NewSlot("Wrap-up", "wrapup", 600)])
    assert (running.state.slots["wrapup"].links, running.state.slots["wrapup"].fixed) == ((), False)


# ---- settle ----


def test_an_overrun_is_settled_in_the_way_that_was_chosen(running: Show) -> None:
    running.now += 25 * MINUTE  # far into overtime
    assert running.view()["timer"]["over_s"] == 0  # the debate takes it up
    running.mod("agenda:settle", how="move")
    assert running.view()["slots"]["debate"]["flex"] is False
    assert running.view()["timer"]["over_s"] > 0
    running.mod("agenda:settle", how="debate")
    assert running.view()["slots"]["debate"]["flex"] is True
    running.mod("agenda:settle", how="skip")
    assert running.view()["slots"]["wrapup"]["skip"] is True
    assert running.no("agenda:settle", how="shave").code == "conflict"  # no talk is ahead
    assert running.no("agenda:settle", how="skip", slot="nowhere").code == "not_found"


def test_talks_ahead_are_shaved(show: Show) -> None:
    show.mod("agenda:edit", slot="debate", flex=False)
    show.mod("timer:start")
    show.now += 9 * MINUTE  # four over
    show.mod("agenda:settle", how="shave")
    assert [show.state.slots[id].duration_s for id in ("talk1", "talk2")] == [480, 480]
    assert show.view()["timer"]["over_s"] == 0


@pytest.mark.parametrize(
    ("type", "payload"),
    [
        ("agenda:edit", {"slot": "debate", "duration_s": 600}),
        ("agenda:settle", {"how": "move"}),
        ("timer:add", {"seconds": 60}),
        ("timer:next", {}),
    ],
)
def test_who_settles_by_what_is_not_true_any_more_is_told_so(running: Show, type: str, payload: dict[str, Any]) -> None:
    running.now += 15 * MINUTE
    seen = running.state.seq
    running.mod(type, **payload)
    assert running.no("agenda:settle", how="skip", base=seen).code == "conflict"
    running.mod("agenda:settle", how="skip", base=running.state.seq)


# ---- borrow ----


def debate_s(show: Show) -> int:
    slot = show.view()["slots"]["debate"]
    return int((slot["expected_end_at"] - slot["expected_start_at"]) // 1000)


def test_the_wrap_up_gives_time_to_the_debate_before_the_start_on_the_way_and_while_it_runs(show: Show) -> None:
    end = show.view()["timer"]["end_expected_at"]
    show.mod("agenda:borrow", seconds=60)
    assert (debate_s(show), show.state.slots["wrapup"].duration_s) == (1260, 240)
    show.mod("timer:start")
    show.mod("agenda:borrow", seconds=60, slot="wrapup")
    assert (debate_s(show), show.state.slots["wrapup"].duration_s) == (1320, 180)
    show.now = show.view()["slots"]["debate"]["expected_start_at"]
    show.mod("timer:start", slot="debate")
    show.mod("agenda:borrow", seconds=60)
    assert (debate_s(show), show.state.slots["wrapup"].duration_s) == (1380, 120)
    assert show.state.timer.trail[-1].added_s == 60
    assert show.view()["timer"]["end_expected_at"] == end


def test_a_debate_that_takes_up_nothing_is_given_the_time_by_hand(running: Show) -> None:
    running.mod("agenda:edit", slot="debate", flex=False)
    running.mod("agenda:borrow", seconds=60)
    assert running.state.slots["debate"].duration_s == 1260


def test_nothing_is_borrowed_from_what_cannot_give_it(running: Show) -> None:
    assert running.no("agenda:borrow", seconds=300).code == "invalid"  # all of it
    assert running.no("agenda:borrow", seconds=60, slot="talk1").code == "conflict"  # it is over
    assert running.no("agenda:borrow", seconds=60, slot="debate").code == "conflict"
    assert running.no("agenda:borrow", seconds=60, slot="nowhere").code == "not_found"
    running.mod("agenda:edit", slot="wrapup", fixed=True)
    assert running.no("agenda:borrow", seconds=60).code == "conflict"  # it never starts early
    running.mod("agenda:remove", slot="wrapup")
    assert running.no("agenda:borrow", seconds=60).code == "conflict"
