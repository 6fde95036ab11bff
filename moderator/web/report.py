"""How it went: a pure reading of the fold. Instants are epoch milliseconds, lengths seconds."""

from __future__ import annotations

from collections import Counter
from typing import Any

from ..domain import timer as clock
from ..domain.state import Question, Webinar
from ..live import views

MINUTE_MS = 60_000


def report(state: Webinar, now: int, attendees_peak: int | None = None) -> dict[str, Any]:
    """`{webinar, facts, slots, per_minute, on_air, questions, ledger, floor, hands}`.

    - `facts`: began_at?, ended_at?, planned_end_at, over_s, attendees (who asked, voted, flagged or raised a hand),
      attendees_peak? (at once; absent when the server does not know), questions, askers, votes, answered_air,
      answered_written;
    - `slots`: in the agenda's order, `{id, title, kind, speakers: [names], planned_start_at, planned_end_at,
      duration_s, flex, skip, expected_start_at, expected_end_at, state, actual_start_at?, actual_end_at?, ran_s?,
      over_s?}`;
    - `per_minute`: `[[start of the minute, questions asked in it], …]`, only minutes that have some;
    - `on_air`: in the order of airing, `{id, n, text, name?, to: [names], votes, aired_at, air_s, slot?}`;
    - `questions`: every question by number, `{id, n, text, name?, state, votes, asked_at, …}`: none disappears.
    """
    projection = views.project(state, now)
    floor, _ = views.floor_parts(state)
    return {
        "webinar": {**views.webinar_part(state), "slug": state.slug},
        "generated_at": now,
        "facts": _facts(state, projection, attendees_peak),
        "slots": _slots(state, projection),
        "per_minute": per_minute(state),
        "on_air": [_aired(state, question, now) for question in aired(state)],
        "questions": [_question(state, one) for one in sorted(state.questions.values(), key=lambda one: one.n)],
        "ledger": views.ledger_part(state, "moderator"),
        "floor": [{"name": _names(state, [id])[0], **had} for id, had in floor.items() if id in state.speakers],
        "hands": [views.hands_part(one) for one in (*state.hands_past, *([state.hands] if state.hands else []))],
    }


def aired(state: Webinar) -> list[Question]:
    """The questions that were on air, in the order they last went there."""
    return sorted((one for one in state.questions.values() if one.on_air), key=lambda one: (one.aired_at or 0, one.n))


def per_minute(state: Webinar) -> list[list[int]]:
    counted = Counter(one.asked_at // MINUTE_MS for one in state.questions.values())
    return [[minute * MINUTE_MS, count] for minute, count in sorted(counted.items())]


def _facts(state: Webinar, projection: clock.Projection, attendees_peak: int | None) -> dict[str, Any]:
    timer = state.timer
    answered = [one for one in state.questions.values() if one.state == "answered"]
    on_air = sum(one.on_air for one in answered)
    facts: dict[str, Any] = {
        "planned_end_at": state.ends_at,
        "over_s": projection.over_s,
        "attendees": len(_took_part(state)),
        "questions": state.last_n,
        "askers": len({one.by for one in state.questions.values() if one.by is not None}),
        "votes": state.votes,
        "answered_air": on_air,
        "answered_written": len(answered) - on_air,
    }
    if attendees_peak is not None:
        facts["attendees_peak"] = attendees_peak
    if timer.trail:
        facts["began_at"] = timer.trail[0].started_at
    if timer.ended_at is not None:
        facts["ended_at"] = timer.ended_at
    return facts


def _took_part(state: Webinar) -> set[str]:
    """The attendees who did something that the log keeps."""
    here = set(state.attendees)
    for hands in (*state.hands_past, *((state.hands,) if state.hands is not None else ())):
        here.update(hands.by)
    for question in state.questions.values():
        here.update(question.flaggers)
    return here


def _slots(state: Webinar, projection: clock.Projection) -> list[dict[str, Any]]:
    found = []
    for slot in state.agenda():
        here = projection.slots[slot.id]
        one: dict[str, Any] = {
            "id": slot.id,
            "title": slot.title,
            "kind": slot.kind,
            "speakers": _names(state, slot.speakers),
            "planned_start_at": slot.planned_start_at,
            "planned_end_at": slot.planned_end_at,
            "duration_s": slot.duration_s,
            "flex": slot.flex,
            "skip": slot.skip,
            "expected_start_at": here.expected_start_at,
            "expected_end_at": here.expected_end_at,
            "state": here.state,
        }
        if here.state in ("done", "now") and here.actual_start_at is not None:
            one["actual_start_at"] = here.actual_start_at
            if here.state == "done" and here.actual_end_at is not None:
                one["actual_end_at"] = here.actual_end_at
                one["ran_s"] = (here.actual_end_at - here.actual_start_at) // 1000
                one["over_s"] = one["ran_s"] - slot.duration_s
        found.append(one)
    return found


def _aired(state: Webinar, question: Question, now: int) -> dict[str, Any]:
    seconds = question.air_s
    if question.state == "live" and question.aired_at is not None:
        seconds += max(0, now - question.aired_at) // 1000
    one = {
        "id": question.id,
        "n": question.n,
        "text": question.text,
        "to": _names(state, question.to),
        "votes": question.votes,
        "aired_at": question.aired_at,
        "air_s": seconds,
        "state": question.state,
    }
    if question.name:
        one["name"] = question.name
    if question.slot is not None:
        one["slot"] = question.slot
    return one


def _question(state: Webinar, question: Question) -> dict[str, Any]:
    one = views.moderated_view(state, question)
    one.pop("draft", None)
    return {"id": question.id, **one, "to": _names(state, question.to)}


def _names(state: Webinar, ids: tuple[str, ...] | list[str]) -> list[str]:
    return [state.speakers[id].name for id in ids if id in state.speakers]
