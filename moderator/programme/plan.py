"""From what the readers found (drafts) to a programme: times chained and checked, kinds, one entry per person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from moderator.domain.agenda import DEFAULT_DANGER_S, DEFAULT_WARN_S, Kind

from .clock import DAY_MS
from .dates import from_instant, to_instant
from .kinds import is_the_end, kind_of
from .model import (
    MAX_DURATION_S,
    MAX_SLOTS,
    MAX_SUMMARY,
    MAX_TITLE,
    Findings,
    Programme,
    ProgrammeError,
    ProgrammeSlot,
    clean,
    shorten,
)
from .people import Person
from .who import settle_people

MAX_PEOPLE = 100  # in one slot
LONGEST_OVER_MIDNIGHT_MS = 6 * 3600 * 1000


@dataclass
class Draft:
    """One slot as it was found. Times of day are ms since midnight; what is None was not said."""

    line: int | None = None
    text: str = ""
    path: str = ""
    title: str = ""
    day: date | None = None
    start: int | None = None
    end: int | None = None
    at: int | None = None  # an instant, where the source gives one
    until: int | None = None
    length_s: int | None = None
    kind: Kind | None = None
    people: list[Person] = field(default_factory=list)
    id: str | None = None
    flex: bool | None = None
    fixed: bool = False
    skip: bool = False
    min_s: int | None = None
    warn_s: int = DEFAULT_WARN_S
    danger_s: int = DEFAULT_DANGER_S
    links: list[tuple[str, str]] = field(default_factory=list)


@dataclass
class Head:
    """What stands above the slots, or was said of the whole."""

    title: str = ""
    subtitle: str = ""
    summary: str = ""
    slug: str | None = None
    day: date | None = None
    zone: str | None = None
    start: int | None = None
    end: int | None = None
    listed: list[Person] = field(default_factory=list)  # a speakers list, wherever it stands


@dataclass
class _Placed:
    draft: Draft
    start_at: int
    end_at: int | None


def build(
    head: Head, drafts: Sequence[Draft], findings: Findings, today: date, default_zone: str, *, exact: bool = False
) -> Programme:
    """Chains, checks and completes the drafts. Raises ProgrammeError with every problem found.

    `exact`: names are kept as they are (JSON, our own exports); otherwise a shortened name is the same person.
    """
    findings.check()
    if not drafts:
        findings.problem(None, "No slots found")
        findings.check()
    if len(drafts) > MAX_SLOTS:
        findings.problem(drafts[MAX_SLOTS].line, f"More than {MAX_SLOTS} slots")
        findings.check()
    zone = head.zone or default_zone
    if head.zone is None:
        findings.note(f"No time zone given: {default_zone}.")
    day = head.day or next((d.day for d in drafts if d.day), None)
    if day is None and any(d.at is None for d in drafts[:1]):
        day = today
        findings.note(f"No date given: today ({today.isoformat()}).")
    if day is None:
        day = from_instant(drafts[0].at or 0, zone).date()
    try:
        placed = _place(head, list(drafts), findings, day, zone)
    except ProgrammeError:
        raise
    except (OverflowError, ValueError, OSError):
        findings.problem(None, f"The day {day.isoformat()} is out of range")
        placed = []
    for p in placed:
        if len(p.draft.people) > MAX_PEOPLE:
            findings.problem(p.draft.line, f"More than {MAX_PEOPLE} people in one slot", p.draft.text, p.draft.path)
    findings.check()
    slots = [_slot(p, findings) for p in placed]
    findings.check()
    settle_people(slots, [p.draft.people for p in placed], head.listed, findings, exact)
    title = head.title
    if not title:
        title = f"Webinar of {day.isoformat()}"
        findings.note(f"No title given: “{title}”.")
    return Programme(
        title=clean(title)[:MAX_TITLE],
        subtitle=clean(head.subtitle)[:MAX_TITLE],
        summary=head.summary[:MAX_SUMMARY].strip(),
        slug=head.slug,
        date=from_instant(slots[0].start_at, zone).date().isoformat(),
        timezone=zone,
        slots=slots,
        notes=findings.notes,
    )


def say_time(at: int, zone: str) -> str:
    local = from_instant(at, zone)
    return f"{local:%H:%M}" if not local.second else f"{local:%H:%M:%S}"


def _place(head: Head, drafts: list[Draft], findings: Findings, day: date, zone: str) -> list[_Placed]:
    over_at: int | None = None
    last = drafts[-1]
    if len(drafts) > 1 and is_the_end(last.title) and last.length_s is None and last.end is None and not last.people:
        drafts.pop()
    else:
        last = Draft()
    placed: list[_Placed] = []
    for draft in drafts:
        start_at, day = _start(head, draft, placed, findings, day, zone)
        if start_at is None:
            continue
        placed.append(_Placed(draft, start_at, _end(draft, start_at, findings, zone)))
    if placed and (last.start is not None or last.at is not None):
        over_at, _ = _start(head, last, placed, findings, day, zone)
    findings.check()
    for n, this in enumerate(placed):
        following = placed[n + 1] if n + 1 < len(placed) else None
        if this.end_at is None and following is not None:
            this.end_at = _until_next(this, following, findings)
        elif this.end_at is None:
            this.end_at = over_at if over_at is not None else _until_heading(head, this, findings, zone)
        if this.end_at is None or following is None:
            continue
        _check_order(this, following, findings, zone)
    _compare_with_heading(head, placed, findings, zone)
    return placed


def _start(
    head: Head, draft: Draft, placed: list[_Placed], findings: Findings, day: date, zone: str
) -> tuple[int | None, date]:
    """The instant at which a draft begins, and the day on which those after it are looked for."""
    before = placed[-1] if placed else None
    if draft.day is not None:
        day = draft.day
    if draft.at is not None:
        return draft.at, from_instant(draft.at, zone).date()
    if draft.start is None:
        if before is None and head.start is not None:
            return to_instant(day, head.start, zone), day
        if before is None:
            findings.problem(draft.line, "The first slot needs a start time", draft.text, draft.path)
            return None, day
        if before.end_at is None:
            findings.problem(
                before.draft.line,
                "This slot has no length, and the one after it has no start time",
                before.draft.text,
                before.draft.path,
            )
            before.end_at = before.start_at
        return before.end_at, day
    start_at = to_instant(day, draft.start, zone)
    if before is None or start_at > before.start_at:
        return start_at, day
    where = _where(before.draft)
    if start_at == before.start_at:
        findings.problem(
            draft.line, f"{say_time(start_at, zone)} is the start of {where} already", draft.text, draft.path
        )
        return None, day
    tomorrow = to_instant(day + timedelta(days=1), draft.start, zone)
    if draft.day is None and tomorrow - before.start_at <= LONGEST_OVER_MIDNIGHT_MS:
        return tomorrow, day + timedelta(days=1)
    findings.problem(
        draft.line,
        f"The times run backwards: {say_time(start_at, zone)} comes after {say_time(before.start_at, zone)} of {where}",
        draft.text,
        draft.path,
    )
    return None, day


def _where(draft: Draft) -> str:
    return f"line {draft.line}" if draft.line is not None else draft.path or f"“{shorten(draft.title, 40)}”"


def _end(draft: Draft, start_at: int, findings: Findings, zone: str) -> int | None:
    """The end that a draft states itself, by a time or a length."""
    by_length = start_at + draft.length_s * 1000 if draft.length_s is not None else None
    if by_length is not None and not 0 < by_length - start_at <= MAX_DURATION_S * 1000:
        findings.problem(draft.line, "The length must be between 1 second and 24 hours", draft.text, draft.path)
        return start_at + 1000
    if draft.until is not None:
        return draft.until
    if draft.end is None:
        return by_length
    local = from_instant(start_at, zone)
    end_at = to_instant(local.date(), draft.end, zone)
    if end_at <= start_at and draft.end < DAY_MS:
        tomorrow = to_instant(local.date() + timedelta(days=1), draft.end, zone)
        if end_at < start_at and tomorrow - start_at <= LONGEST_OVER_MIDNIGHT_MS:
            end_at = tomorrow
    if by_length is not None:
        ends = from_instant(by_length, zone)
        wall = ((ends.hour * 60 + ends.minute) * 60 + ends.second) * 1000
        if end_at != by_length and abs(wall - draft.end % DAY_MS) >= 1000:
            findings.problem(
                draft.line,
                f"The end ({_wall(draft.end)}) and the length ({_length(draft.length_s or 0)}) do not agree",
                draft.text,
                draft.path,
            )
        return by_length
    if end_at <= start_at:
        word = "when" if end_at == start_at else "before"
        findings.problem(draft.line, f"It ends at {_wall(draft.end)}, {word} it starts", draft.text, draft.path)
        return None
    return end_at


def _wall(ms: int) -> str:
    return f"{ms // 3600000:02d}:{ms // 60000 % 60:02d}"


def _length(seconds: int) -> str:
    return f"{seconds // 60} min" if seconds % 60 == 0 else f"{seconds} s"


def _until_next(this: _Placed, following: _Placed, findings: Findings) -> int | None:
    span = following.start_at - this.start_at
    if following.draft.day is not None and following.draft.day != this.draft.day and span > LONGEST_OVER_MIDNIGHT_MS:
        findings.problem(
            this.draft.line,
            "This slot has no length, and the next one is on another day",
            this.draft.text,
            this.draft.path,
        )
        return None
    if span > MAX_DURATION_S * 1000:
        findings.problem(
            this.draft.line, "The length must be between 1 second and 24 hours", this.draft.text, this.draft.path
        )
        return None
    return following.start_at


def _until_heading(head: Head, this: _Placed, findings: Findings, zone: str) -> int | None:
    if head.end is None:
        findings.problem(
            this.draft.line,
            "The last slot has no length: give its end, such as 09:25–09:30, or its length, such as [5 min]",
            this.draft.text,
            this.draft.path,
        )
        return None
    local = from_instant(this.start_at, zone)
    for days in (0, 1):
        end_at = to_instant(local.date() + timedelta(days=days), head.end, zone)
        if end_at > this.start_at and (days == 0 or end_at - this.start_at <= LONGEST_OVER_MIDNIGHT_MS):
            return end_at
    findings.problem(
        this.draft.line,
        f"The heading ends at {_wall(head.end)}, but this slot starts later",
        this.draft.text,
        this.draft.path,
    )
    return None


def _check_order(this: _Placed, following: _Placed, findings: Findings, zone: str) -> None:
    end_at = this.end_at or this.start_at
    if following.start_at < end_at:
        findings.problem(
            following.draft.line,
            f"It starts at {say_time(following.start_at, zone)}, before {_where(this.draft)} ends "
            f"({say_time(end_at, zone)})",
            following.draft.text,
            following.draft.path,
        )
    elif following.start_at > end_at:
        gap = (following.start_at - end_at) // 1000
        if gap < 12 * 3600:
            findings.note(f"{_length(gap)} without a slot before {say_time(following.start_at, zone)}.")


def _compare_with_heading(head: Head, placed: list[_Placed], findings: Findings, zone: str) -> None:
    if not placed or placed[-1].end_at is None:
        return
    first, last = from_instant(placed[0].start_at, zone), from_instant(placed[-1].end_at, zone)
    for said, real, word in ((head.start, first, "starts"), (head.end, last, "ends")):
        if said is not None and (real.hour * 60 + real.minute) != said % DAY_MS // 60000:
            findings.note(f"The heading {word} at {_wall(said)}, the slots at {real:%H:%M}: the slots count.")


def _slot(placed: _Placed, findings: Findings) -> ProgrammeSlot:
    draft = placed.draft
    title = clean(draft.title)
    if not title:
        findings.problem(draft.line, "This slot has no title", draft.text, draft.path)
    elif len(title) > MAX_TITLE:
        findings.problem(draft.line, f"This title has {len(title)} characters; {MAX_TITLE} fit", "", draft.path)
    kind = draft.kind or kind_of(title)
    length = ((placed.end_at or placed.start_at) - placed.start_at) // 1000
    if not 0 < length <= MAX_DURATION_S:
        findings.problem(draft.line, "The length must be between 1 second and 24 hours", draft.text, draft.path)
    return ProgrammeSlot(
        title=title,
        kind=kind,
        start_at=placed.start_at,
        duration_s=length,
        id=draft.id,
        flex=draft.flex if draft.flex is not None else kind == "debate",
        fixed=draft.fixed,
        min_s=draft.min_s,
        skip=draft.skip,
        warn_s=draft.warn_s,
        danger_s=draft.danger_s,
        links=draft.links,
    )
