"""Around the questions: opening and closing them, settings, messages to the speakers, signals, shows of hands."""

from __future__ import annotations

from msgspec import UNSET
from msgspec.structs import replace

from . import commands as c
from . import events as e
from .questions import Context
from .refusal import N_, Refused
from .running import slot_of
from .state import Message, Webinar
from .text import clean


def qa(webinar: Webinar, command: c.QaOpen | c.QaClose | c.QaAuto, context: Context) -> list[e.AnyEvent]:
    mode = {c.QaOpen: "open", c.QaClose: "closed", c.QaAuto: "auto"}[type(command)]
    return [] if mode == webinar.qa_mode else [e.QaSet(mode)]  # type: ignore[arg-type]


def settings(webinar: Webinar, command: c.SettingsChange, context: Context) -> list[e.AnyEvent]:
    given = {
        name: value for name in webinar.settings.__struct_fields__ if (value := getattr(command, name)) is not UNSET
    }
    for name in ("warn_text", "danger_text", "over_text"):
        if name in given:
            given[name] = clean(given[name], limit=200, field=name)
    after = replace(webinar.settings, **given)
    return [e.SettingsChanged(after)] if after != webinar.settings else []


def send(webinar: Webinar, command: c.MessageSend, context: Context) -> list[e.AnyEvent]:
    if command.to not in ("speakers", "all"):
        slot_of(webinar, command.to, "to")
    text = clean(command.text, limit=280, field="text")
    return [e.MessageSent(f"m{webinar.serial + 1}", command.to, text, command.level, context.now, context.name)]


def clear(webinar: Webinar, command: c.MessageClear, context: Context) -> list[e.AnyEvent]:
    return [] if webinar.message is None else [e.MessageCleared()]


def reaches(message: Message, slot: str | None) -> bool:
    """Does a message reach the speakers of this slot (None: a speaker of no certain slot)?"""
    return message.to in ("speakers", "all") or message.to == slot


def seen(webinar: Webinar, command: c.MessageSeen, context: Context) -> list[e.AnyEvent]:
    message = webinar.message
    if message is None or message.id != command.message or not reaches(message, context.slot):
        raise Refused("not_found", N_("This message is no longer there."), field="message")
    if context.slot is None or context.slot in message.seen:
        return []
    return [e.MessageSeen(context.slot, context.now)]


def signal(webinar: Webinar, command: c.SpeakerSignal, context: Context) -> list[e.AnyEvent]:
    if context.slot is None:
        raise Refused("forbidden", N_("This link belongs to no slot."))
    there = webinar.signals.get(context.slot)
    if command.signal == (there.signal if there is not None else "none"):
        return []
    return [e.Signalled(context.slot, command.signal, context.now)]


def ask_hands(webinar: Webinar, command: c.HandsAsk, context: Context) -> list[e.AnyEvent]:
    text = clean(command.text, limit=webinar.settings.max_length, field="text")
    answers = tuple(clean(answer, limit=120, field="answers") for answer in command.answers)
    if len({answer.casefold() for answer in answers}) < len(answers):
        raise Refused("invalid", N_("The answers must differ."), field="answers")
    return [e.HandsAsked(f"h{webinar.serial + 1}", text, answers, context.now)]


def close_hands(webinar: Webinar, command: c.HandsClose, context: Context) -> list[e.AnyEvent]:
    if webinar.hands is None or not webinar.hands.open:
        raise Refused("conflict", N_("No show of hands is open."))
    return [e.HandsClosed()]


def answer_hands(webinar: Webinar, command: c.HandsAnswer, context: Context) -> list[e.AnyEvent]:
    hands = webinar.hands
    if hands is None:
        raise Refused("not_found", N_("No show of hands is open."))
    if not hands.open:
        raise Refused("closed", N_("This show of hands is closed."))
    if command.answer >= len(hands.answers):
        raise Refused("invalid", N_("There is no such answer."), field="answer")
    if hands.by.get(context.actor) == command.answer:
        return []
    return [e.HandsAnswered(context.actor, command.answer)]
