"""What can happen in a webinar: one struct per event, as it stands in the log."""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from .agenda import Slot, Speaker
from .state import QuestionState, Settings


class Event(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="e"):
    """The base of all events. Instants are epoch milliseconds."""


class Created(Event, tag="created"):
    slug: str
    title: str
    timezone: str
    starts_at: int
    ends_at: int
    join_code: str
    slots: list[Slot]
    speakers: list[Speaker]
    subtitle: str = ""
    summary: str = ""
    languages: list[str] = []
    rehearsal: bool = False


class KeysRotated(Event, tag="keys"):
    role: str


class Rehearsed(Event, tag="rehearsed"):
    """From here on the clock was a rehearsal's: what follows is not the real show."""


class Wiped(Event, tag="wiped"):
    """A rehearsal was taken back: the webinar is as planned before it began, with the keys that it has now."""

    planned: Created
    settings: Settings = Settings()
    qa_mode: Literal["auto", "open", "closed"] = "auto"
    generations: dict[str, int] = {}


class Asked(Event, tag="asked"):
    question: str
    n: int
    text: str
    by: str | None
    state: QuestionState
    at: int
    name: str = ""
    to: tuple[str, ...] = ()
    aloud: bool = False
    lang: str = ""
    source: str = ""
    slot: str | None = None
    slot_offset_s: int | None = None
    similar: tuple[str, ...] = ()


class Edited(Event, tag="edited"):
    question: str
    text: str
    by_author: bool = False


class Voted(Event, tag="voted"):
    question: str
    by: str


class Unvoted(Event, tag="unvoted"):
    question: str
    by: str


class Flagged(Event, tag="flagged"):
    question: str
    by: str


class Placed(Event, tag="placed"):
    """A question moves to another state. `answer` None leaves the written answer as it is."""

    question: str
    state: QuestionState
    at: int
    reason: str = ""
    answer: str | None = None


class QueueOrdered(Event, tag="queue"):
    order: tuple[str, ...]


class Noted(Event, tag="noted"):
    """What moderators and speakers note on a question; absent fields stay."""

    question: str
    starred: bool | UnsetType = UNSET
    labels: tuple[str, ...] | UnsetType = UNSET
    to: tuple[str, ...] | UnsetType = UNSET
    budget_s: int | None | UnsetType = UNSET
    offers: tuple[str, ...] | UnsetType = UNSET
    draft: str | UnsetType = UNSET


class Merged(Event, tag="merged"):
    question: str
    into: str


class Unmerged(Event, tag="unmerged"):
    question: str


class Called(Event, tag="called"):
    question: str | None = None


class AgendaChanged(Event, tag="agenda"):
    """New and changed slots and speakers, with the new order and span where these changed."""

    slots: list[Slot] = []
    removed: list[str] = []
    order: list[str] | None = None
    speakers: list[Speaker] = []
    starts_at: int | None = None
    ends_at: int | None = None


class SlotBegan(Event, tag="began"):
    slot: str
    at: int
    duration_s: int


class RunChanged(Event, tag="run"):
    """The running slot was given another length in the agenda."""

    duration_s: int


class WentBack(Event, tag="back"):
    pass


class Paused(Event, tag="paused"):
    at: int


class Resumed(Event, tag="resumed"):
    at: int


class TimeAdded(Event, tag="added"):
    seconds: int


class Ended(Event, tag="ended"):
    at: int


class QaSet(Event, tag="qa"):
    mode: Literal["auto", "open", "closed"]


class SettingsChanged(Event, tag="settings"):
    settings: Settings


class MessageSent(Event, tag="message"):
    message: str
    to: str
    text: str
    level: Literal["info", "warn", "urgent"]
    at: int
    by: str = ""


class MessageCleared(Event, tag="cleared"):
    pass


class MessageSeen(Event, tag="seen"):
    slot: str
    at: int


class HandsAsked(Event, tag="hands"):
    hands: str
    text: str
    answers: tuple[str, ...]
    at: int


class HandsClosed(Event, tag="hands-closed"):
    pass


class HandsAnswered(Event, tag="hand"):
    by: str
    answer: int


class Signalled(Event, tag="signal"):
    slot: str
    signal: Literal["ready", "more_time", "problem", "none"]
    at: int


class Undone(Event, tag="undone"):
    of: int


class Forgotten(Event, tag="forgotten"):
    """Personal data was taken out of the log; what this commit held is gone."""


AnyEvent = (
    Created | KeysRotated | Asked | Edited | Voted | Unvoted | Flagged | Placed | QueueOrdered | Noted | Merged
    | Unmerged | Called | AgendaChanged | SlotBegan | RunChanged | WentBack | Paused | Resumed | TimeAdded | Ended
    | QaSet | SettingsChanged | MessageSent | MessageCleared | MessageSeen | HandsAsked | HandsClosed | HandsAnswered
    | Signalled | Undone | Forgotten | Rehearsed | Wiped
)  # fmt: skip


NO_ANSWER = msgspec.Raw(b"{}")  # `Raw | None` would take nothing but null


class Action(msgspec.Struct, frozen=True, omit_defaults=True, rename={"actor": "a", "type": "t", "events": "e"}):
    """One command that was carried out: who sent it and what happened.

    `id` and `digest` make it idempotent: the same id with the same payload gets the first answer, `answer`, again.
    """

    actor: str
    type: str
    events: list[AnyEvent]
    by: str = ""  # the name a moderator goes by
    question: str | None = None
    slot: str | None = None
    id: str | None = None
    digest: str | None = None
    answer: msgspec.Raw = NO_ANSWER


class CommitBody(msgspec.Struct, frozen=True, rename={"actions": "c"}):
    """What one commit of the log holds: the commands that were decided together, in their order."""

    actions: list[Action]


_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(CommitBody)


def encode(actions: list[Action]) -> bytes:
    return _encoder.encode(CommitBody(actions))


def decode(body: bytes) -> list[Action]:
    """The actions of a commit. Raises `msgspec.ValidationError` when the bytes are not a commit of this version."""
    return _decoder.decode(body).actions
