"""The one place where a command is let in: known, granted, well formed, not too often. Everything else is refused."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import msgspec
from msgspec.structs import replace

from ..domain.commands import RULES, Command, Rule
from ..domain.refusal import N_, Refused
from .identity import Caller
from .limits import Limits

_PATH = re.compile(r"at `\$\.?([^`]*)`")
_NAMED = re.compile(r"field `([^`]*)`")


def admit(caller: Caller, type: str, payload: Any, limits: Limits) -> tuple[Rule, Command]:
    """The command as a struct. Raises `Refused`, in the order forbidden, invalid, rate_limited."""
    rule = RULES.get(type)
    if rule is None:
        raise Refused("invalid", N_("There is no such command."), field="type")
    if caller.role not in rule.roles:
        raise Refused("forbidden", N_("You may not do this."))
    command = read(rule, payload)
    limits.check(rule.limit, caller.role, caller.webinar, caller.actor)
    return rule, command


def read(rule: Rule, payload: Any) -> Command:
    try:
        return msgspec.convert(payload, rule.payload)
    except msgspec.ValidationError as error:
        detail = str(error)
        path = _PATH.search(detail)
        named = _NAMED.search(detail)
        field = path.group(1) if path else ""
        if named and not field:
            field = named.group(1)
        raise Refused(
            "invalid",
            N_("This cannot be read: {detail}"),
            field=field or None,
            detail=detail,
        ) from None


def digest(type: str, command: Command) -> str:
    """What makes two payloads the same; `id` and `base` do not count. Raises `Refused` for what is no text."""
    blank = replace(command, id=None, base=None)
    try:
        encoded = msgspec.json.encode(blank)
    except UnicodeEncodeError:
        raise Refused("invalid", N_("This text has characters that cannot be stored.")) from None
    return hashlib.blake2b(type.encode() + b"\0" + encoded, digest_size=9).hexdigest()


def refusal_ack(refused: Refused, translate: Any, lang: str) -> dict[str, Any]:
    """The ack of a refused command, its sentence in the caller's language."""
    return {"ok": False, "error": refusal_error(refused, translate, lang)}


def refusal_error(refused: Refused, translate: Any, lang: str) -> dict[str, Any]:
    error: dict[str, Any] = {"code": refused.code, "message": translate(lang, refused.message, **refused.params)}
    if refused.field is not None:
        error["field"] = refused.field
    if refused.retry_after_s is not None:
        error["retry_after_s"] = refused.retry_after_s
    if refused.current is not None:
        error["current"] = refused.current
    return error
