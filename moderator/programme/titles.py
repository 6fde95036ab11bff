"""What stands on the line of a slot besides its time: title, length, people. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice

from .clock import read_length, take_length
from .kinds import kind_named, kind_of
from .model import plain
from .people import (
    MAX_LINE,
    SURE,
    Person,
    read_people,
    read_person,
    read_role,
    reads_as_person,
    unknown_person,
    with_roles,
)
from .person_words import ORGANISATIONS, TOPICS

_SEPARATOR = re.compile(
    r"\s+[-–—―−|·•/]+\s*|\s*[–—―−|•]\s*|\s*[,;]\s+|\s*:\s+|,(?=[^\W\d_])|\s-(?=\w)|(?<=[^\W\d_]{2})[.?!]\s+|(?<=[)\]\"”»])\.?\s+"
)
_BY = re.compile(r"\s(?:by|with|por|par|von|mit|con|avec|door|met|przez|av|af|med|com|amb|per|z|cu|od)\s(?=\S)", re.I)
_CELL = re.compile(r"\s*\t+\s*|\s{2,}|\s+\|\s*|\s*\|\s+")
_HARD_CELL = re.compile(r"\s*\t+\s*|\s*\|\s*")
_BRACKETS = re.compile(r"\s*[(\[]([^()\[\]]*(?:\([^()]*\)[^()\[\]]*)*)[)\]]")
EDGES = " \t-–—―−:|·•,;*_>→"


@dataclass
class Reading:
    """The parts of a title line. `weak` is the whole title, if only the look of the words made a person of its end."""

    title: str
    people: list[Person] = field(default_factory=list)
    length_s: int | None = None
    weak: str | None = None
    left_out: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


def read_title(text: str, known: frozenset[str] = frozenset()) -> Reading:
    """Parts a title from its length and its people. Never loses a word: what is no person stays in the title."""
    text = re.sub(r"\s{2,}(?=[-–—−·•])|(?<=[-–—−·•])\s{2,}", " ", text)
    text, length = take_length(text.strip(EDGES).replace("**", "").replace("__", ""))
    reading = Reading(text.strip(EDGES), length_s=length)
    # Bars and tabs part cells for certain; two spaces do so only where there are none of those.
    for pattern in (_HARD_CELL, _CELL):
        cells = [cell for cell in (" ".join(c.strip(EDGES).split()) for c in pattern.split(reading.title)) if cell]
        if len(cells) > 1:
            break
    if len(text) > MAX_LINE or len(cells) > 20:
        return reading
    if len(cells) > 1:
        return _read_cells(cells, reading, known)
    if not _by_whom(reading, known):
        reading.title = _from_brackets(reading, known)
        if not reading.people:
            _split(reading, known)
    reading.people = with_roles(reading.people, known)
    reading.title = reading.title.strip(EDGES).strip()
    return reading


def _read_cells(cells: list[str], reading: Reading, known: frozenset[str]) -> Reading:
    soft_only = not re.search(r"[\t|]", reading.title)
    first_person = next((n for n, cell in enumerate(cells) if n and _people_in(cell, known)), None)
    if first_person is None and soft_only:
        whole = read_title(" ".join(cells), known)
        whole.length_s = whole.length_s if whole.length_s is not None else reading.length_s
        return whole
    title_cells, rest = cells[:1], cells[1:]
    if soft_only and first_person is not None:
        title_cells, rest = cells[:first_person], cells[first_person:]
    reading.title = " ".join(title_cells)
    for cell in rest:
        length = read_length(cell)
        if length is not None and reading.length_s is None:
            reading.length_s = length
        elif people := _people_in(cell, known):
            reading.people.extend(people)
        elif unknown_person(cell):
            reading.left_out.append(cell)
        elif reading.people and not reading.people[-1].affiliation:
            reading.people[-1] = reading.people[-1]._replace(affiliation=cell)
        elif kind_named(cell) is not None or (re.match(r"(?:room|sala|saal|salle|zaal|raum|aula)\b", plain(cell))):
            reading.left_out.append(cell)
        else:
            reading.unknown.append(cell)
    if not reading.people:
        inner = read_title(reading.title, known)
        reading.title, reading.people, reading.weak = inner.title, inner.people, inner.weak
        reading.length_s = reading.length_s if reading.length_s is not None else inner.length_s
    else:
        reading.title, length = take_length(reading.title)
        reading.length_s = reading.length_s if reading.length_s is not None else length
    return reading


def _people_in(cell: str, known: frozenset[str]) -> list[Person]:
    role = read_role(cell)
    if role and role.rest:
        return read_people(role.rest, known, role.plural)
    return read_people(cell, known)


def _from_brackets(reading: Reading, known: frozenset[str]) -> str:
    """Takes "(moderator: Carme Puig)" and "(Carme Puig, Agency)" out of the title."""
    text = reading.title
    for match in reversed(list(_BRACKETS.finditer(text))[-4:]):
        inside = match[1].strip()
        before = text[: match.start()].strip(EDGES)
        if not before or not inside:
            continue
        role = read_role(inside)
        if role and role.rest:
            if people := read_people(role.rest, known, role.plural):
                reading.people = people
                return (before + " " + text[match.end() :].strip()).strip()
            continue
        people = read_people(inside, known)
        if not people or text[match.end() :].strip(" .") or _name_before_bracket(before, known):
            continue
        if not _sure(people):
            reading.weak = text
        reading.people = people
        return before
    return text


def _name_before_bracket(before: str, known: frozenset[str]) -> bool:
    """Whether the bracket belongs to a person named just before it: "… – Dr. Jonas Weber (Max Planck)"."""
    tail = re.split(r"[-–—|:,;]\s*", before)[-1]
    return tail != before and reads_as_person(tail.strip()) != 0 and bool(read_person(tail, known))


def _sure(people: list[Person]) -> bool:
    return all(person.sure == SURE or person.affiliation for person in people)


def _split(reading: Reading, known: frozenset[str]) -> None:
    text = reading.title
    if _name_first(reading, known):
        return
    debate = kind_of(text) == "debate"
    for separator in islice(_SEPARATOR.finditer(text), 16):
        left, right = text[: separator.start()], text[separator.end() :]
        if separator[0].strip()[:1] in ("?", "!"):
            left += separator[0].strip()
        if not any(c.isalnum() for c in left) or _inside_brackets(text, separator.start()):
            continue
        role = read_role(right)
        if (
            role
            and role.rest
            and (people := read_people(role.rest, known, role.plural))
            and (role.must or _sure(people))
        ):
            reading.title, reading.people = left, people
            return
        people = read_people(right, known, plural=debate and ":" in separator[0])
        if people and ("." not in separator[0] or _sure(people)):
            _accept(reading, left, people, known)
            return
    _known_at_end(reading, known)


def _by_whom(reading: Reading, known: frozenset[str]) -> bool:
    """ "Panel with Anna Kowalska and Piet de Boer", "Debate moderated by Carme Puig"."""
    text = reading.title
    for joint in islice(_BY.finditer(text), 8):
        words = text[: joint.start()].split()
        if _inside_brackets(text, joint.start()) or not any(c.isalpha() for c in text[: joint.start()]):
            continue
        people = read_people(text[joint.end() :], known, plural=True)
        if not people or any(person.sure != SURE for person in people):
            continue
        for count in (3, 2, 1):
            if (
                len(words) > count
                and (role := read_role(" ".join([*words[-count:], joint[0].strip(), "X"])))
                and role.rest == "X"
            ):
                words = words[:-count]
                break
        reading.title, reading.people = " ".join(words), people
        return True
    return False


def _accept(reading: Reading, left: str, people: list[Person], known: frozenset[str]) -> None:
    only = people[0]
    title = left.strip(EDGES)
    if len(people) == 1 and only.affiliation and kind_named(title) == "talk" and _reads_as_title(only.affiliation):
        # "Keynote – Jonas Weber – What recycling cannot do"
        reading.title, reading.people = f"{title}: {only.affiliation}", [only._replace(affiliation="")]
        return
    if not _sure(people) and not all(plain(p.name) in known for p in people):
        reading.weak = reading.title
    reading.title, reading.people = title, people


def _reads_as_title(text: str) -> bool:
    words = [plain(w) for w in re.findall(r"[^\W\d_]+", text)]
    return len(words) >= 3 and not any(w in ORGANISATIONS for w in words) and sum(w in TOPICS for w in words) >= 2


def _name_first(reading: Reading, known: frozenset[str]) -> bool:
    """ "Antonio Novo: Welcome", "Mattia Adani (Lombardy Region): Bi-Rex project", "Antonio Novo – Welcome"."""
    text = reading.title
    for separator in islice(re.finditer(r"\s*:\s+|\s+[-–—−]\s+|\s*[–—]\s+", text), 6):
        left, right = text[: separator.start()], text[separator.end() :].strip()
        if _inside_brackets(text, separator.start()) or not right:
            continue
        person = read_person(left, known)
        if (
            person is None
            or person.sure != SURE
            or (len(person.name.split()) > 2 and plain(person.name.split()[-1]) in TOPICS)
        ):
            continue
        if read_people(right, known):
            return False  # two people and no title: not for us to choose
        names_kind = kind_of(right) != "talk"
        organisation = any(plain(w) in ORGANISATIONS for w in re.findall(r"[^\W\d_]+", right))
        if ":" in separator[0] or names_kind or (not organisation and len(right.split()) >= 2):
            deeper = re.match(r"(.+?)(?:\s*:\s+|\s+[-–—]\s+)(.+)", right)
            if (
                ":" not in separator[0]
                and deeper
                and not person.affiliation
                and any(plain(w) in ORGANISATIONS for w in re.findall(r"[^\W\d_]+", deeper[1]))
            ):
                person, right = person._replace(affiliation=deeper[1].strip()), deeper[2]
            reading.title, reading.people = right, [person]
            return True
    return False


def _known_at_end(reading: Reading, known: frozenset[str]) -> None:
    """A name of the speakers list that ends the title without any separator."""
    words = reading.title.split()
    for count in (5, 4, 3, 2):
        if len(words) > count and plain(" ".join(words[-count:]).rstrip(".")) in known:
            reading.people = [Person(" ".join(words[-count:]).rstrip("."), sure=SURE)]
            reading.title = " ".join(words[:-count])
            return


def _inside_brackets(text: str, at: int) -> bool:
    return text.count("(", 0, at) > text.count(")", 0, at) or text.count("[", 0, at) > text.count("]", 0, at)
