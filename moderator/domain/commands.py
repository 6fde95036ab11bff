"""Every command: its payload, who may send it, and which limit it falls under. Nothing else is accepted."""

from __future__ import annotations

from typing import Annotated, Any, Literal, NamedTuple

import msgspec
from msgspec import UNSET, Meta, UnsetType

from .agenda import Kind

CommandId = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9_-]{8,64}\Z")]
Ref = Annotated[str, Meta(min_length=1, max_length=64)]
Refs = Annotated[list[Ref], Meta(min_length=1, max_length=1000)]
Text = Annotated[str, Meta(max_length=1_000_000)]  # the rules have the last word on length, in the user's words
Short = Annotated[str, Meta(max_length=400)]
Length = Annotated[int, Meta(ge=1, le=86_400)]
Seconds = Annotated[int, Meta(ge=-86_400, le=86_400)]
Count = Annotated[int, Meta(ge=0, le=2**53 - 1)]


class Command(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: CommandId | None = None
    base: Count | None = None


class SpeakerFields(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: Short
    affiliation: Short = ""
    title: Short = ""
    id: Ref | None = None


class LinkFields(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    title: Short
    url: Annotated[str, Meta(max_length=2000)]


class Clock(Command, kw_only=True):
    t0: float | int


class Similar(Command, kw_only=True):
    text: Text


class Ask(Command, kw_only=True):
    text: Text
    name: Short = ""
    to: Annotated[list[Ref], Meta(max_length=100)] = []
    aloud: bool = False
    lang: Annotated[str, Meta(max_length=16)] = ""
    source: Literal["chat", "phone", "room"] | None = None


class Edit(Command, kw_only=True):
    question: Ref
    text: Text


class Withdraw(Command, kw_only=True):
    question: Ref


class Vote(Command, kw_only=True):
    question: Ref


class Unvote(Command, kw_only=True):
    question: Ref


class Flag(Command, kw_only=True):
    question: Ref


class Bulk(Command, kw_only=True):
    question: Ref | None = None
    questions: Refs | None = None


class Approve(Bulk, kw_only=True):
    pass


class Dismiss(Bulk, kw_only=True):
    reason: Text = ""


class Restore(Bulk, kw_only=True):
    pass


class Queue(Bulk, kw_only=True):
    pass


class Unqueue(Bulk, kw_only=True):
    pass


class Answer(Bulk, kw_only=True):
    text: Text | None = None


class Star(Bulk, kw_only=True):
    pass


class Unstar(Bulk, kw_only=True):
    pass


class Move(Command, kw_only=True):
    question: Ref
    before: Ref | None


class Order(Command, kw_only=True):
    questions: Refs


class Air(Command, kw_only=True):
    question: Ref


class Next(Command, kw_only=True):
    pass


class Clear(Command, kw_only=True):
    pass


class Merge(Command, kw_only=True):
    question: Ref
    into: Ref


class Unmerge(Command, kw_only=True):
    question: Ref


class Label(Bulk, kw_only=True):
    """`set` leaves these labels and no others; `add` and `remove` leave the others as they are."""

    labels: Annotated[list[Short], Meta(max_length=20)]
    how: Literal["set", "add", "remove"] = "set"


class Address(Command, kw_only=True):
    question: Ref
    to: Annotated[list[Ref], Meta(max_length=100)]


class Budget(Command, kw_only=True):
    question: Ref
    seconds: Annotated[int, Meta(ge=10, le=3600)] | None


class Trim(Command, kw_only=True):
    """So long for each question at most, in one action: the usual time, and every longer one of its own."""

    seconds: Annotated[int, Meta(ge=10, le=3600)]


class Call(Command, kw_only=True):
    question: Ref


class Uncall(Command, kw_only=True):
    pass


class Offer(Command, kw_only=True):
    question: Ref
    offer: bool = True


class Draft(Command, kw_only=True):
    question: Ref
    text: Text


class TimerStart(Command, kw_only=True):
    slot: Ref | None = None
    replan: bool | None = None


class TimerNext(Command, kw_only=True):
    pass


class TimerPrevious(Command, kw_only=True):
    pass


class TimerPause(Command, kw_only=True):
    pass


class TimerResume(Command, kw_only=True):
    pass


class TimerEnd(Command, kw_only=True):
    pass


class TimerAdd(Command, kw_only=True):
    seconds: Seconds


class AgendaReplace(Command, kw_only=True):
    text: Annotated[str, Meta(max_length=1_000_000)] | None = None
    slots: Annotated[list[dict[str, Any]], Meta(max_length=1000)] | None = None


class SlotFields(Command, kw_only=True):
    title: Short | UnsetType = UNSET
    kind: Kind | UnsetType = UNSET
    duration_s: Length | UnsetType = UNSET
    speakers: Annotated[list[Short | SpeakerFields], Meta(max_length=50)] | UnsetType = UNSET
    flex: bool | UnsetType = UNSET
    fixed: bool | UnsetType = UNSET
    skip: bool | UnsetType = UNSET
    min_s: Annotated[int, Meta(ge=0, le=86_400)] | None | UnsetType = UNSET
    warn_s: Annotated[int, Meta(ge=0, le=86_400)] | UnsetType = UNSET
    danger_s: Annotated[int, Meta(ge=0, le=86_400)] | UnsetType = UNSET
    links: Annotated[list[LinkFields], Meta(max_length=20)] | UnsetType = UNSET


class AgendaEdit(SlotFields, kw_only=True):
    slot: Ref


class AgendaAdd(SlotFields, kw_only=True):
    after: Ref | None | UnsetType = UNSET
    slot: dict[str, Any] | None = None


class AgendaMove(Command, kw_only=True):
    slot: Ref
    before: Ref | None


class AgendaRemove(Command, kw_only=True):
    slot: Ref


class AgendaSettle(Command, kw_only=True):
    how: Literal["debate", "shave", "skip", "move"]
    slot: Ref | None = None


class AgendaBorrow(Command, kw_only=True):
    """Seconds of a slot to come (without one: of the wrap-up) for the debate that runs or is next."""

    seconds: Length
    slot: Ref | None = None


class QaOpen(Command, kw_only=True):
    pass


class QaClose(Command, kw_only=True):
    pass


class QaAuto(Command, kw_only=True):
    pass


class SettingsChange(Command, kw_only=True):
    moderation: Literal["pre", "post"] | UnsetType = UNSET
    names: Literal["optional", "required", "off"] | UnsetType = UNSET
    max_length: Annotated[int, Meta(ge=50, le=2000)] | UnsetType = UNSET
    each_s: Annotated[int, Meta(ge=10, le=3600)] | None | UnsetType = UNSET
    auto_start: bool | UnsetType = UNSET
    auto_next: bool | UnsetType = UNSET
    auto_messages: bool | UnsetType = UNSET
    warn_text: Short | UnsetType = UNSET
    danger_text: Short | UnsetType = UNSET
    over_text: Short | UnsetType = UNSET


class MessageSend(Command, kw_only=True):
    to: Ref = "speakers"
    text: Text
    level: Literal["info", "warn", "urgent"] = "info"


class MessageClear(Command, kw_only=True):
    pass


class MessageSeen(Command, kw_only=True):
    message: Ref


class HandsAsk(Command, kw_only=True):
    text: Text
    answers: Annotated[list[Text], Meta(min_length=2, max_length=5)]


class HandsClose(Command, kw_only=True):
    pass


class HandsAnswer(Command, kw_only=True):
    answer: Annotated[int, Meta(ge=0, le=4)]


class SpeakerSignal(Command, kw_only=True):
    signal: Literal["ready", "more_time", "problem", "none"]


class Undo(Command, kw_only=True):
    of: Count | None = None


class Presence(Command, kw_only=True):
    """Who a moderator is and which question they are editing. Not kept."""

    name: Short | None | UnsetType = UNSET
    editing: Ref | None | UnsetType = UNSET


class Report(Command, kw_only=True):
    """What a speaker's screen or a projector knows of itself. Not kept."""

    delay_ms: Annotated[float, Meta(ge=0, le=1e7)] | None = None
    offset_ms: Annotated[float, Meta(ge=-1e15, le=1e15)] | None = None
    drawn_at: Annotated[float, Meta(ge=0, le=1e15)] | None = None
    power: Annotated[str, Meta(max_length=40)] | float | None = None
    visible: bool | None = None
    kind: Literal["speaker", "greenroom", "screen", "overlay"] | None = None


Role = Literal["attendee", "moderator", "speaker", "screen", "organiser"]
ATTENDEE: frozenset[Role] = frozenset({"attendee"})
MODERATOR: frozenset[Role] = frozenset({"moderator"})
SPEAKER: frozenset[Role] = frozenset({"speaker"})
EVERYBODY: frozenset[Role] = frozenset({"attendee", "moderator", "speaker", "screen"})


class Rule(NamedTuple):
    """Who may send a command and which limit it counts against; `kept` ones go to the log."""

    payload: type[Command]
    roles: frozenset[Role]
    limit: str
    kept: bool = True
    undoable: bool = False


def _moderator(payload: type[Command], *, undoable: bool = True) -> Rule:
    return Rule(payload, MODERATOR, "desk", undoable=undoable)


RULES: dict[str, Rule] = {
    "clock": Rule(Clock, EVERYBODY, "clock", kept=False),
    "question:similar": Rule(Similar, EVERYBODY, "similar", kept=False),
    "presence": Rule(Presence, MODERATOR, "desk", kept=False),
    "report": Rule(Report, frozenset({"speaker", "screen"}), "clock", kept=False),
    "question:ask": Rule(Ask, ATTENDEE | MODERATOR, "ask"),
    "question:edit": Rule(Edit, ATTENDEE | MODERATOR, "ask", undoable=True),
    "question:withdraw": Rule(Withdraw, ATTENDEE, "vote"),
    "question:vote": Rule(Vote, ATTENDEE, "vote"),
    "question:unvote": Rule(Unvote, ATTENDEE, "vote"),
    "question:flag": Rule(Flag, ATTENDEE, "vote"),
    "question:approve": _moderator(Approve),
    "question:dismiss": _moderator(Dismiss),
    "question:restore": _moderator(Restore),
    "question:queue": _moderator(Queue),
    "question:unqueue": _moderator(Unqueue),
    "question:answer": _moderator(Answer),
    "question:star": _moderator(Star),
    "question:unstar": _moderator(Unstar),
    "question:move": _moderator(Move),
    "question:order": _moderator(Order),
    "question:air": _moderator(Air),
    "question:next": _moderator(Next),
    "question:clear": _moderator(Clear),
    "question:merge": _moderator(Merge),
    "question:unmerge": _moderator(Unmerge),
    "question:label": _moderator(Label),
    "question:address": _moderator(Address),
    "question:budget": _moderator(Budget),
    "question:trim": _moderator(Trim),
    "question:call": _moderator(Call, undoable=False),
    "question:uncall": _moderator(Uncall, undoable=False),
    "question:offer": Rule(Offer, SPEAKER, "speaker"),
    "question:draft": Rule(Draft, SPEAKER, "speaker"),
    "timer:start": _moderator(TimerStart),
    "timer:next": _moderator(TimerNext),
    "timer:previous": _moderator(TimerPrevious),
    "timer:pause": _moderator(TimerPause),
    "timer:resume": _moderator(TimerResume),
    "timer:end": _moderator(TimerEnd),
    "timer:add": _moderator(TimerAdd),
    "agenda:replace": _moderator(AgendaReplace),
    "agenda:edit": _moderator(AgendaEdit),
    "agenda:add": _moderator(AgendaAdd),
    "agenda:move": _moderator(AgendaMove),
    "agenda:remove": _moderator(AgendaRemove),
    "agenda:settle": _moderator(AgendaSettle),
    "agenda:borrow": _moderator(AgendaBorrow),
    "qa:open": _moderator(QaOpen, undoable=False),
    "qa:close": _moderator(QaClose, undoable=False),
    "qa:auto": _moderator(QaAuto, undoable=False),
    "settings:change": _moderator(SettingsChange, undoable=False),
    "message:send": _moderator(MessageSend, undoable=False),
    "message:clear": _moderator(MessageClear, undoable=False),
    "message:seen": Rule(MessageSeen, SPEAKER, "speaker"),
    "hands:ask": _moderator(HandsAsk, undoable=False),
    "hands:close": _moderator(HandsClose, undoable=False),
    "hands:answer": Rule(HandsAnswer, ATTENDEE, "vote"),
    "speaker:signal": Rule(SpeakerSignal, SPEAKER, "speaker"),
    "undo": _moderator(Undo, undoable=False),
}
