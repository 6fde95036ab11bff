"""A webinar for tests: commands go in as a client would send them, every event passes through the log's format."""

from __future__ import annotations

from typing import Any

import msgspec

from moderator.domain import commands as c
from moderator.domain import events as e
from moderator.domain import evolve, planning
from moderator.domain.agenda import Slot, Speaker
from moderator.domain.decide import decide
from moderator.domain.planning import NewSlot, NewSpeaker
from moderator.domain.questions import Context
from moderator.domain.refusal import Refused
from moderator.domain.state import Question, Webinar
from moderator.live import views

T0 = 1_594_103_400_000  # 2020-07-07 08:30 in Brussels
MINUTE = 60_000
ADA, BEN = "ada", "ben"  # attendees, by what stands for them in the log

AGENDA = (
    Slot("welcome", "Welcome", "welcome", T0, 300),
    Slot("talk1", "Mosses", "talk", T0 + 5 * MINUTE, 600, ("lovelace",)),
    Slot("talk2", "Lichens", "talk", T0 + 15 * MINUTE, 600, ("babbage", "lovelace")),
    Slot("debate", "Debate", "debate", T0 + 25 * MINUTE, 1200, flex=True),
    Slot("wrapup", "Wrap-up", "wrapup", T0 + 45 * MINUTE, 300),
)
SPEAKERS = (
    Speaker("lovelace", "Ada Lovelace", "", "Ockham"),
    Speaker("babbage", "Charles Babbage", "Prof.", "Cambridge"),
)


def created(slots: tuple[Slot, ...] = AGENDA, speakers: tuple[Speaker, ...] = SPEAKERS) -> e.Created:
    return e.Created(
        slug="moss",
        title="Mosses and lichens",
        timezone="Europe/Brussels",
        starts_at=slots[0].planned_start_at,
        ends_at=max(slot.planned_end_at for slot in slots),
        join_code="MOSS2",
        slots=list(slots),
        speakers=list(speakers),
    )


def talk(title: str, *speakers: str, **fields: Any) -> NewSlot:
    """A slot of a new programme."""
    return NewSlot(
        title, fields.pop("kind", "talk"), fields.pop("duration_s", 600),
        speakers=tuple(NewSpeaker(name) for name in speakers), **fields,
    )  # fmt: skip


class Show:
    """A webinar and its log. `now` is moved by the tests."""

    def __init__(self, slots: tuple[Slot, ...] = AGENDA, **settings: Any) -> None:
        self.now = T0
        self.state: Webinar = evolve.blank("moss")
        self.log: list[tuple[int, int, bytes]] = []
        self.keep([e.Action("host", "create", [created(slots)])])
        if settings:
            self.mod("settings:change", **settings)

    def keep(self, actions: list[e.Action]) -> None:
        """One commit, folded as it is read back."""
        seq = self.state.seq + 1
        body = e.encode(actions)
        self.log.append((seq, self.now, body))
        self.state, _ = evolve.fold(self.state, e.decode(body), seq, self.now)
        check(self.state)

    def send(
        self,
        role: c.Role,
        actor: str,
        type: str,
        *,
        at_slot: str | None = None,
        agenda: tuple[NewSlot, ...] = (),
        **payload: Any,
    ) -> dict[str, Any]:
        """What the ack holds besides `ok` and `seq`. Raises `Refused`; then nothing has changed."""
        rule = c.RULES[type]
        if role not in rule.roles:
            raise Refused("forbidden", "not for this role")
        command = msgspec.convert(payload, rule.payload)
        context = Context(self.now, self.state.seq + 1, role, actor, at_slot)
        made, answer = decide(self.state, type, command, context, agenda)
        if made:
            action = e.Action(
                actor=actor,
                type=type,
                events=made,
                question=payload.get("question"),
                slot=payload.get("slot") if isinstance(payload.get("slot"), str) else answer.get("slot"),
            )
            self.keep([action])
        return answer

    def mod(self, type: str, **payload: Any) -> dict[str, Any]:
        return self.send("moderator", "moderator", type, **payload)

    def att(self, actor: str, type: str, **payload: Any) -> dict[str, Any]:
        return self.send("attendee", actor, type, **payload)

    def speaker(self, slot: str, type: str, **payload: Any) -> dict[str, Any]:
        return self.send("speaker", f"speaker:{slot}", type, at_slot=slot, **payload)

    def ask(self, actor: str = ADA, text: str = "", **payload: Any) -> str:
        """A question in review; its id."""
        n = self.state.last_n + 1
        self.att(actor, "question:ask", text=text or f"Question number {n}?", **payload)
        return f"q{n}"

    def public(self, actor: str = ADA, text: str = "", **payload: Any) -> str:
        id = self.ask(actor, text, **payload)
        if self.q(id).state == "review":
            self.mod("question:approve", question=id)
        return id

    def queued(self, actor: str = ADA) -> str:
        id = self.public(actor)
        self.mod("question:queue", question=id)
        return id

    def in_state(self, state: str, actor: str = ADA) -> str:
        """A question that has come into this state."""
        id = self.ask(actor)
        if state in ("public", "queued", "live", "answered"):
            self.mod("question:approve", question=id)
        if state == "queued":
            self.mod("question:queue", question=id)
        elif state in ("live", "answered"):
            self.mod("question:air", question=id)
            if state == "answered":
                self.mod("question:answer", question=id)
        elif state == "dismissed":
            self.mod("question:dismiss", question=id, reason="Off topic")
        elif state == "merged":
            self.mod("question:merge", question=id, into=self.public("somebody"))
        elif state == "withdrawn":
            self.att(actor, "question:withdraw", question=id)
        assert self.q(id).state == state
        return id

    def q(self, id: str) -> Question:
        return self.state.questions[id]

    def view(self, role: str = "moderator", **who: Any) -> dict[str, Any]:
        return views.view(self.state, role, self.now, **who)

    def refused(self, role: c.Role, actor: str, type: str, **payload: Any) -> Refused:
        """Sends what must be refused; asserts that nothing changed."""
        before = self.state
        try:
            self.send(role, actor, type, **payload)
        except Refused as refused:
            assert self.state is before
            return refused
        raise AssertionError(f"{type} {payload} was carried out")

    def no(self, type: str, **payload: Any) -> Refused:
        return self.refused("moderator", "moderator", type, **payload)


def check(state: Webinar) -> None:
    """What holds in every state."""
    questions = state.questions
    assert len(set(state.queue)) == len(state.queue)
    assert {q.id for q in questions.values() if q.state == "queued"} == set(state.queue)
    assert {q.id for q in questions.values() if q.state == "live"} == ({state.live} - {None})
    tally: dict[str, int] = {}
    for question in questions.values():
        tally[question.state] = tally.get(question.state, 0) + 1
        for id in question.merged:
            assert questions[id].merged_into == question.id
            assert questions[id].state == "merged"
        if question.merged_into is not None:
            assert question.state == "merged"
            assert question.id in questions[question.merged_into].merged
            assert questions[question.merged_into].merged_into is None
            assert question.merged == ()
        else:
            assert question.state != "merged"
        voters = set(question.voters)
        for id in question.merged:
            voters |= set(questions[id].voters)
        assert question.votes == len(voters), question.id
    assert {k: v for k, v in state.tally.items() if v} == tally
    assert state.votes == sum(q.votes for q in questions.values() if q.state != "merged")
    aired = [q for q in questions.values() if q.state == "answered" and q.on_air]
    real = [q.air_s for q in aired if q.air_s >= 15]
    assert state.answered == (len(aired), len(real), sum(real))
    assert set(state.aired) == {q.id for q in questions.values() if q.on_air}
    for id, attendee in state.attendees.items():
        assert {q.id for q in questions.values() if q.by == id} == set(attendee.asked)
        assert {q.id for q in questions.values() if id in q.voters} == set(attendee.votes)
    assert state.call is None or questions[state.call].state in ("public", "queued", "live")
    check_agenda(state)


def check_agenda(state: Webinar) -> None:
    assert set(state.order) == set(state.slots)
    assert len(set(state.order)) == len(state.order)
    for slot in state.slots.values():
        assert set(slot.speakers) <= set(state.speakers)
    for question in state.questions.values():
        assert set(question.to) <= set(state.speakers)
    timer = state.timer
    if timer.trail:
        assert timer.trail[-1].slot in state.order
    assert (timer.phase == "before") == (not timer.trail)


def planned(*slots: NewSlot) -> e.Created:
    """The first event of a webinar with these slots."""
    facts = {"slug": "moss", "title": "Mosses", "timezone": "Europe/Brussels", "starts_at": T0}
    return planning.created(facts, slots, "MOSS2")
