"""Who is a person in a line of text: names, honorifics, affiliations, several people in a row. Pure."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from .given_names import GIVEN_NAMES
from .model import plain
from .person_words import (
    HONORIFICS,
    JOINERS,
    LETTER_HONORIFICS,
    ORGANISATIONS,
    PARTICLES,
    PLACES,
    POST_NOMINALS,
    SURNAME_ENDINGS,
    TOPIC_ENDINGS,
    TOPICS,
    UNKNOWN_PHRASES,
)
from .words import ROLES_BY, ROLES_MANY, ROLES_ONE

MAX_LINE = 600  # characters; what is longer is prose
MOST_PEOPLE = 24  # on one line
NO, MAYBE, SURE = 0, 1, 2  # how much a text reads as a person's name


class Person(NamedTuple):
    """A person as written: `name` without the honorific, which is `title`; `sure` says how the name was told."""

    name: str
    affiliation: str = ""
    title: str = ""
    sure: int = MAYBE


_BAD_IN_NAMES = re.compile(r"[\d!?:;@/\\<>\[\]{}()=+*#%&\"«»“”„|_~^§€$…]")
_INITIAL = re.compile(r"[^\W\d_]\.?(?:-?[^\W\d_]\.)*")
_NAME_WORD = re.compile(r"[^\W\d_]+(?:['’`´-][^\W\d_]+)*['’.]?")
_SEPARATOR = re.compile(
    r"\s+[-–—―−|·•/]\s*|\s*[–—―−|·•]\s*|\s*[,;]\s+|\s+@\s*|\s*:\s+|,(?=[^\W\d_])|\s-(?=\w)|(?<=[^\W\d_]{3})\.\s+"
)
_JOINER = re.compile(rf"\s*(?:;|\s/\s|\s(?:{JOINERS})\s|\s*,\s*(?:{JOINERS})\s|\s\|\s)\s*", re.I)
_BRACKET = re.compile(r"^(?P<name>[^()\[\]]+?)\s*[(\[](?P<inside>[^()\[\]]+)[)\]]\s*(?P<rest>.*)$")
_PRONOUNS = re.compile(r"\s*[(\[]\s*(?:she|he|they|her|him|sie|er|ella|elle|elles|il)(?:\s*/\s*\w+)+\s*[)\]]", re.I)


@lru_cache(maxsize=4096)
def split_honorific(text: str) -> tuple[str, str]:
    """("Prof. Dr.", "Anna Kowalska") of "Prof. Dr. Anna Kowalska"; ("", text) when there is none."""
    words = text.split()
    taken = 0
    while taken < len(words) - 1:
        word = words[taken]
        key = plain(word.replace(".", "").replace("ª", "").replace("º", "").strip(","))
        if key in HONORIFICS and (
            word[0].isupper()
            or taken
            or "." in word
            or key in ("pan", "pani", "dhr", "mevr", "mw", "dr", "г-н", "κα", "ing", "mgr")
        ):
            taken += 1
        elif key in LETTER_HONORIFICS and word.endswith((".", "ª", "º")) and len(words) - taken >= 3:
            if plain(words[taken + 1]) not in GIVEN_NAMES:
                break
            taken += 1
        elif taken and key in ("h", "c", "mult", "ec", "et") and word.endswith("."):
            taken += 1
        elif not taken and key in ("el", "la", "il", "le", "the", "de") and len(words) > 2:
            nxt = plain(words[1].replace(".", ""))
            if nxt not in HONORIFICS:
                break
            taken += 1
        else:
            break
    if taken and not re.match(r"[^\W\d_]", words[taken]):
        taken = 0
    return " ".join(words[:taken]).strip(","), " ".join(words[taken:])


@lru_cache(maxsize=8192)
def reads_as_person(text: str) -> int:
    """NO, MAYBE (capitalised words that could be a name) or SURE (honorific, given name or surname ending)."""
    if not 3 <= len(text) <= 80 or _BAD_IN_NAMES.search(text):
        return NO
    title, name = split_honorific(text)
    words = name.split()
    if not 1 <= len(words) <= 6 or plain(name) in PLACES:
        return NO
    strong = 0
    given_first = False
    for n, word in enumerate(words):
        key = plain(word.strip(".,"))
        if n and key in PARTICLES and n < len(words) - 1:
            continue
        if not (_NAME_WORD.fullmatch(word) or _INITIAL.fullmatch(word)):
            return NO
        if word.endswith(".") and len(word) > 4:
            return NO  # a sentence that ends
        if word[0].islower() and key not in PARTICLES and not re.match(r"[a-z]['’][A-ZÀ-Þ]", word):
            return NO
        if n == 0 and key in PARTICLES and len(words) < 3 and word[0].islower():
            return NO
        if len(key) == 1:
            given_first = given_first or n == 0
            continue
        strong += 1
        parts = [key, *re.split(r"[-']", key)]
        if key in ORGANISATIONS and not (given_first and n == len(words) - 1 and key in TOPICS):
            return NO
        known = any(part in GIVEN_NAMES for part in parts)
        if n == 0:
            given_first = known
        last = n == len(words) - 1
        if key in TOPICS and not known and not ((given_first or title) and last):
            return NO
        if (
            not known
            and not title
            and not given_first
            and any(key.endswith(end) and len(key) >= len(end) + 3 for end in TOPIC_ENDINGS)
        ):
            return NO
    if not strong or plain(words[-1]) in PARTICLES:
        return NO
    if title:
        return SURE
    if len(words) < 2:
        return NO
    if given_first and len(plain(words[0].strip("."))) > 1:
        return SURE
    if all(word.isupper() and len(word) <= 5 and "." not in word for word in words):
        return NO  # "DG GROW"
    if re.fullmatch(r"[^\W\d_]\.", words[0]):
        return SURE if words[0] != "U." else NO  # "A. Novo", but "U. Porto"
    if any(word.isupper() and 2 <= len(word) <= 3 for word in words) and not all(word.isupper() for word in words):
        return NO  # "TU Wien"
    last_key = plain(words[-1])
    if plain(words[1].strip(".,")) in GIVEN_NAMES and len(words) == 2 and words[0].isupper():
        return SURE  # "NOVO Antonio"
    if any(last_key.endswith(end) and len(last_key) >= len(end) + 2 for end in SURNAME_ENDINGS):
        return SURE
    return MAYBE


def unknown_person(text: str) -> bool:
    """ "TBC", "N.N.", a bare dash: a place kept for somebody."""
    return plain(text.strip().rstrip(".")) in UNKNOWN_PHRASES or plain(text.strip()) in UNKNOWN_PHRASES


def _tidy(text: str) -> str:
    return text.strip(" \t,;–—-|·•:").strip()


def _post_nominals(affiliation: str, title: str) -> tuple[str, str]:
    """Takes "PhD" and the like from the front of what follows a name."""
    parts = affiliation.split(",")
    while parts and plain(parts[0].strip(" .")) in POST_NOMINALS:
        title = f"{title}, {parts[0].strip()}" if title else parts[0].strip()
        parts = parts[1:]
    return ",".join(parts).strip(), title


def _named(name: str, affiliation: str, sure: int) -> Person:
    title, rest = split_honorific(_tidy(name))
    affiliation, title = _post_nominals(_tidy(affiliation), title)
    return Person(rest, affiliation, title, sure)


def _score(name: str, known: frozenset[str]) -> int:
    return SURE if known and plain(name) in known else reads_as_person(name)


def read_person(text: str, known: frozenset[str] = frozenset()) -> Person | None:
    """One person with an affiliation after a dash, comma, bar, full stop or in brackets; None if it is none.

    `known` holds plain names that this programme lists: those are always read as persons.
    """
    text = _tidy(_PRONOUNS.sub("", text)).rstrip(".") if not re.search(r"\b\w\.$", text) else _tidy(text)
    if not text or len(text) > 300:
        return None
    sure = _score(text, known)
    if sure:
        return _named(text, "", sure)
    if bracket := _BRACKET.match(text):
        name = bracket["name"].rstrip(" ,-–—")
        sure = _score(name, known)
        rest = _tidy(bracket["rest"])
        if sure and len(rest) < 120:
            inside = bracket["inside"]
            return _named(name, f"{inside}, {rest}" if rest else inside, sure)
    for separator in islice(_SEPARATOR.finditer(text), 8):
        if _joins(text, separator.start()):
            continue
        name = text[: separator.start()]
        sure = _score(name, known)
        if sure:
            affiliation = text[separator.end() :]
            return _named(name, affiliation, sure) if _tidy(affiliation) else _named(name, "", sure)
        if len(name) > 90:
            break
        if "," in separator[0] and " " not in name and re.fullmatch(r"[^\W\d_][^\W\d_'’-]+", name):
            # "Novo, Antonio"
            given = _tidy(text[separator.end() :])
            if (
                plain(given.split(" ")[0]) in GIVEN_NAMES
                and reads_as_person(f"{given} {name}")
                and plain(name) not in GIVEN_NAMES
            ):
                return _named(f"{given} {name}", "", SURE)
    return None


def _joins(text: str, at: int) -> bool:
    """Whether a bracket is open at this place, so that a separator inside it does not count."""
    return text.count("(", 0, at) > text.count(")", 0, at)


def read_people(text: str, known: frozenset[str] = frozenset(), plural: bool = False) -> list[Person]:
    """The people of a line that is nothing else; an empty list when it is something else.

    Several are told apart by "and" in many languages, "&", ";" and, where each part reads as a person, by commas.
    `plural` says that the line was announced as a list ("Panellists: …").
    """
    text = text.strip()
    if not text or len(text) > MAX_LINE:
        return []
    parts = _split_outside_brackets(text)
    if len(parts) > MOST_PEOPLE:
        return []
    if len(parts) > 1:
        people: list[Person] = []
        for part in _gather(parts, known):
            found = _by_commas(part, known, plural)
            if not found:
                return []
            people.extend(found)
        return people
    return _by_commas(text, known, plural)


def _split_outside_brackets(text: str) -> list[tuple[str, str]]:
    """Pieces between joiners, each with the joiner before it."""
    pieces: list[tuple[str, str]] = []
    last, joint = 0, ""
    for match in islice(_JOINER.finditer(text), MOST_PEOPLE + 1):
        if not _joins(text, match.start()):
            pieces.append((joint, text[last : match.start()]))
            last, joint = match.end(), match[0]
    pieces.append((joint, text[last:]))
    return pieces


def _gather(parts: list[tuple[str, str]], known: frozenset[str]) -> list[str]:
    """Puts together again what "and" only seemed to part: "Ministry of Trade and Industry"."""
    whole = [parts[0][1]]
    for joint, piece in parts[1:]:
        first = _by_commas(piece, known, False)
        # "Anna Kowalska, Trade and Nowal Chimica": after an affiliation only a sure person begins anew.
        enough = MAYBE if ";" in joint or reads_as_person(whole[-1].strip()) else SURE
        if first and first[0].sure >= enough:
            whole.append(piece)
        else:
            whole[-1] += joint + piece
    return whole


def _by_commas(text: str, known: frozenset[str], plural: bool) -> list[Person]:
    segments = [s.strip() for s in re.split(r",\s+", text)]
    if len(segments) > 2 * MOST_PEOPLE:
        return []
    if len(segments) > 1 and "(" not in text.split(",")[0]:
        scores = [_score(s, known) for s in segments]
        if plural and all(scores) and (SURE in scores or len(segments) > 2):
            return [_named(s, "", score) for s, score in zip(segments, scores, strict=True)]
    groups: list[str] = []
    for segment in segments:
        person = read_person(segment, known) if groups else None
        if not groups or (
            person
            and person.sure == SURE
            and (reads_as_person(groups[0]) or plural or "(" in groups[0] or "," in groups[0])
        ):
            groups.append(segment)
        else:
            groups[-1] += f", {segment}"
    people = [read_person(group, known) for group in groups]
    found = [person for person in people if person is not None]
    return found if len(found) == len(people) else []


def with_roles(people: list[Person], known: frozenset[str] = frozenset()) -> list[Person]:
    """Takes people out of what follows a name: "Anna Kowalska – moderated by Piet de Boer"."""
    found: list[Person] = []
    for person in people:
        role = read_role(person.affiliation)
        more = read_people(role.rest, known, role.plural) if role and role.rest else []
        found.extend([person._replace(affiliation=""), *more] if more else [person])
    return found


class Role(NamedTuple):
    """What a line says before the names: "Moderated by", "Speakers:". `must` is true when names have to follow."""

    rest: str
    plural: bool
    must: bool


def read_role(line: str) -> Role | None:
    """ "Moderated by X", "moderator: X", "Ponentes: X, Y" without the words before the names, if there are any."""
    spaced = re.sub(r"(?<=[^\W\d_])\s*:\s*", ": ", line.strip(), count=1)
    words = list(re.finditer(r"\S+", spaced))
    for count in range(min(4, len(words)), 0, -1):
        last = words[count - 1][0]
        key = plain(" ".join(w[0] for w in words[:count]).rstrip(" :–—-"))
        rest = spaced[words[count - 1].end() :].strip().lstrip(":–—-").strip()
        marked = last.endswith((":", "–", "—")) or spaced[words[count - 1].end() :].lstrip()[:1] in (":", "–", "—", "-")
        if key in ROLES_BY:
            return Role(rest, False, marked)
        if key in ROLES_MANY:
            return Role(rest, True, marked)
        if key in ROLES_ONE:
            return Role(rest, False, marked)
    return None


def same_person(one: str, other: str) -> bool:
    """Whether two names can be one person's: the same words, or one shortened ("Dolors Núñez", "M. D. Núñez")."""
    if plain(one) == plain(other):
        return True
    a, b = _words(one), _words(other)
    if len(a) > len(b):
        a, b = b, a
    if len(a) < 2:
        return False
    if sorted(a) == sorted(b):
        return True
    if a[-1] != b[-1] and a[0] != b[0]:
        return False
    if len(a) == len(b) and all(len(x) > 1 for x in a) and all(len(x) > 1 for x in b):
        return False
    left = iter(b)
    return all(any(_fits(word, candidate) for candidate in left) for word in a)


def _fits(short: str, full: str) -> bool:
    return short == full or (len(short) == 1 and full.startswith(short)) or (len(full) == 1 and short.startswith(full))


@lru_cache(maxsize=4096)
def _words(name: str) -> tuple[str, ...]:
    return tuple(w for w in re.split(r"[\s.\-]+", plain(name)) if w and w not in PARTICLES)
