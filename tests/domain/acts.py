"""Random commands of all roles, as short tuples that Hypothesis can shrink; looked up in the state when played."""

from __future__ import annotations

from typing import Any, NamedTuple

from hypothesis import Phase
from hypothesis import strategies as st

from moderator.domain import commands as c
from moderator.domain.planning import NewSlot
from moderator.domain.state import Webinar

from .show import T0, Show, talk

ATTENDEES = tuple(f"aTtEnDeE{n}hash" for n in range(4))
SPEAKERS_OF = ("talk1", "talk2")


def peopled() -> Show:
    """A webinar with a question of each attendee, some public, some queued, and with votes on them."""
    show = Show()
    for n, attendee in enumerate(ATTENDEES):
        show.ask(attendee, f"Is it [first-{n}] so?", to=["lovelace"] if n % 2 else [])
    show.mod("question:approve", questions=["q1", "q2"])
    show.mod("question:queue", question="q3")
    for attendee, question in ((0, "q2"), (1, "q1"), (2, "q1"), (3, "q1"), (3, "q2"), (0, "q3")):
        show.att(ATTENDEES[attendee], "question:vote", question=question)
    return show


QUICK = (Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink)  # explaining takes minutes with long lists


class Sent(NamedTuple):
    """A command on its way."""

    role: c.Role
    actor: str
    type: str
    payload: dict[str, Any]
    slot: str | None = None
    agenda: tuple[NewSlot, ...] = ()


ASKING = ("ask", "ask", "ask", "vote", "vote", "vote", "unvote", "flag", "withdraw", "edit_own", "ask_moderator")
MOVING = (
    "approve", "approve", "dismiss", "restore", "queue", "queue", "unqueue", "move", "order", "air", "answer",
    "answer_text", "next", "clear", "merge", "merge", "unmerge", "star", "unstar", "label", "address", "budget", "edit",
    "trim",
    "bulk", "call", "uncall", "offer", "draft",
)  # fmt: skip
RUNNING = ("start", "start_at", "next_slot", "next_slot", "previous", "pause", "resume", "add", "end")
PLANNING = (
    "edit_slot", "edit_length", "edit_speakers", "add_slot", "move_slot", "remove_slot", "settle", "borrow", "replace",
)  # fmt: skip
CONDUCT = ("qa", "settings", "message", "clear_message", "seen", "hands", "close_hands", "hand", "hand", "signal")
UNDOING = ("undo", "undo", "undo_of")

Act = tuple[str, int, int, int]


def acts(*kinds: str) -> st.SearchStrategy[Act]:
    small = st.integers(0, 9)
    return st.tuples(st.sampled_from(kinds), small, small, small)


def everything() -> st.SearchStrategy[Act]:
    return st.one_of(
        acts(*ASKING), acts(*MOVING), acts(*MOVING), acts(*RUNNING), acts(*PLANNING), acts(*CONDUCT), acts(*UNDOING)
    )


def play(webinar: Webinar, act: Act) -> Sent:
    """The command that an act stands for, as things are. It may well be refused."""
    kind, a, b, n = act
    attendee = ATTENDEES[a % len(ATTENDEES)]
    questions = sorted(webinar.questions, key=lambda id: int(id[1:]))
    slots = list(webinar.order)
    q = questions[-1 - (b % len(questions))] if questions else "q1"
    other = questions[-1 - ((b + 1 + n) % len(questions))] if questions else "q2"
    slot = slots[a % len(slots)]
    later = slots[b % len(slots)]
    speakers = sorted(webinar.speakers)
    to = [speakers[n % len(speakers)]] if speakers and n < 6 else []
    serial = webinar.seq * 10 + n

    def desk(type: str, **payload: Any) -> Sent:
        return Sent("moderator", "moderator", type, payload)

    def hall(type: str, **payload: Any) -> Sent:
        return Sent("attendee", attendee, type, payload)

    def stage(type: str, **payload: Any) -> Sent:
        at = SPEAKERS_OF[a % len(SPEAKERS_OF)]
        return Sent("speaker", f"speaker:{at}", type, payload, at)

    match kind:
        case "ask":
            text = f"Is it [ask-{serial}] so?"
            return hall("question:ask", text=text, to=to, aloud=n % 2 == 0, **({"name": f"N{a}"} if n % 3 else {}))
        case "ask_moderator":
            return desk("question:ask", text=f"From the hall [ask-{serial}]", source=("chat", "phone", "room")[n % 3])
        case "vote" | "unvote" | "flag" | "withdraw":
            return hall(f"question:{kind}", question=q)
        case "edit_own":
            return hall("question:edit", question=q, text=f"My own [own-{serial}]")
        case "edit":
            return desk("question:edit", question=q, text=f"Shorter [edit-{serial}]")
        case "approve" | "restore" | "queue" | "unqueue" | "answer" | "star" | "unstar" | "air" | "unmerge" | "call":
            return desk(f"question:{kind}", question=q)
        case "dismiss":
            return desk("question:dismiss", question=q, **({"reason": f"[reason-{serial}]"} if n % 2 else {}))
        case "answer_text":
            return desk("question:answer", question=q, text=f"Yes [answer-{serial}]")
        case "bulk":
            what = ("approve", "queue", "dismiss", "answer", "star", "unqueue", "restore")[a % 7]
            return desk(f"question:{what}", questions=[*questions[-4:], "q999"])
        case "move":
            if n % 4 == 1:
                return desk("question:order", questions=[*webinar.queue[::-1], q][: n % 5 + 1])
            return desk("question:move", question=q, before=None if n % 3 == 0 else other)
        case "order":
            queue = list(webinar.queue)
            return desk("question:order", questions=[*queue[n % 3 :], *queue[: n % 2]] or ["q1"])
        case "next" | "clear" | "uncall":
            return desk(f"question:{kind}")
        case "merge":
            return desk("question:merge", question=q, into=other)
        case "label":
            how = ("set", "add", "add", "remove")[b % 4]
            return desk("question:label", question=q, labels=[f"[label-{serial}]"] if n % 3 else [], how=how)
        case "address":
            return desk("question:address", question=q, to=to)
        case "budget":
            return desk("question:budget", question=q, seconds=None if n % 3 == 0 else 60 + n)
        case "trim":
            return desk("question:trim", seconds=60 + n % 3)
        case "offer":
            return stage("question:offer", question=q, offer=n % 3 != 0)
        case "draft":
            return stage("question:draft", question=q, text=f"[draft-{serial}]")
        case "start":
            return desk("timer:start", **({"replan": n % 2 == 0} if n < 4 else {}))
        case "start_at":
            return desk("timer:start", slot=slot)
        case "next_slot":
            return desk("timer:next")
        case "previous" | "pause" | "resume" | "end":
            return desk(f"timer:{kind}")
        case "add":
            return desk("timer:add", seconds=(a - 4) * 100)
        case "edit_slot":
            fields: dict[str, Any] = (
                {"title": f"Slot {serial}"}, {"skip": b % 2 == 0}, {"flex": b % 2 == 0}, {"fixed": b % 2 == 0},
                {"kind": ("talk", "debate", "wrapup", "break")[b % 4]}, {"min_s": None if b % 2 else 100},
                {"links": [{"title": "Slides", "url": f"https://example.org/{serial}"}] if b % 2 else []},
            )[n % 7]  # fmt: skip
            return desk("agenda:edit", slot=slot, **fields)
        case "edit_length":
            return desk("agenda:edit", slot=slot, duration_s=300 + 60 * n)
        case "edit_speakers":
            return desk("agenda:edit", slot=slot, speakers=[f"Person {b}", *to])
        case "add_slot":
            extra = {"speakers": [f"Person {n}"]} if n % 2 else {}
            return desk("agenda:add", title=f"New {n}", duration_s=300, after=slot, **extra)
        case "move_slot":
            return desk("agenda:move", slot=slot, before=None if n % 3 == 0 else later)
        case "remove_slot":
            return desk("agenda:remove", slot=slot)
        case "settle":
            return desk("agenda:settle", how=("debate", "shave", "skip", "move")[n % 4])
        case "borrow":
            return desk("agenda:borrow", seconds=60 + n, **({"slot": slot} if b % 2 else {}))
        case "replace":
            new = [talk(webinar.slots[id].title, id=id if n % 2 else None) for id in slots[b % 3 :]]
            new.append(talk(f"Another {n}", f"Person {a}", start_at=T0))
            return Sent("moderator", "moderator", "agenda:replace", {"text": "…"}, None, tuple(new))
        case "qa":
            return desk(("qa:open", "qa:close", "qa:auto")[n % 3])
        case "settings":
            change: dict[str, Any] = (
                {"moderation": "post"}, {"moderation": "pre"}, {"names": "off"}, {"names": "optional"},
                {"max_length": 100 + b}, {"each_s": None if b % 2 else 60 + b}, {"auto_next": b % 2 == 0},
            )[n % 7]  # fmt: skip
            return desk("settings:change", **change)
        case "message":
            whom = ("speakers", "all", "talk1", "talk2")[a % 4]
            return desk("message:send", to=whom, text=f"[message-{serial}]", level=("info", "warn", "urgent")[n % 3])
        case "clear_message":
            return desk("message:clear")
        case "seen":
            return stage("message:seen", message=webinar.message.id if webinar.message is not None else "m1")
        case "hands":
            return desk("hands:ask", text=f"Who has [hands-{serial}]?", answers=["Yes", "No", "Maybe"][: 2 + n % 2])
        case "close_hands":
            return desk("hands:close")
        case "hand":
            return hall("hands:answer", answer=n % 3)
        case "signal":
            return stage("speaker:signal", signal=("ready", "more_time", "problem", "none")[n % 4])
        case "undo":
            return desk("undo")
        case "undo_of":
            deeds = [deed.seq for deed in webinar.deeds]
            return desk("undo", of=deeds[-1 - b % len(deeds)] if deeds else 1)
    raise AssertionError(kind)
