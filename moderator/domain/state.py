"""The state of one webinar: the fold of its log. Immutable; `draft.py` makes the next one. Instants are epoch ms."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from immutables import Map

from .agenda import Slot, Speaker
from .timer import Timer

QuestionState = Literal["review", "public", "queued", "live", "answered", "dismissed", "merged", "withdrawn"]
VISIBLE: frozenset[str] = frozenset({"public", "queued", "live", "answered"})

DEFAULT_EACH_S = 150


class Settings(msgspec.Struct, frozen=True):
    moderation: Literal["pre", "post"] = "pre"
    names: Literal["optional", "required", "off"] = "optional"
    max_length: int = 300
    each_s: int | None = None  # seconds per question in the debate; None: learned from the answers so far
    auto_start: bool = False
    auto_next: bool = False
    auto_messages: bool = False
    warn_text: str = "2 minutes"
    danger_text: str = "Last minute"
    over_text: str = "Please come to the end"


class Question(msgspec.Struct, frozen=True):
    id: str
    n: int
    text: str
    by: str | None  # attendee hash; None when a moderator entered it
    state: QuestionState
    asked_at: int
    name: str = ""
    to: tuple[str, ...] = ()
    slot: str | None = None
    slot_offset_s: int | None = None
    aloud: bool = False
    lang: str = ""
    source: str = ""
    voters: Map[str, bool] = Map()
    votes: int = 0  # with those of the merged ones, each voter once
    merged: tuple[str, ...] = ()  # those that were merged into this one
    merged_into: str | None = None
    was: QuestionState | None = None  # the state before it was dismissed, merged, answered
    answer: str = ""
    reason: str = ""
    labels: tuple[str, ...] = ()
    starred: bool = False
    original: str = ""  # the first wording, once edited
    similar: tuple[str, ...] = ()
    flaggers: Map[str, bool] = Map()
    offers: tuple[str, ...] = ()  # slots whose speaker can answer it
    draft: str = ""  # a speaker's written answer, not published yet
    budget_s: int | None = None
    aired_at: int | None = None
    answered_at: int | None = None
    air_s: int = 0  # seconds on air before now
    on_air: bool = False  # has it been on air at all
    text_seq: int = 0  # the commit in which the text changed last


class Attendee(msgspec.Struct, frozen=True):
    name: str = ""
    asked: tuple[str, ...] = ()
    votes: Map[str, bool] = Map()


class Message(msgspec.Struct, frozen=True):
    id: str
    to: str
    text: str
    level: Literal["info", "warn", "urgent"]
    sent_at: int
    by: str = ""  # the moderator's name, where one was given
    seen: Map[str, int] = Map()


class Hands(msgspec.Struct, frozen=True):
    id: str
    text: str
    answers: tuple[str, ...]
    counts: tuple[int, ...]
    asked_at: int
    open: bool = True
    by: Map[str, int] = Map()  # attendee hash: index of the answer


class Signal(msgspec.Struct, frozen=True):
    signal: Literal["ready", "more_time", "problem"]
    at: int


class Deed(msgspec.Struct, frozen=True):
    """One action of a moderator, with what it changed, so that it can be taken back."""

    seq: int
    at: int
    by: str
    type: str
    undoable: bool
    question: str | None = None
    slot: str | None = None
    text: str = ""
    count: int = 1
    undone: bool = False
    changes: tuple[tuple[str, str, str, Any, Any], ...] = ()  # (part, key, field, before, after)


class Webinar(msgspec.Struct, frozen=True):
    slug: str
    title: str
    timezone: str
    starts_at: int
    ends_at: int
    join_code: str
    created_at: int
    seq: int = 0
    subtitle: str = ""
    summary: str = ""
    languages: tuple[str, ...] = ()
    rehearsal: bool = False
    rehearsed: Literal["", "clean", "mixed"] = ""  # by the log; mixed: it held a real show before the rehearsal began
    planned_at: int = 0  # when the agenda or the timer changed last, and in which commit
    planned_seq: int = 0
    settings: Settings = Settings()
    generations: Map[str, int] = Map()  # role: how often its keys were rotated
    speakers: Map[str, Speaker] = Map()
    slots: Map[str, Slot] = Map()
    order: tuple[str, ...] = ()
    slot_seq: Map[str, int] = Map()  # slot: the commit in which it changed last
    order_seq: int = 0
    timer: Timer = Timer(phase="before")
    timer_seq: int = 0
    questions: Map[str, Question] = Map()
    last_n: int = 0
    queue: tuple[str, ...] = ()
    head_seq: int = 0
    live: str | None = None
    live_seq: int = 0
    attendees: Map[str, Attendee] = Map()
    qa_mode: Literal["auto", "open", "closed"] = "auto"
    hands: Hands | None = None
    hands_past: tuple[Hands, ...] = ()
    message: Message | None = None
    signals: Map[str, Signal] = Map()
    call: str | None = None
    deeds: tuple[Deed, ...] = ()
    tally: Map[str, int] = Map()  # questions by state
    reasons: Map[str, int] = Map()  # why questions were not taken up, and how many for each
    votes: int = 0
    answered: tuple[int, int, int] = (0, 0, 0)  # answered on air; of these, real answers, and their seconds together
    aired: tuple[str, ...] = ()  # questions that are or were on air, in the order they first were
    serial: int = 0  # for ids of slots, speakers, messages, shows of hands

    def agenda(self) -> list[Slot]:
        """The slots in their order."""
        return [self.slots[id] for id in self.order]
