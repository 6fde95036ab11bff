"""The JSON format of a programme (see docs): checked field by field, each error with the path of its field. Pure."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal, TypeVar

import msgspec

from moderator.domain.agenda import DEFAULT_DANGER_S, DEFAULT_WARN_S, Kind

from .cells import read_clock_cell
from .clock import BadTime
from .dates import BadZone, read_instant, read_zone
from .model import (
    MAX_AFFILIATION,
    MAX_DURATION_S,
    MAX_NAME,
    MAX_SLOTS,
    MAX_SUMMARY,
    MAX_TITLE,
    Findings,
    Problem,
    ProgrammeError,
    clean,
)
from .people import Person
from .plan import Draft, Head

_Title = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_TITLE)]
_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_NAME)]
_Seconds = Annotated[int, msgspec.Meta(ge=0, le=MAX_DURATION_S)]


class _Speaker(msgspec.Struct, forbid_unknown_fields=True):
    name: _Name
    affiliation: Annotated[str, msgspec.Meta(max_length=MAX_AFFILIATION)] = ""
    title: Annotated[str, msgspec.Meta(max_length=60)] = ""


class _Link(msgspec.Struct, forbid_unknown_fields=True):
    url: Annotated[str, msgspec.Meta(pattern=r"^https?://[^\s<>\"]+$", max_length=2000)]
    title: Annotated[str, msgspec.Meta(max_length=MAX_TITLE)] = ""


class _Slot(msgspec.Struct, forbid_unknown_fields=True):
    title: _Title
    duration_s: Annotated[int, msgspec.Meta(ge=1, le=MAX_DURATION_S)]
    kind: Kind | None = None
    start: str | None = None
    id: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,64}$")] | None = None
    speakers: Annotated[list[_Name | _Speaker], msgspec.Meta(max_length=100)] = []
    flex: bool | None = None
    fixed: bool = False
    min_s: _Seconds | None = None
    skip: bool = False
    warn_s: _Seconds = DEFAULT_WARN_S
    danger_s: _Seconds = DEFAULT_DANGER_S
    links: Annotated[list[_Link], msgspec.Meta(max_length=20)] = []


class _File(msgspec.Struct, forbid_unknown_fields=True):
    slots: Annotated[list[Any], msgspec.Meta(min_length=1, max_length=MAX_SLOTS)]
    title: Annotated[str, msgspec.Meta(max_length=MAX_TITLE)] = ""
    subtitle: Annotated[str, msgspec.Meta(max_length=MAX_TITLE)] = ""
    summary: Annotated[str, msgspec.Meta(max_length=MAX_SUMMARY)] = ""
    slug: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$")] | None = None
    date: str | None = None
    timezone: str | None = None
    format: Literal["agenda"] | None = None


_T = TypeVar("_T")
_AT = re.compile(r" - at `\$?\.?(?P<path>[^`]*)`$")
_UNKNOWN = re.compile(r"unknown field `(?P<field>[^`]+)`|missing required field `(?P<missing>[^`]+)`")


def read_json(data: bytes | str, findings: Findings) -> tuple[Head, list[Draft]]:
    """An agenda, or a whole export with the agenda under `agenda`. Raises ProgrammeError."""
    try:
        value = msgspec.json.decode(data)
    except msgspec.DecodeError as error:
        raise ProgrammeError(Problem(_line_of(data, str(error)), f"This is not valid JSON: {error}")) from None
    except (RecursionError, UnicodeDecodeError):
        raise ProgrammeError("This is not valid JSON") from None
    if isinstance(value, list):
        value = {"slots": value}
    if isinstance(value, dict) and isinstance(value.get("agenda"), dict):
        value = value["agenda"]
    if not isinstance(value, dict):
        raise ProgrammeError("This JSON is no programme: it needs an object with “slots”")
    file = _convert(value, _File, "")
    head = Head(
        title=clean(file.title), subtitle=clean(file.subtitle), summary=_paragraphs(file.summary), slug=file.slug
    )
    if file.date is not None:
        head.day = read_day(file.date, "date")
    if file.timezone is not None:
        head.zone = zone_of(file.timezone, findings)
    return head, drafts_of(file.slots)


def _paragraphs(text: str) -> str:
    return "\n".join(clean(line) for line in text.splitlines())


def read_day(text: str, path: str) -> date:
    """An ISO day. Raises ProgrammeError with the path."""
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) and 1970 <= int(text[:4]) <= 2200:
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise ProgrammeError(Problem(None, f"“{text[:40]}” is not a day such as 2020-07-07", path=path))


def zone_of(text: str, findings: Findings) -> str:
    """An IANA zone, or one that is taken for it with a note. Raises ProgrammeError."""
    try:
        zone, note = read_zone(text)
    except BadZone as error:
        raise ProgrammeError(Problem(None, str(error), path="timezone")) from None
    if note:
        findings.note(note)
    return zone


def drafts_of(slots: list[Any]) -> list[Draft]:
    """Drafts of JSON slots. Raises ProgrammeError with the path of the first field that is wrong."""
    if not isinstance(slots, list):
        raise ProgrammeError(Problem(None, "A list is expected", path="slots"))
    if not 1 <= len(slots) <= MAX_SLOTS:
        raise ProgrammeError(Problem(None, f"1 to {MAX_SLOTS} slots are possible", path="slots"))
    drafts: list[Draft] = []
    ids: set[str] = set()
    for n, value in enumerate(slots):
        path = f"slots[{n}]"
        slot = _convert(value, _Slot, path)
        if not clean(slot.title):
            raise ProgrammeError(Problem(None, "This slot has no title", path=f"{path}.title"))
        if slot.id is not None and slot.id in ids:
            raise ProgrammeError(Problem(None, f"The id “{slot.id}” stands twice", path=f"{path}.id"))
        ids.add(slot.id or "")
        drafts.append(_draft(slot, path))
    return drafts


def _draft(slot: _Slot, path: str) -> Draft:
    people: list[Person] = []
    for n, speaker in enumerate(slot.speakers):
        person = (
            Person(clean(speaker))
            if isinstance(speaker, str)
            else Person(clean(speaker.name), clean(speaker.affiliation), clean(speaker.title))
        )
        if not person.name:
            raise ProgrammeError(Problem(None, "This speaker has no name", path=f"{path}.speakers[{n}]"))
        people.append(person)
    draft = Draft(
        path=path,
        text=slot.title,
        title=slot.title,
        length_s=slot.duration_s,
        kind=slot.kind,
        people=people,
        id=slot.id,
        flex=slot.flex,
        fixed=slot.fixed,
        skip=slot.skip,
        min_s=slot.min_s,
        warn_s=slot.warn_s,
        danger_s=slot.danger_s,
        links=[(clean(link.title) or link.url, link.url) for link in slot.links],
    )
    if slot.start is not None:
        _start(draft, slot.start.strip(), f"{path}.start")
    return draft


def _start(draft: Draft, text: str, path: str) -> None:
    """ "08:40", or for what a time of day cannot say "2020-10-25T02:30:00+01:00"."""
    if (moment := read_instant(text)) is not None:
        draft.day, draft.start, draft.at = moment
        return
    try:
        value = read_clock_cell(text) if ":" in text and len(text) <= 16 else None
    except BadTime:
        value = None
    if value is None or value[1] is not None:
        raise ProgrammeError(Problem(None, f"“{text[:40]}” is not a time such as 08:40", path=path))
    draft.start = value[0]


def _convert(value: object, kind: type[_T], path: str) -> _T:
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        message = str(error)
        at = _AT.search(message)
        where = f"{path}.{at['path']}" if at and at["path"] else path
        if at:
            message = message[: at.start()]
        if (field := _UNKNOWN.search(message)) is not None:
            where = f"{where}.{field['field'] or field['missing']}"
        raise ProgrammeError(Problem(None, _say(message), path=where.replace(".[", "[").lstrip("."))) from None


def _say(message: str) -> str:
    if message.startswith("Object contains unknown field"):
        return "This field is not known"
    if message.startswith("Object missing required field"):
        return "This field is missing"
    return message.replace("`", "")


def _line_of(data: bytes | str, message: str) -> int | None:
    match = re.search(r"\(byte (\d+)\)", message)
    if not match:
        return None
    raw = data.encode("utf-8", "replace") if isinstance(data, str) else data
    return raw.count(b"\n", 0, int(match[1])) + 1
