"""What each role sees: pure functions from the state (and now) to the view of the contract, part by part.

A part is absent where it has no value, never null. What a role may not see is not in its view.
"""

from __future__ import annotations

import heapq
from typing import Any

import msgspec

from ..domain import debate
from ..domain import timer as clock
from ..domain.conduct import reaches
from ..domain.questions import qa_closed
from ..domain.state import VISIBLE, Attendee, Deed, Hands, Message, Question, Webinar

View = dict[str, Any]

ANSWERED_SHOWN = 50
POPULAR_SHOWN = 75
RECENT_SHOWN = 75
DEEDS_SHOWN = 20
REASONS_SHOWN = 20


def webinar_part(webinar: Webinar) -> View:
    part: View = {
        "slug": webinar.slug,
        "title": webinar.title,
        "subtitle": webinar.subtitle,
        "summary": webinar.summary,
        "timezone": webinar.timezone,
        "starts_at": webinar.starts_at,
        "ends_at": webinar.ends_at,
        "join_code": webinar.join_code,
        "languages": list(webinar.languages),
        "settings": {k: v for k, v in msgspec.to_builtins(webinar.settings).items() if v is not None},
    }
    if webinar.rehearsal:
        part["rehearsal"] = True
    return part


def speakers_part(webinar: Webinar) -> View:
    return {
        id: {"name": one.name, "title": one.title, "affiliation": one.affiliation}
        for id, one in webinar.speakers.items()
    }


def slots_part(webinar: Webinar, projection: clock.Projection) -> View:
    part: View = {}
    for order, slot in enumerate(webinar.agenda()):
        here = projection.slots[slot.id]
        one: View = {
            "order": order,
            "title": slot.title,
            "kind": slot.kind,
            "speakers": list(slot.speakers),
            "planned_start_at": slot.planned_start_at,
            "duration_s": slot.duration_s,
            "flex": slot.flex,
            "skip": slot.skip,
            "warn_s": slot.warn_s,
            "danger_s": slot.danger_s,
            "expected_start_at": here.expected_start_at,
            "expected_end_at": here.expected_end_at,
            "state": here.state,
        }
        if slot.fixed:
            one["fixed"] = True
        if slot.min_s is not None:
            one["min_s"] = slot.min_s
        if slot.links:
            one["links"] = [{"title": link.title, "url": link.url} for link in slot.links]
        if here.state in ("done", "now"):
            if here.actual_start_at is not None:
                one["actual_start_at"] = here.actual_start_at
            if here.state == "done" and here.actual_end_at is not None:
                one["actual_end_at"] = here.actual_end_at
        part[slot.id] = one
    return part


def timer_part(webinar: Webinar, projection: clock.Projection) -> View:
    timer = webinar.timer
    part: View = {
        "phase": timer.phase,
        "end_expected_at": projection.end_expected_at,
        "over_s": projection.over_s,
    }
    run = timer.current
    if run is not None:
        part.update(
            slot=run.slot,
            started_at=run.started_at,
            deadline_at=run.deadline_at,
            duration_s=run.duration_s,
            added_s=run.added_s,
        )
        if run.paused_at is not None:
            part["paused_at"] = run.paused_at
    elif timer.phase == "ended" and timer.ended_at is not None:
        part["ended_at"] = timer.ended_at
    return part


def qa_part(webinar: Webinar) -> View:
    reason = qa_closed(webinar)
    part: View = {
        "state": "open" if reason is None else "closed",
        "mode": webinar.qa_mode,
        "moderation": webinar.settings.moderation,
    }
    if reason is not None:
        part["reason"] = reason
    return part


def queue_part(webinar: Webinar, projection: clock.Projection, now: int) -> View:
    return {
        "order": list(webinar.queue),
        "fits": debate.fits(webinar, projection, now),
        "each_s": debate.each_s(webinar),
    }


def hands_part(hands: Hands) -> View:
    return {
        "id": hands.id,
        "text": hands.text,
        "answers": list(hands.answers),
        "counts": list(hands.counts),
        "open": hands.open,
    }


def message_part(message: Message) -> View:
    part: View = {
        "id": message.id,
        "to": message.to,
        "text": message.text,
        "level": message.level,
        "sent_at": message.sent_at,
        "seen": dict(message.seen),
    }
    if message.by:
        part["by"] = message.by
    return part


def message_for(webinar: Webinar, role: str, slot: str | None) -> Message | None:
    """The message as far as it is meant for this role."""
    message = webinar.message
    if message is None or role == "moderator" or message.to == "all":
        return message
    return message if role == "speaker" and reaches(message, slot) else None


def ledger_part(webinar: Webinar, role: str) -> View | None:
    """What became of every question, in numbers. Public once no more are taken: before, it would tell of what is in
    review, with a frame to everybody for each question that is asked."""
    if role != "moderator" and qa_closed(webinar) not in ("wrapup", "ended") and webinar.timer.phase != "ended":
        return None
    tally = webinar.tally
    on_air = webinar.answered[0]
    return {
        "asked": webinar.last_n,
        "on_air": on_air,
        "in_writing": tally.get("answered", 0) - on_air,
        "merged": tally.get("merged", 0),
        "dismissed": tally.get("dismissed", 0),
        "withdrawn": tally.get("withdrawn", 0),
        "reasons": dict(sorted(webinar.reasons.items(), key=lambda one: (-one[1], one[0]))[:REASONS_SHOWN]),
        "open": sum(tally.get(state, 0) for state in ("review", "public", "queued", "live")),
    }


def _shown(webinar: Webinar) -> int:
    return sum(webinar.tally.get(state, 0) for state in VISIBLE)


def counts_part(webinar: Webinar, role: str) -> View:
    if role != "moderator":
        return {"questions": _shown(webinar)}
    return {
        "questions": webinar.last_n,
        "public": _shown(webinar),
        "in_review": webinar.tally.get("review", 0),
        "votes": webinar.votes,
    }


def shown_state(webinar: Webinar, question: Question) -> str:
    """Merged ones follow their target into dismissal."""
    if question.merged_into is not None and webinar.questions[question.merged_into].state == "dismissed":
        return "dismissed"
    return question.state


def question_view(question: Question, role: str = "attendee") -> View:
    """A question as attendees, screens and speakers see it; speakers see besides who can answer it."""
    one: View = {
        "n": question.n,
        "text": question.text,
        "to": list(question.to),
        "state": question.state,
        "votes": question.votes,
        "asked_at": question.asked_at,
        "aloud": question.aloud,
        "merged": len(question.merged),
    }
    if question.name:
        one["name"] = question.name
    if question.slot is not None:
        one["slot"] = question.slot
        one["slot_offset_s"] = question.slot_offset_s
    if question.answer:
        one["answer"] = question.answer
    if question.lang:
        one["language"] = question.lang
    if question.source:
        one["source"] = question.source
    if question.budget_s is not None:
        one["budget_s"] = question.budget_s
    if role == "speaker" and question.offers:
        one["offers"] = list(question.offers)
    return one


def moderated_view(webinar: Webinar, question: Question) -> View:
    """A question as moderators see it."""
    one = question_view(question, "speaker")
    one.pop("language", None)
    if question.lang:
        one["lang"] = question.lang
    if question.answered_at is not None:
        one["answered_at"] = question.answered_at
    one["state"] = shown_state(webinar, question)
    one["labels"] = list(question.labels)
    one["starred"] = question.starred
    one["edited"] = bool(question.original)
    one["similar"] = list(question.similar)
    one["flags"] = len(question.flaggers)
    if question.original:
        one["original"] = question.original
    if question.reason:
        one["reason"] = question.reason
    if question.merged_into is not None:
        one["merged_into"] = question.merged_into
    if question.draft:
        one["draft"] = question.draft
    if question.aired_at is not None:
        one["aired_at"] = question.aired_at
    if question.on_air and question.state != "live":
        one["air_s"] = question.air_s
    return one


def own_question(webinar: Webinar, question: Question) -> View:
    """A question as its author sees it."""
    one: View = {
        "n": question.n,
        "text": question.text,
        "state": shown_state(webinar, question),
        "votes": question.votes,
        "asked_at": question.asked_at,
        "aloud": question.aloud,
        "to": list(question.to),
    }
    if question.lang:
        one["language"] = question.lang
    followed = question if question.merged_into is None else webinar.questions[question.merged_into]
    if question.merged_into is not None:
        one["merged_into"] = question.merged_into
        if followed.state in VISIBLE:  # it may be beyond what attendees hold of the public ones
            one["followed"] = {"text": followed.text, "state": followed.state}
    if followed.reason:
        one["reason"] = followed.reason
    if followed.answer:
        one["answer"] = followed.answer
    if followed.answered_at is not None:
        one["answered_at"] = followed.answered_at
    return one


def me_part(webinar: Webinar, attendee: str) -> View:
    """What one attendee alone sees: the own questions in any state, the own votes."""
    me = webinar.attendees.get(attendee) or Attendee()
    votes: View = {}
    for id in me.votes:
        question = webinar.questions[id]
        votes[question.merged_into or id] = True
    part: View = {
        "questions": {id: own_question(webinar, webinar.questions[id]) for id in me.asked},
        "votes": votes,
    }
    if me.name:
        part["name"] = me.name
    hands = webinar.hands
    if hands is not None and attendee in hands.by:
        part["hand"] = hands.by[attendee]
    return part


def deed_view(deed: Deed) -> View:
    one: View = {
        "seq": deed.seq,
        "at": deed.at,
        "by": deed.by,
        "type": deed.type,
        "undoable": deed.undoable,
        "count": deed.count,
    }
    if deed.question is not None:
        one["question"] = deed.question
    if deed.slot is not None:
        one["slot"] = deed.slot
    if deed.text:
        one["text"] = deed.text
    if deed.undone:
        one["undone"] = True
    return one


def deeds_part(webinar: Webinar) -> View:
    return {str(deed.seq): deed_view(deed) for deed in webinar.deeds[-DEEDS_SHOWN:]}


def floor_parts(webinar: Webinar) -> tuple[View, str | None]:
    """The floor per speaker, and who should come next."""
    had = debate.floor(webinar, [webinar.questions[id] for id in webinar.aired])
    floor = {id: {"seconds": one.seconds, "questions": one.questions} for id, one in had.items()}
    return floor, debate.suggest(webinar, had)


def signals_part(webinar: Webinar, slot: str | None = None) -> View:
    return {
        id: {"signal": one.signal, "at": one.at} for id, one in webinar.signals.items() if slot is None or id == slot
    }


def window(webinar: Webinar) -> set[str]:
    """Which questions attendees and screens hold: on air and queued, answered last, most votes, newest."""
    public = [question for question in webinar.questions.values() if question.state == "public"]
    answered = [question for question in webinar.questions.values() if question.state == "answered"]
    ids = set(webinar.queue)
    if webinar.live is not None:
        ids.add(webinar.live)
    ids.update(q.id for q in heapq.nsmallest(ANSWERED_SHOWN, answered, key=answered_key))
    ids.update(q.id for q in heapq.nsmallest(POPULAR_SHOWN, public, key=popular_key))
    ids.update(q.id for q in heapq.nsmallest(RECENT_SHOWN, public, key=recent_key))
    return ids


def answered_key(question: Question) -> tuple[int, int]:
    return (-(question.answered_at or 0), -question.n)


def popular_key(question: Question) -> tuple[int, int]:
    return (-question.votes, question.n)


def recent_key(question: Question) -> tuple[int]:
    return (-question.n,)


def project(webinar: Webinar, now: int) -> clock.Projection:
    return clock.project(webinar.agenda(), webinar.timer, webinar.ends_at, now)


def view(webinar: Webinar, role: str, now: int, *, slot: str | None = None, attendee: str | None = None) -> View:
    """A role's whole view, made from nothing but the state: what every snapshot and every sum of patches must equal."""
    projection = project(webinar, now)
    whole: View = {
        "webinar": webinar_part(webinar),
        "speakers": speakers_part(webinar),
        "slots": slots_part(webinar, projection),
        "timer": timer_part(webinar, projection),
        "qa": qa_part(webinar),
        "queue": queue_part(webinar, projection, now),
        "counts": counts_part(webinar, role),
    }
    whole.update(optional_parts(webinar, role, slot))
    if role == "moderator":
        whole["questions"] = {id: moderated_view(webinar, q) for id, q in webinar.questions.items()}
        whole.update(moderator_parts(webinar))
    else:
        whole["questions"] = {id: question_view(webinar.questions[id], role) for id in window(webinar)}
    if role == "speaker":
        whole["signals"] = signals_part(webinar, slot or "")
    if role == "attendee" and attendee is not None:
        whole["me"] = me_part(webinar, attendee)
    return whole


def optional_parts(webinar: Webinar, role: str, slot: str | None) -> View:
    """The parts that are absent when there is nothing."""
    parts: View = {}
    if webinar.live is not None:
        parts["live"] = webinar.live
        parts["live_since"] = webinar.questions[webinar.live].aired_at
    if webinar.hands is not None:
        parts["hands"] = hands_part(webinar.hands)
    message = message_for(webinar, role, slot)
    if message is not None:
        parts["message"] = message_part(message)
    ledger = ledger_part(webinar, role)
    if ledger is not None:
        parts["ledger"] = ledger
    if webinar.call is not None:
        parts["call"] = webinar.call
    return parts


def moderator_parts(webinar: Webinar) -> View:
    floor, suggested = floor_parts(webinar)
    parts: View = {
        "deeds": deeds_part(webinar),
        "floor": floor,
        "signals": signals_part(webinar),
        "hands_past": [hands_part(hands) for hands in webinar.hands_past],
    }
    if suggested is not None:
        parts["suggest"] = suggested
    return parts
