"""The aggregate's second half: events turn a state into the next one, commit by commit. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from immutables import Map
from msgspec import UNSET
from msgspec.structs import replace

from . import commands as c
from . import events as e
from . import timer as clock
from . import undo
from .draft import Changed, Draft, without
from .state import Attendee, Hands, Message, Question, Signal, Webinar


def blank(slug: str) -> Webinar:
    """The state before the first commit."""
    return Webinar(slug=slug, title="", timezone="UTC", starts_at=0, ends_at=0, join_code="", created_at=0)


_PLAN = frozenset({"slots", "order", "timer", "speakers", "starts_at", "ends_at", "title", "timezone"})


def evolve_all(webinar: Webinar, events: Sequence[e.AnyEvent], seq: int) -> tuple[Webinar, Changed]:
    draft = Draft(webinar, seq)
    for event in events:
        _EVOLVE[event.__class__](draft, event)
    return draft.state, draft.changed


def fold_action(webinar: Webinar, action: e.Action, seq: int, at: int) -> tuple[Webinar, Changed]:
    """The state after one action of commit `seq`, with the deed it leaves for moderators."""
    after, changed = evolve_all(webinar, action.events, seq)
    if not changed.fields.isdisjoint(_PLAN):
        after = replace(after, planned_at=at, planned_seq=seq)
    rule = c.RULES.get(action.type)
    if action.events and rule is not None and action.type != "undo" and _by_moderator(action, rule):
        deed = undo.deed(webinar, after, changed, action, seq, at, rule.undoable)
        after = replace(after, deeds=(*after.deeds, deed)[-undo.KEPT :])
        changed.fields.add("deeds")
    return after, changed


def _by_moderator(action: e.Action, rule: c.Rule) -> bool:
    """Authors edit their questions as well; that is no deed of a moderator."""
    return rule.roles == c.MODERATOR or (action.type == "question:edit" and action.actor == "moderator")


def fold(webinar: Webinar, actions: Sequence[e.Action], seq: int, at: int) -> tuple[Webinar, Changed]:
    """The state after commit `seq`, and what it touched."""
    changed = Changed()
    index = 0
    while index < len(actions):
        votes = _votes_from(actions, index)
        if len(votes) > 1:
            webinar, touched = _fold_votes(webinar, votes)
            index += len(votes)
        else:
            webinar, touched = fold_action(webinar, actions[index], seq, at)
            index += 1
        changed.add(touched)
    if webinar.seq != seq:
        webinar = replace(webinar, seq=seq)
    return webinar, changed


_NOBODY = Attendee()


def one_vote(action: e.Action) -> e.Voted | None:
    """The vote of an action that is nothing but one."""
    if action.type != "question:vote" or len(action.events) != 1:
        return None
    event = action.events[0]
    return event if event.__class__ is e.Voted else None


def _votes_from(actions: Sequence[e.Action], index: int) -> list[e.Voted]:
    """The votes of the actions from here on, up to the first that is something else."""
    votes = []
    for action in actions[index:]:
        vote = one_vote(action)
        if vote is None:
            break
        votes.append(vote)
    return votes


def _fold_votes(webinar: Webinar, votes: list[e.Voted]) -> tuple[Webinar, Changed]:
    """What `_voted` makes of each in turn, several times as fast: every map is copied once, not once per vote."""
    changed = Changed()
    questions, attendees = webinar.questions.mutate(), webinar.attendees.mutate()
    voters: dict[str, list[str]] = {}
    for vote in votes:
        before = attendees.get(vote.by) or _NOBODY
        attendees[vote.by] = replace(before, votes=before.votes.set(vote.question, True))
        changed.attendees.add(vote.by)
        voters.setdefault(vote.question, []).append(vote.by)
    counted = webinar.votes
    for id, new in voters.items():
        question = questions[id]
        with question.voters.mutate() as all_voters:
            for by in new:
                all_voters[by] = True
            questions[id] = replace(question, voters=all_voters.finish(), votes=question.votes + len(new))
        if question.merged_into is None:  # else the target's votes hold them
            counted += len(new)
        if question.by is not None:
            changed.attendees.add(question.by)
    changed.questions.update(voters)
    changed.fields.add("questions")
    fields: dict[str, Any] = {"questions": questions.finish(), "attendees": attendees.finish()}
    if counted != webinar.votes:
        changed.fields.add("votes")
        fields["votes"] = counted
    return replace(webinar, **fields), changed


def _created(draft: Draft, event: e.Created) -> None:
    draft.set(
        slug=event.slug,
        title=event.title,
        subtitle=event.subtitle,
        summary=event.summary,
        timezone=event.timezone,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        join_code=event.join_code,
        languages=tuple(event.languages),
        rehearsal=event.rehearsal,
        rehearsed="clean" if event.rehearsal else "",
        slots=Map({slot.id: slot for slot in event.slots}),
        order=tuple(slot.id for slot in event.slots),
        speakers=Map({speaker.id: speaker for speaker in event.speakers}),
        serial=draft.state.serial + len(event.slots) + len(event.speakers),
    )


def _keys_rotated(draft: Draft, event: e.KeysRotated) -> None:
    generations = draft.state.generations
    draft.set(generations=generations.set(event.role, generations.get(event.role, 0) + 1))


def untouched(webinar: Webinar) -> bool:
    """Has nobody asked anything yet, nor started the timer?"""
    return (
        not webinar.questions and not webinar.timer.trail and webinar.hands is None and webinar.timer.ended_at is None
    )


def _rehearsed(draft: Draft, event: e.Rehearsed) -> None:
    if not draft.state.rehearsed:
        draft.set(rehearsal=True, rehearsed="clean" if untouched(draft.state) else "mixed")


def _later(one: Map[str, int], other: dict[str, int]) -> Map[str, int]:
    """The newest generation of each role's keys, by both."""
    return Map({role: max(one.get(role, 0), other.get(role, 0)) for role in {*one, *other}})


def _wiped(draft: Draft, event: e.Wiped) -> None:
    before, seq = draft.state, draft.seq
    # Ids go on where they were. All that a command may say it saw changed in this commit.
    draft.state = replace(
        blank(before.slug),
        created_at=before.created_at,
        seq=before.seq,
        serial=before.serial,
        generations=_later(before.generations, event.generations),
        settings=event.settings,
        qa_mode=event.qa_mode,
        timer_seq=seq,
        order_seq=seq,
        head_seq=seq,
        live_seq=seq,
        slot_seq=Map(dict.fromkeys((*before.slot_seq, *(slot.id for slot in event.planned.slots)), seq)),
    )
    draft.changed.fields.update(Webinar.__struct_fields__)
    draft.changed.anew = True
    _created(draft, event.planned)
    draft.set(rehearsal=False, rehearsed="")


def _asked(draft: Draft, event: e.Asked) -> None:
    question = Question(
        id=event.question,
        n=event.n,
        text=event.text,
        by=event.by,
        state=event.state,
        asked_at=event.at,
        name=event.name,
        to=event.to,
        aloud=event.aloud,
        lang=event.lang,
        source=event.source,
        slot=event.slot,
        slot_offset_s=event.slot_offset_s,
        similar=event.similar,
        text_seq=draft.seq,
    )
    draft.put(None, question)
    draft.set(last_n=event.n)
    if event.by is not None:
        author = draft.state.attendees.get(event.by) or Attendee()
        draft.attendee(event.by, asked=(*author.asked, question.id), name=event.name or author.name)


def _edited(draft: Draft, event: e.Edited) -> None:
    before = draft.state.questions[event.question]
    original = before.original or ("" if event.by_author else before.text)
    draft.question(event.question, text=event.text, original=original, text_seq=draft.seq)


def _voted(draft: Draft, event: e.Voted) -> None:
    question = draft.state.questions[event.question]
    draft.question(event.question, voters=question.voters.set(event.by, True), votes=question.votes + 1)
    voter = draft.state.attendees.get(event.by) or Attendee()
    draft.attendee(event.by, votes=voter.votes.set(event.question, True))


def _unvoted(draft: Draft, event: e.Unvoted) -> None:
    question = draft.state.questions[event.question]
    votes = question.votes - 1
    mine = (draft.state.attendees.get(event.by) or Attendee()).votes
    for id in (question.id, *question.merged):
        voters = draft.state.questions[id].voters
        if event.by in voters:
            fields: dict[str, Any] = {"voters": voters.delete(event.by)}
            if id != question.id:
                fields["votes"] = draft.state.questions[id].votes - 1
            draft.question(id, **fields)
        mine = without(mine, id)
    draft.question(question.id, votes=votes)
    draft.attendee(event.by, votes=mine)


def _flagged(draft: Draft, event: e.Flagged) -> None:
    question = draft.state.questions[event.question]
    draft.question(event.question, flaggers=question.flaggers.set(event.by, True))


def _placed(draft: Draft, event: e.Placed) -> None:
    before = draft.state.questions[event.question]
    fields: dict[str, Any] = {"state": event.state}
    if before.state == "live":
        fields["air_s"] = before.air_s + max(0, event.at - (before.aired_at or event.at)) // 1000
        draft.set(live=None, live_seq=draft.seq)
    if event.state == "live":
        fields.update(aired_at=event.at, on_air=True)
        draft.set(live=event.question, live_seq=draft.seq)
    if event.state in ("dismissed", "answered", "withdrawn") and before.state not in ("dismissed", "answered"):
        fields["was"] = before.state
    if event.state == "answered" and before.state != "answered":
        fields["answered_at"] = event.at
    if before.state == "answered" and event.state != "answered":
        fields["answered_at"] = None
    fields["reason"] = event.reason if event.state == "dismissed" else ""
    if event.answer is not None:
        fields.update(answer=event.answer, draft="")
    if draft.state.call == event.question and event.state not in ("public", "queued", "live"):
        draft.set(call=None)
    if event.state == "withdrawn" and before.merged_into is not None:
        _leave_target(draft, before)
        fields["merged_into"] = None
    draft.question(event.question, **fields)
    if event.state == "withdrawn":
        for id in before.merged:  # they stand on their own again
            _stand_alone(draft, id)
        draft.question(event.question, merged=())
        draft.recount(event.question)


def _queue_ordered(draft: Draft, event: e.QueueOrdered) -> None:
    fields: dict[str, Any] = {"queue": event.order}
    if event.order[:1] != draft.state.queue[:1]:
        fields["head_seq"] = draft.seq
    draft.set(**fields)


def _noted(draft: Draft, event: e.Noted) -> None:
    given = {
        name: value
        for name in ("starred", "labels", "to", "budget_s", "offers", "draft")
        if (value := getattr(event, name)) is not UNSET
    }
    draft.question(event.question, **given)


def _merged(draft: Draft, event: e.Merged) -> None:
    question = draft.state.questions[event.question]
    into = draft.state.questions[event.into]
    moving = (question.id, *question.merged)
    for id in question.merged:
        draft.question(id, merged_into=into.id)
    draft.question(question.id, state="merged", was=question.state, merged_into=into.id, merged=())
    draft.recount(question.id)
    draft.question(into.id, merged=(*into.merged, *moving))
    draft.recount(into.id)
    for id in moving:
        draft.changed.attendees.update(draft.state.questions[id].voters)
    if draft.state.call == question.id:
        draft.set(call=None)


def _leave_target(draft: Draft, question: Question) -> None:
    assert question.merged_into is not None
    target = draft.state.questions[question.merged_into]
    draft.question(target.id, merged=tuple(id for id in target.merged if id != question.id))
    draft.recount(target.id)
    draft.changed.attendees.update(question.voters)


def _stand_alone(draft: Draft, id: str) -> None:
    question = draft.state.questions[id]
    _leave_target(draft, question)
    was = "public" if question.was == "queued" else question.was or "public"
    draft.question(id, state=was, was=None, merged_into=None)


def _unmerged(draft: Draft, event: e.Unmerged) -> None:
    question = draft.state.questions[event.question]
    _leave_target(draft, question)
    draft.question(event.question, state=question.was or "public", was=None, merged_into=None)


def _called(draft: Draft, event: e.Called) -> None:
    draft.set(call=event.question)


def _agenda_changed(draft: Draft, event: e.AgendaChanged) -> None:
    state = draft.state
    slots, slot_seq, speakers = state.slots, state.slot_seq, state.speakers
    serial = state.serial
    for slot in event.slots:
        serial += slot.id not in slots
        slots = slots.set(slot.id, slot)
        slot_seq = slot_seq.set(slot.id, draft.seq)
    for id in event.removed:
        slots = without(slots, id)
        slot_seq = slot_seq.set(id, draft.seq)
    for speaker in event.speakers:
        serial += speaker.id not in speakers
        speakers = speakers.set(speaker.id, speaker)
    fields: dict[str, Any] = {"slots": slots, "slot_seq": slot_seq, "serial": serial}
    if event.speakers:
        fields["speakers"] = speakers
    if event.order is not None:
        fields.update(order=tuple(event.order), order_seq=draft.seq)
    if event.starts_at is not None:
        fields["starts_at"] = event.starts_at
    if event.ends_at is not None:
        fields["ends_at"] = event.ends_at
    draft.set(**fields)


def _timer(move: Callable[..., clock.Timer]) -> Callable[[Draft, Any], None]:
    def evolve_timer(draft: Draft, event: Any) -> None:
        values = [getattr(event, name) for name in event.__struct_fields__]
        draft.set(timer=move(draft.state.timer, *values), timer_seq=draft.seq)

    return evolve_timer


def _run_changed(draft: Draft, event: e.RunChanged) -> None:
    timer = draft.state.timer
    run = replace(timer.trail[-1], duration_s=event.duration_s)
    draft.set(timer=replace(timer, trail=(*timer.trail[:-1], run)), timer_seq=draft.seq)


def _message_sent(draft: Draft, event: e.MessageSent) -> None:
    message = Message(event.message, event.to, event.text, event.level, event.at, event.by)
    draft.set(message=message, serial=draft.state.serial + 1)


def _message_seen(draft: Draft, event: e.MessageSeen) -> None:
    message = draft.state.message
    if message is not None:
        draft.set(message=replace(message, seen=message.seen.set(event.slot, event.at)))


def _hands_asked(draft: Draft, event: e.HandsAsked) -> None:
    _put_hands_away(draft)
    hands = Hands(event.hands, event.text, event.answers, (0,) * len(event.answers), event.at)
    draft.changed.attendees.update(draft.state.hands.by if draft.state.hands is not None else ())
    draft.set(hands=hands, serial=draft.state.serial + 1)


def _put_hands_away(draft: Draft) -> None:
    hands = draft.state.hands
    if hands is not None:
        draft.set(hands_past=(*draft.state.hands_past, replace(hands, open=False)))


def _hands_closed(draft: Draft, event: e.HandsClosed) -> None:
    if draft.state.hands is not None:
        draft.set(hands=replace(draft.state.hands, open=False))


def _hands_answered(draft: Draft, event: e.HandsAnswered) -> None:
    hands = draft.state.hands
    if hands is None:
        return
    counts = list(hands.counts)
    before = hands.by.get(event.by)
    if before is not None:
        counts[before] -= 1
    counts[event.answer] += 1
    draft.set(hands=replace(hands, counts=tuple(counts), by=hands.by.set(event.by, event.answer)))
    draft.changed.attendees.add(event.by)


def _signalled(draft: Draft, event: e.Signalled) -> None:
    signals = draft.state.signals
    if event.signal == "none":
        draft.set(signals=without(signals, event.slot))
    else:
        draft.set(signals=signals.set(event.slot, Signal(event.signal, event.at)))


def _nothing(draft: Draft, event: e.Forgotten) -> None:
    pass


_EVOLVE: dict[type[Any], Callable[[Draft, Any], None]] = {
    e.Created: _created,
    e.KeysRotated: _keys_rotated,
    e.Asked: _asked,
    e.Edited: _edited,
    e.Voted: _voted,
    e.Unvoted: _unvoted,
    e.Flagged: _flagged,
    e.Placed: _placed,
    e.QueueOrdered: _queue_ordered,
    e.Noted: _noted,
    e.Merged: _merged,
    e.Unmerged: _unmerged,
    e.Called: _called,
    e.AgendaChanged: _agenda_changed,
    e.SlotBegan: _timer(clock.begin),
    e.RunChanged: _run_changed,
    e.WentBack: _timer(clock.back),
    e.Paused: _timer(clock.pause),
    e.Resumed: _timer(clock.resume),
    e.TimeAdded: _timer(clock.add),
    e.Ended: _timer(clock.end),
    e.QaSet: lambda draft, event: draft.set(qa_mode=event.mode),
    e.SettingsChanged: lambda draft, event: draft.set(settings=event.settings),
    e.MessageSent: _message_sent,
    e.MessageCleared: lambda draft, event: draft.set(message=None),
    e.MessageSeen: _message_seen,
    e.HandsAsked: _hands_asked,
    e.HandsClosed: _hands_closed,
    e.HandsAnswered: _hands_answered,
    e.Signalled: _signalled,
    e.Undone: undo.evolve,
    e.Forgotten: _nothing,
    e.Rehearsed: _rehearsed,
    e.Wiped: _wiped,
}
