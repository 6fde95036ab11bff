"""One entry per person: names that are shortened or carry an honorific, affiliations, the list of speakers. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from .model import MAX_AFFILIATION, MAX_NAME, Findings, ProgrammeSlot, ProgrammeSpeaker, clean, plain
from .people import Person, same_person, split_honorific


class _People:
    """Everybody found so far, each once; candidates for a name are those who share its first or last word."""

    def __init__(self, findings: Findings, exact: bool) -> None:
        self.canon: list[Person] = []
        self.findings = findings
        self.exact = exact
        self._by_name: dict[str, int] = {}
        self._by_word: dict[str, list[int]] = {}

    def key(self, name: str) -> str:
        return clean(name) if self.exact else plain(name)

    def add(self, person: Person, here: list[int]) -> int:
        """The index of a person, who is merged with an earlier mention outside this slot (`here`)."""
        found = self.find(person, here)
        if found is None:
            self.canon.append(person)
            found = len(self.canon) - 1
        else:
            self.canon[found] = _merged(self.canon[found], person, self.findings)
        for name in {person.name, self.canon[found].name}:
            self._by_name.setdefault(self.key(name), found)
        for word in _ends(person.name):
            places = self._by_word.setdefault(word, [])
            if found not in places:
                places.append(found)
        return found

    def find(self, person: Person, here: list[int]) -> int | None:
        if (known := self._by_name.get(self.key(person.name))) is not None:
            return known
        if self.exact:
            return None
        near = {n for word in _ends(person.name) for n in self._by_word.get(word, [])[:50]} - set(here)
        hits = [n for n in near if _same_surname(person, self.canon[n]) or same_person(person.name, self.canon[n].name)]
        return hits[0] if len(hits) == 1 else None


def _ends(name: str) -> set[str]:
    words = [word for word in re.split(r"[\s.]+", plain(name)) if word]
    return {words[0], words[-1]} if words else set()


def settle_people(
    slots: Sequence[ProgrammeSlot],
    found: Sequence[Sequence[Person]],
    listed: Sequence[Person],
    findings: Findings,
    exact: bool,
) -> None:
    """Sets the speakers of the slots, of the people `found` in each, so that a person is the same entry everywhere.

    The name is the fullest of the slots; affiliation and title are the first of the slots, else those of the list.
    """
    people = _People(findings, exact)
    chosen: list[list[int]] = []
    for persons in found:
        here: list[int] = []
        for person in persons:
            index = people.add(person, here)
            if index not in here:
                here.append(index)
        chosen.append(here)
    canon = people.canon
    for person in listed:
        at = people.find(person, [])
        if at is None:
            findings.note(f"{person.name} is in the speakers list, but in no slot.")
            continue
        old = canon[at]
        if plain(old.name) != plain(person.name):
            kept, other = (person, old) if _is_short(old.name) else (old, person)
            findings.note(f"{other.name} is taken for {kept.name}.")
            old = old._replace(name=kept.name)
        canon[at] = old._replace(affiliation=old.affiliation or person.affiliation, title=old.title or person.title)
    speakers = [
        ProgrammeSpeaker(
            name=clean(p.name)[:MAX_NAME], affiliation=clean(p.affiliation)[:MAX_AFFILIATION], title=clean(p.title)[:60]
        )
        for p in canon
    ]
    for slot, here in zip(slots, chosen, strict=True):
        slot.speakers = [speakers[n] for n in here]


def _is_short(name: str) -> bool:
    words = name.split()
    return len(words) < 2 or any(len(word.strip(".")) == 1 for word in words)


def _same_surname(one: Person, other: Person) -> bool:
    """ "Ms Banka" and "Monika Banka"."""
    a, b = plain(one.name).split(), plain(other.name).split()
    return min(len(a), len(b)) == 1 and max(len(a), len(b)) > 1 and a[-1] == b[-1]


def _merged(old: Person, new: Person, findings: Findings) -> Person:
    name = old.name
    if plain(old.name) != plain(new.name):
        fuller = _fullness(new.name) > _fullness(old.name)
        name, other = (new.name, old.name) if fuller else (old.name, new.name)
        findings.note(f"{other} is taken for {name}.")
    return Person(name, old.affiliation or new.affiliation, old.title or new.title, max(old.sure, new.sure))


def _fullness(name: str) -> tuple[int, int]:
    words = split_honorific(name)[1].split()
    return sum(len(word.strip(".")) > 1 for word in words), len(name)
