"""The aggregate's first half: `decide` turns a command into events. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from . import commands as c
from . import conduct, planning, questions, running, undo
from . import events as e
from .evolve import evolve_all
from .questions import Context
from .refusal import Refused
from .state import Webinar

Answer = dict[str, Any]  # what the ack holds besides `ok` and `seq`
Decision = tuple[list[e.AnyEvent], Answer]

_PLAIN: dict[type[c.Command], Callable[..., list[e.AnyEvent]]] = {
    c.Ask: questions.ask,
    c.Edit: questions.edit,
    c.Withdraw: questions.withdraw,
    c.Vote: questions.vote,
    c.Unvote: questions.unvote,
    c.Flag: questions.flag,
    c.Move: questions.move,
    c.Order: questions.order,
    c.Air: questions.air,
    c.Next: questions.next_question,
    c.Clear: questions.clear,
    c.Merge: questions.merge,
    c.Unmerge: questions.unmerge,
    c.Address: questions.note,
    c.Budget: questions.note,
    c.Trim: questions.trim,
    c.Offer: questions.note,
    c.Draft: questions.note,
    c.Call: questions.call,
    c.Uncall: questions.call,
    c.TimerNext: running.next_slot,
    c.TimerPrevious: running.previous,
    c.TimerPause: running.pause,
    c.TimerResume: running.resume,
    c.TimerEnd: running.end,
    c.TimerAdd: running.add,
    c.AgendaEdit: planning.edit,
    c.AgendaMove: planning.move,
    c.AgendaRemove: planning.remove,
    c.AgendaSettle: planning.settle,
    c.AgendaBorrow: planning.borrow,
    c.QaOpen: conduct.qa,
    c.QaClose: conduct.qa,
    c.QaAuto: conduct.qa,
    c.SettingsChange: conduct.settings,
    c.MessageSend: conduct.send,
    c.MessageClear: conduct.clear,
    c.MessageSeen: conduct.seen,
    c.HandsAsk: conduct.ask_hands,
    c.HandsClose: conduct.close_hands,
    c.HandsAnswer: conduct.answer_hands,
    c.SpeakerSignal: conduct.signal,
}
_ANSWERING: dict[type[c.Command], Callable[..., Decision]] = {
    c.TimerStart: running.start,
    c.AgendaAdd: planning.add,
    c.Undo: undo.undo,
}


def decide(
    webinar: Webinar, type: str, command: c.Command, context: Context, new_agenda: Sequence[planning.NewSlot] = ()
) -> Decision:
    """The events a command leads to (none: it changes nothing), and what its ack holds besides.

    `new_agenda` is what an `agenda:replace` was read as. Raises `Refused`.
    """
    if isinstance(command, c.Bulk):
        return _bulk(webinar, type, command, context)
    if isinstance(command, c.AgendaReplace):
        return planning.replace_agenda(webinar, command, new_agenda, context), {}
    answering = _ANSWERING.get(command.__class__)
    if answering is not None:
        return answering(webinar, command, context)
    return _PLAIN[command.__class__](webinar, command, context), {}


def _bulk(webinar: Webinar, type: str, command: c.Bulk, context: Context) -> Decision:
    ids = questions.targets(command)
    if command.question is not None:
        question = questions.find(webinar, command.question, context)
        return questions.one(webinar, command, question, context, type), {}
    events: list[e.AnyEvent] = []
    refused: dict[str, Any] = {}
    state = webinar
    for id in ids:
        try:
            made = questions.one(state, command, questions.find(state, id, context), context, type)
        except Refused as refusal:
            if refusal.code == "invalid":  # the payload is wrong, whichever question it is about
                raise
            refused[id] = refusal
            continue
        events += made
        state = evolve_all(state, made, context.seq)[0]
    return events, {"refused": refused} if refused else {}
