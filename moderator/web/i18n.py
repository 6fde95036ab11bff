"""The catalogues: gettext files in `translations/`, for templates, for the server's sentences and for scripts alike.

`translations/<lang>/LC_MESSAGES/messages.po` is read when its language is first asked for; English is the source and
needs no file. Sentences that scripts show too have `{name}` placeholders.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec
from babel import Locale, UnknownLocaleError
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from ..domain.refusal import fill

SOURCE = "en"
DOMAIN = "messages"
COOKIE = "lang"


class Catalogues:
    """All languages the product speaks."""

    def __init__(self, files: dict[str, Path] | None = None) -> None:
        """`files`: language code to .po file."""
        self._files = files or {}
        self._catalogues: dict[str, Catalog | None] = {}
        self._translations: dict[str, NullTranslations] = {SOURCE: NullTranslations()}
        self._json: dict[str, bytes] = {}

    @classmethod
    def load(cls, folder: Path) -> Catalogues:
        """The catalogues that stand in `folder`."""
        return cls({path.parent.parent.name: path for path in sorted(folder.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))})

    @property
    def codes(self) -> list[str]:
        """Language codes, English first."""
        return [SOURCE, *(code for code in self._files if code != SOURCE)]

    @property
    def languages(self) -> list[tuple[str, str]]:
        """(code, the language's name in itself), English first."""
        return [(code, own_name(code)) for code in self.codes]

    def choose(self, asked: str | None, accepted: Iterable[str]) -> str:
        """The language to speak: the one asked for, else the first accepted one that there is, else English."""
        for wanted in (asked, *accepted):
            if not wanted:
                continue
            tag = wanted.replace("_", "-").lower()
            for code in (tag, tag.partition("-")[0]):
                found = next((known for known in self.codes if known.replace("_", "-").lower() == code), None)
                if found is not None:
                    return found
        return SOURCE

    def translations(self, lang: str) -> NullTranslations:
        """The gettext object of a language; English for one that there is not."""
        if lang not in self._translations:
            catalogue = self._catalogue(lang)
            if catalogue is None:
                return self._translations[SOURCE]
            compiled = io.BytesIO()
            write_mo(compiled, catalogue)
            compiled.seek(0)
            self._translations[lang] = Translations(compiled, domain=DOMAIN)
        return self._translations[lang]

    def gettext(self, lang: str, text: str, **params: Any) -> str:
        """The sentence in the language, with `{name}` placeholders filled in."""
        return fill(self.translations(lang).gettext(text), params)

    def ngettext(self, lang: str, one: str, many: str, n: int, **params: Any) -> str:
        """The sentence in the plural form that fits `n`; `{n}` is the number."""
        return fill(self.translations(lang).ngettext(one, many, n), {"n": n, **params})

    def as_json(self, lang: str) -> bytes | None:
        """`{"lang", "plural", "messages": {msgid: text | [forms]}}` for scripts; None for an unknown language."""
        if lang not in self._json:
            if lang == SOURCE and SOURCE not in self._files:
                found: dict[str, Any] = {"lang": SOURCE, "plural": "nplurals=2; plural=(n != 1);", "messages": {}}
            else:
                catalogue = self._catalogue(lang)
                if catalogue is None:
                    return None
                found = {"lang": lang, "plural": catalogue.plural_forms, "messages": _messages(catalogue)}
            self._json[lang] = msgspec.json.encode(found)
        return self._json[lang]

    def _catalogue(self, lang: str) -> Catalog | None:
        if lang not in self._catalogues:
            path = self._files.get(lang)
            if path is None:
                return None
            with path.open("rb") as file:
                self._catalogues[lang] = read_po(file, locale=lang, domain=DOMAIN)
        return self._catalogues[lang]


def _messages(catalogue: Catalog) -> dict[str, str | list[str]]:
    """What is translated; fuzzy and empty entries stay in English."""
    found: dict[str, str | list[str]] = {}
    for message in catalogue:
        if not message.id or message.fuzzy:
            continue
        if isinstance(message.id, str):
            if message.string:
                found[message.id] = str(message.string)
        elif message.string and all(message.string):
            found[message.id[0]] = [str(form) for form in message.string]
    return found


def own_name(code: str) -> str:
    try:
        name = Locale.parse(code.replace("-", "_")).get_display_name()
    except (ValueError, UnknownLocaleError):
        return code
    return name[:1].upper() + name[1:] if name else code
