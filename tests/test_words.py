"""Every word of the product finds its way into the catalogues."""

from __future__ import annotations

import importlib.util
import io
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from moderator.web.i18n import Catalogues

ROOT = Path(__file__).resolve().parents[1]
LANGUAGES = ("ca", "de", "es", "fr", "it", "nl", "pl")
"""The languages that a release speaks, besides English."""
FOR_EVERYBODY = (
    "moderator/",
    "static/js/attendee/",
    "static/js/pages/attendee.js",
    "static/js/connect.js",
    "static/js/ui.js",
    "templates/attendee",
    "templates/base.html",
    "templates/error.html",
    "templates/home.html",
    "templates/links_plain.html",
)
"""Where the words of the attendees' pages and all refusals stand."""
FOR_THE_STAGE = (
    *(f"static/js/pages/{page}.js" for page in ("greenroom", "overlay", "screen", "speaker")),
    *(f"static/js/stage/{part}.js" for part in (
        "controls", "debate", "greenroom", "message", "overlay", "parts", "questions", "screen", "speaker", "words"
    )),
    *(f"templates/{page}.html" for page in ("greenroom", "overlay", "screen", "speaker")),
)  # fmt: skip
_PLACEHOLDER = re.compile(r"\{\w+\}|%\(\w+\)[a-z]")


@pytest.fixture(scope="module")
def words() -> ModuleType:
    spec = importlib.util.spec_from_file_location("words", ROOT / "tools" / "words.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_words_of_scripts_are_found_wherever_they_stand(words: ModuleType) -> None:
    source = r"""
      const a = t('Plain'), b = obj.t('not ours'), c = cut('nor this')
      html`<p>${open ? html`<b>${t("It's nested")}</b>` : t('Deep', {n: 1})} ${n('{n} vote', "{n} votes", 3)}</p>`
      t('Caf\u00e9 \'here\'')
      pick("You left", '{name} left'); pick('no sentence')
    """
    found = [(name, message) for _, name, message, _ in words.scripts(io.BytesIO(source.encode()), None, None, None)]
    assert found == [
        ("t", "Plain"),
        ("t", "It's nested"),
        ("t", "Deep"),
        ("n", ("{n} vote", "{n} votes")),
        ("t", "Café 'here'"),
        ("t", "You left"),
        ("t", "{name} left"),
    ]


def test_words_of_the_server_the_templates_and_the_scripts_are_collected(words: ModuleType) -> None:
    catalogue = words.collect()
    ids = {one.id if isinstance(one.id, str) else one.id[0] for one in catalogue if one.id}
    assert {"Too long by {n} characters.", "{n} minute left", "Show what is new"} <= ids


# ---- the languages


@pytest.fixture(scope="module")
def wanted(words: ModuleType) -> Catalog:
    """All words, as the sources have them now."""
    found = words.collect()
    assert isinstance(found, Catalog)
    return found


@pytest.fixture(scope="module", params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def catalogue(language: str) -> Catalog:
    """What its .po file says; one that cannot be parsed fails."""
    with (ROOT / "translations" / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def test_a_translation_keeps_the_placeholders_in_every_form(catalogue: Catalog) -> None:
    wrong = [(one.id, form) for one in translated(catalogue) for form in forms(one) if holes(form) != holes(plain(one))]
    assert not wrong


def test_a_translation_has_as_many_forms_as_its_language(catalogue: Catalog) -> None:
    several = [one for one in translated(catalogue) if not isinstance(one.id, str)]
    assert several
    assert not [one.id for one in several if len(forms(one)) != catalogue.num_plurals or not all(forms(one))]


def test_no_translation_is_a_guess(catalogue: Catalog) -> None:
    assert not [one.id for one in catalogue if one.id and one.fuzzy]


def test_no_translation_shouts(catalogue: Catalog) -> None:
    assert not [one.id for one in translated(catalogue) if any("!" in form for form in forms(one))]


@pytest.mark.parametrize("places", [FOR_EVERYBODY, FOR_THE_STAGE], ids=["everybody", "stage"])
def test_every_word_of_the_attendee_and_of_the_stage_is_translated(
    places: tuple[str, ...], catalogue: Catalog, wanted: Catalog
) -> None:
    ids = {plain(one) for one in wanted if one.id and any(where.startswith(places) for where, _ in one.locations)}
    assert len(ids) > 100, "the words have moved to other files: name them above"
    missing = ids - {plain(one) for one in translated(catalogue)}
    assert not missing, f"run tools/words.py and translate {sorted(missing)}"


def test_places_of_words_exist() -> None:
    """A file that moved would silently leave the count above."""
    missing = [place for place in (*FOR_EVERYBODY, *FOR_THE_STAGE) if not list(ROOT.glob(f"{place.rstrip('/')}*"))]
    assert not missing


def test_every_language_is_offered_by_its_own_name() -> None:
    offered = dict(Catalogues.load(ROOT / "translations").languages)
    assert set(LANGUAGES) <= offered.keys()
    assert (offered["ca"], offered["pl"]) == ("Català", "Polski")


@pytest.mark.parametrize(
    ("count", "said"),
    [(1, "1 głos"), (2, "2 głosy"), (5, "5 głosów"), (12, "12 głosów"), (22, "22 głosy"), (25, "25 głosów")],
)
def test_polish_counts_with_three_forms(count: int, said: str) -> None:
    spoken = Catalogues.load(ROOT / "translations")
    assert spoken.ngettext("pl", "{n} vote", "{n} votes", count) == said


def translated(catalogue: Catalog) -> Iterator[Message]:
    return (one for one in catalogue if one.id and any(forms(one)))


def forms(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ())


def plain(message: Message) -> str:
    """The English that every form is made from: the plural, which has all placeholders."""
    return message.id if isinstance(message.id, str) else message.id[1]


def holes(text: str) -> list[str]:
    return sorted(_PLACEHOLDER.findall(text))
