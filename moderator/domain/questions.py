"""A question's states and moves: one table says which move is allowed from which state, and for whom."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from msgspec.structs import replace

from . import commands as c
from . import events as e
from .refusal import N_, Refused
from .state import VISIBLE, Question, QuestionState, Webinar
from .text import clean


class Context(NamedTuple):
    """What a decision may know besides the state: who asks, when, and as which commit it would be kept."""

    now: int
    seq: int
    role: c.Role
    actor: str  # attendee hash, or the name of the key
    slot: str | None = None
    name: str = ""  # what a moderator goes by
    similar: Callable[[str], tuple[str, ...]] = lambda text: ()


ANY: frozenset[QuestionState] = frozenset(
    ("review", "public", "queued", "live", "answered", "dismissed", "merged", "withdrawn")
)
MAX_LABELS = 20
_OPEN: frozenset[QuestionState] = frozenset(("review", "public", "queued", "live", "answered"))


class MoveRule(NamedTuple):
    roles: frozenset[c.Role]
    states: frozenset[QuestionState]


def _from(*states: QuestionState, roles: frozenset[c.Role] = c.MODERATOR) -> MoveRule:
    return MoveRule(roles, frozenset(states))


# move: (who, from which states). An author's own moves are checked for authorship besides.
MOVES: dict[str, MoveRule] = {
    "question:approve": _from("review"),
    "question:dismiss": _from("review", "public", "queued", "live", "answered"),
    "question:restore": _from("dismissed", "answered"),
    "question:queue": _from("review", "public"),
    "question:unqueue": _from("queued"),
    "question:move": _from("queued"),
    "question:air": _from("review", "public", "queued"),
    "question:answer": _from("review", "public", "queued", "live", "answered"),
    "question:merge": _from("review", "public", "queued"),
    "question:unmerge": _from("merged"),
    "question:star": MoveRule(c.MODERATOR, ANY - {"withdrawn"}),
    "question:unstar": MoveRule(c.MODERATOR, ANY - {"withdrawn"}),
    "question:label": MoveRule(c.MODERATOR, ANY - {"withdrawn"}),
    "question:address": MoveRule(c.MODERATOR, ANY - {"withdrawn"}),
    "question:budget": MoveRule(c.MODERATOR, _OPEN - {"answered"}),
    "question:call": _from("public", "queued", "live"),
    "question:edit": MoveRule(c.MODERATOR | c.ATTENDEE, ANY - {"withdrawn"}),
    "question:withdraw": MoveRule(c.ATTENDEE, ANY - {"withdrawn"}),
    "question:vote": _from("public", "queued", "live", "answered", roles=c.ATTENDEE),
    "question:unvote": _from("public", "queued", "live", "answered", roles=c.ATTENDEE),
    "question:flag": _from("public", "queued", "live", "answered", roles=c.ATTENDEE),
    "question:offer": _from("public", "queued", "live", "answered", roles=c.SPEAKER),
    "question:draft": _from("public", "queued", "live", "answered", roles=c.SPEAKER),
}

_MOVED_ON = N_("This question has moved on meanwhile.")
_UNKNOWN = N_("This question does not exist.")


def find(webinar: Webinar, id: str, context: Context) -> Question:
    """The question, if the caller may know of it. Raises `Refused("not_found")`."""
    question = webinar.questions.get(id)
    if question is None:
        raise Refused("not_found", _UNKNOWN, field="question")
    if context.role != "moderator" and question.by != context.actor:
        shown = question
        if question.merged_into is not None and context.role == "attendee":
            shown = webinar.questions[question.merged_into]
        if shown.state not in VISIBLE:
            raise Refused("not_found", _UNKNOWN, field="question")
    return question


def allow(question: Question, move: str) -> None:
    """Raises `Refused("conflict")` when the table does not have this move from the question's state."""
    if question.state not in MOVES[move].states:
        raise Refused("conflict", _MOVED_ON, current=_current(question))


def unchanged(question: Question, command: c.Command) -> None:
    """Nobody acts on a text that was edited under the finger."""
    if command.base is not None and question.text_seq > command.base:
        raise Refused("conflict", N_("This question was edited meanwhile."), current=_current(question))


def _current(question: Question) -> dict[str, Any]:
    current = {"question": question.id, "state": question.state, "text": question.text}
    if question.merged_into is not None:
        current["merged_into"] = question.merged_into
    return current


def addressees(webinar: Webinar, ids: Iterable[str]) -> tuple[str, ...]:
    unique = tuple(dict.fromkeys(ids))
    for id in unique:
        if id not in webinar.speakers:
            raise Refused("invalid", N_("This speaker is not in the programme."), field="to")
    return unique


def qa_closed(webinar: Webinar) -> str | None:
    """Why no questions are taken: `wrapup`, `ended`, `by_moderator`, or None while they are."""
    if webinar.qa_mode == "closed":
        return "by_moderator"
    if webinar.qa_mode == "open":
        return None
    if webinar.timer.phase == "ended":
        return "ended"
    if webinar.timer.trail:
        here = webinar.order.index(webinar.timer.trail[-1].slot)
        for id in webinar.order[: here + 1]:
            if webinar.slots[id].kind == "wrapup" and any(run.slot == id for run in webinar.timer.trail):
                return "wrapup"
    return None


_CLOSED = {
    "wrapup": N_("Questions closed when the wrap-up began."),
    "ended": N_("Questions closed when the webinar ended."),
    "by_moderator": N_("The moderator has closed the questions."),
}


def refuse_closed(webinar: Webinar) -> None:
    reason = qa_closed(webinar)
    if reason is not None:
        raise Refused("closed", _CLOSED[reason])


def ask(webinar: Webinar, command: c.Ask, context: Context) -> list[e.AnyEvent]:
    settings = webinar.settings
    moderated = context.role == "moderator"
    if not moderated:
        if command.source is not None:
            raise Refused("invalid", N_("Only moderators say where a question came from."), field="source")
        refuse_closed(webinar)
    text = clean(command.text, limit=settings.max_length, field="text", lines=True)
    name = "" if settings.names == "off" else clean(command.name, limit=80, field="name", required=False)
    if settings.names == "required" and not name and not moderated:
        raise Refused("invalid", N_("Write your name first."), field="name")
    n = webinar.last_n + 1
    slot = offset = None
    if webinar.timer.phase in ("running", "paused"):
        run = webinar.timer.trail[-1]
        slot = run.slot
        offset = max(0, (run.paused_at or context.now) - run.started_at - run.paused_ms) // 1000
    return [
        e.Asked(
            question=f"q{n}",
            n=n,
            text=text,
            by=None if moderated else context.actor,
            state="public" if moderated or settings.moderation == "post" else "review",
            at=context.now,
            name=name,
            to=addressees(webinar, command.to),
            aloud=command.aloud,
            lang=clean(command.lang, limit=16, field="lang", required=False),
            source=(command.source or "room") if moderated else "",
            slot=slot,
            slot_offset_s=offset,
            similar=context.similar(text),
        )
    ]


def edit(webinar: Webinar, command: c.Edit, context: Context) -> list[e.AnyEvent]:
    question = find(webinar, command.question, context)
    author = context.role == "attendee"
    if author:
        if question.by != context.actor:
            raise Refused("forbidden", N_("Only its author or a moderator can edit a question."))
        refuse_closed(webinar)
        if question.state != "review":
            raise Refused("conflict", _MOVED_ON, current=_current(question))
    allow(question, "question:edit")
    unchanged(question, command)
    text = clean(command.text, limit=webinar.settings.max_length, field="text", lines=True)
    if text == question.text:
        return []
    return [e.Edited(question.id, text, by_author=author)]


def withdraw(webinar: Webinar, command: c.Withdraw, context: Context) -> list[e.AnyEvent]:
    question = find(webinar, command.question, context)
    if question.by != context.actor:
        raise Refused("forbidden", N_("Only its author can withdraw a question."))
    if question.state == "withdrawn":
        return []
    return [*_leave_queue(webinar, [question.id]), e.Placed(question.id, "withdrawn", context.now)]


def voted(webinar: Webinar, question: Question, voter: str) -> bool:
    return voter in question.voters or any(voter in webinar.questions[id].voters for id in question.merged)


def _ballot(webinar: Webinar, id: str, context: Context) -> Question:
    question = find(webinar, id, context)
    if question.by == context.actor:
        raise Refused("forbidden", N_("You cannot vote on your own question."))
    if question.merged_into is not None:
        question = webinar.questions[question.merged_into]
        if question.by == context.actor:
            raise Refused("forbidden", N_("You cannot vote on your own question."))
    allow(question, "question:vote")
    return question


def vote(webinar: Webinar, command: c.Vote, context: Context) -> list[e.AnyEvent]:
    question = _ballot(webinar, command.question, context)
    return [] if voted(webinar, question, context.actor) else [e.Voted(question.id, context.actor)]


def unvote(webinar: Webinar, command: c.Unvote, context: Context) -> list[e.AnyEvent]:
    question = _ballot(webinar, command.question, context)
    return [e.Unvoted(question.id, context.actor)] if voted(webinar, question, context.actor) else []


def flag(webinar: Webinar, command: c.Flag, context: Context) -> list[e.AnyEvent]:
    question = find(webinar, command.question, context)
    if question.merged_into is not None:  # what attendees see of it is its target
        question = webinar.questions[question.merged_into]
    if question.by == context.actor:
        raise Refused("forbidden", N_("You cannot flag your own question."))
    allow(question, "question:flag")
    return [] if context.actor in question.flaggers else [e.Flagged(question.id, context.actor)]


def _leave_queue(webinar: Webinar, ids: Iterable[str]) -> list[e.AnyEvent]:
    gone = set(ids)
    order = tuple(id for id in webinar.queue if id not in gone)
    return [e.QueueOrdered(order)] if order != webinar.queue else []


def _back_state(question: Question) -> QuestionState:
    return "review" if question.was == "review" else "public"


def one(webinar: Webinar, command: c.Bulk, question: Question, context: Context, move: str) -> list[e.AnyEvent]:
    """What a bulk move does to one question. Raises `Refused`."""
    id, now = question.id, context.now
    if isinstance(command, c.Answer):
        allow(question, move)
        unchanged(question, command)
        if question.state == "answered" and command.text is None:
            raise Refused("conflict", _MOVED_ON, current=_current(question))
        text = (
            None if command.text is None else clean(command.text, limit=4000, field="text", lines=True, required=False)
        )
        return [*_leave_queue(webinar, [id]), e.Placed(id, "answered", now, answer=text)]
    allow(question, move)
    match command:
        case c.Star():
            return [] if question.starred else [e.Noted(id, starred=True)]
        case c.Unstar():
            return [e.Noted(id, starred=False)] if question.starred else []
        case c.Label():
            labels = _labels(question, command)
            return [e.Noted(id, labels=labels)] if labels != question.labels else []
    unchanged(question, command)
    match command:
        case c.Approve():
            return [e.Placed(id, "public", now)]
        case c.Dismiss():
            reason = clean(command.reason, limit=500, field="reason", required=False)
            return [*_leave_queue(webinar, [id]), e.Placed(id, "dismissed", now, reason=reason)]
        case c.Restore():
            return [e.Placed(id, _back_state(question), now)]
        case c.Queue():
            return [e.Placed(id, "queued", now), e.QueueOrdered((*webinar.queue, id))]
        case c.Unqueue():
            return [*_leave_queue(webinar, [id]), e.Placed(id, "public", now)]
    raise AssertionError(f"no such bulk move: {move}")


def _labels(question: Question, command: c.Label) -> tuple[str, ...]:
    named = tuple(dict.fromkeys(clean(label, limit=40, field="labels") for label in command.labels))
    if command.how == "remove":
        return tuple(label for label in question.labels if label not in named)
    labels = tuple(dict.fromkeys((*question.labels, *named))) if command.how == "add" else named
    if len(labels) > MAX_LABELS:
        raise Refused("conflict", N_("A question has at most {n} labels."), n=MAX_LABELS, current=_current(question))
    return labels


def targets(command: c.Bulk) -> list[str]:
    if (command.question is None) == (command.questions is None):
        raise Refused("invalid", N_("Name one question, or a list of them."), field="question")
    return [command.question] if command.question is not None else list(dict.fromkeys(command.questions or ()))


def move(webinar: Webinar, command: c.Move, context: Context) -> list[e.AnyEvent]:
    question = find(webinar, command.question, context)
    allow(question, "question:move")
    rest = [id for id in webinar.queue if id != question.id]
    if command.before is None:
        at = len(rest)
    elif command.before == question.id:
        return []
    elif command.before in rest:
        at = rest.index(command.before)
    elif command.before in webinar.questions:
        raise Refused("conflict", N_("The queue has changed meanwhile."), current={"queue": list(webinar.queue)})
    else:
        raise Refused("not_found", _UNKNOWN, field="before")
    return _reordered(webinar, command, (*rest[:at], question.id, *rest[at:]))


def _reordered(webinar: Webinar, command: c.Command, order: tuple[str, ...]) -> list[e.AnyEvent]:
    if order == webinar.queue:
        return []
    if command.base is not None and order[:1] != webinar.queue[:1] and webinar.head_seq > command.base:
        raise Refused("conflict", N_("The queue has changed meanwhile."), current={"queue": list(webinar.queue)})
    return [e.QueueOrdered(order)]


def order(webinar: Webinar, command: c.Order, context: Context) -> list[e.AnyEvent]:
    """The queue in a new order; what the command does not name comes behind, in the order it had."""
    named = list(dict.fromkeys(command.questions))
    for id in named:
        allow(find(webinar, id, context), "question:move")
    rest = [id for id in webinar.queue if id not in set(named)]
    return _reordered(webinar, command, (*named, *rest))


def _air_unchanged(webinar: Webinar, command: c.Command, *, head: bool = False) -> None:
    if command.base is None:
        return
    changed = webinar.live_seq > command.base or (head and webinar.head_seq > command.base)
    if changed:
        current: dict[str, Any] = {"queue": list(webinar.queue)}
        if webinar.live is not None:
            current["live"] = webinar.live
        raise Refused("conflict", N_("The question on air has changed meanwhile."), current=current)


def air(webinar: Webinar, command: c.Air, context: Context) -> list[e.AnyEvent]:
    question = find(webinar, command.question, context)
    _air_unchanged(webinar, command)
    allow(question, "question:air")
    unchanged(question, command)
    answered = [] if webinar.live is None else [e.Placed(webinar.live, "answered", context.now)]
    return [*answered, *_leave_queue(webinar, [question.id]), e.Placed(question.id, "live", context.now)]


def next_question(webinar: Webinar, command: c.Next, context: Context) -> list[e.AnyEvent]:
    _air_unchanged(webinar, command, head=True)
    if webinar.live is None and not webinar.queue:
        raise Refused("conflict", N_("Nothing is on air, and the queue is empty."), current={"queue": []})
    events: list[e.AnyEvent] = []
    if webinar.live is not None:
        events.append(e.Placed(webinar.live, "answered", context.now))
    if webinar.queue:
        events.append(e.QueueOrdered(webinar.queue[1:]))
        events.append(e.Placed(webinar.queue[0], "live", context.now))
    return events


def clear(webinar: Webinar, command: c.Clear, context: Context) -> list[e.AnyEvent]:
    _air_unchanged(webinar, command)
    if webinar.live is None:
        raise Refused("conflict", N_("Nothing is on air."), current={"queue": list(webinar.queue)})
    return [
        e.Placed(webinar.live, "queued", context.now),
        e.QueueOrdered((webinar.live, *webinar.queue)),
    ]


def merge(webinar: Webinar, command: c.Merge, context: Context) -> list[e.AnyEvent]:
    question = find(webinar, command.question, context)
    into = find(webinar, command.into, context)
    if into.merged_into is not None:  # chains are flattened
        into = webinar.questions[into.merged_into]
    if into.id == question.id:
        raise Refused("conflict", N_("A question cannot be merged with itself."), current=_current(question))
    allow(question, "question:merge")
    unchanged(question, command)
    unchanged(into, command)
    if into.state not in _OPEN:
        raise Refused("conflict", _MOVED_ON, current=_current(into))
    return [*_leave_queue(webinar, [question.id]), e.Merged(question.id, into.id)]


def unmerge(webinar: Webinar, command: c.Unmerge, context: Context) -> list[e.AnyEvent]:
    question = find(webinar, command.question, context)
    allow(question, "question:unmerge")
    events: list[e.AnyEvent] = [e.Unmerged(question.id)]
    if question.was == "queued":
        events.append(e.QueueOrdered((*webinar.queue, question.id)))
    return events


def note(webinar: Webinar, command: c.Address | c.Budget | c.Offer | c.Draft, context: Context) -> list[e.AnyEvent]:
    question = find(webinar, command.question, context)
    match command:
        case c.Address():
            allow(question, "question:address")
            to = addressees(webinar, command.to)
            return [e.Noted(question.id, to=to)] if to != question.to else []
        case c.Budget():
            allow(question, "question:budget")
            if command.seconds == question.budget_s:
                return []
            return [e.Noted(question.id, budget_s=command.seconds)]
        case c.Offer():
            allow(question, "question:offer")
            assert context.slot is not None
            offers = tuple(slot for slot in question.offers if slot != context.slot)
            if command.offer:
                offers = (*offers, context.slot)
            return [e.Noted(question.id, offers=offers)] if offers != question.offers else []
        case c.Draft():
            allow(question, "question:draft")
            text = clean(command.text, limit=4000, field="text", lines=True, required=False)
            return [e.Noted(question.id, draft=text)] if text != question.draft else []


def trim(webinar: Webinar, command: c.Trim, context: Context) -> list[e.AnyEvent]:
    """Less time for each: the usual time becomes `seconds`, and so do longer ones of their own in the queue."""
    events: list[e.AnyEvent] = []
    if webinar.settings.each_s != command.seconds:
        events.append(e.SettingsChanged(replace(webinar.settings, each_s=command.seconds)))
    for id in webinar.queue:
        own = webinar.questions[id].budget_s
        if own is not None and own > command.seconds:
            events.append(e.Noted(id, budget_s=command.seconds))
    return events


def call(webinar: Webinar, command: c.Call | c.Uncall, context: Context) -> list[e.AnyEvent]:
    if isinstance(command, c.Uncall):
        return [] if webinar.call is None else [e.Called(None)]
    question = find(webinar, command.question, context)
    allow(question, "question:call")
    return [] if webinar.call == question.id else [e.Called(question.id)]
