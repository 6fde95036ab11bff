"""Collects the words of the product into the gettext catalogues.

    python tools/words.py          updates translations/messages.pot and every language there is
    python tools/words.py de fr    begins these languages as well

Sentences are marked `N_("…")` or `say_many("…", "…", n)` in Python, `_("…")` and `ngettext` in templates, `t('…')`
`n('…', '…', …)` and `pick('You …', '{name} …')` in scripts. Compiling is not needed: the server reads the .po files.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "translations"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "N_": None,
    "say": None,
    "say_many": (1, 2),
    "t": None,
    "n": (1, 2),
}
METHODS = [("moderator/**.py", "python"), ("templates/**.html", "jinja2"), ("static/js/**.js", "words:scripts")]

_STRING = r"""'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*\""""
_CALL = re.compile(rf"(?<![\w.$])(t|n|pick)\(\s*({_STRING})(?:\s*,\s*({_STRING}))?")
_ESCAPE = re.compile(r"\\(u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|.)")
_ESCAPES = {"n": "\n", "t": "\t"}

Found = tuple[int, str, str | tuple[str, ...], list[str]]


def scripts(fileobj: BinaryIO, keywords: Any, comment_tags: Any, options: Any) -> Iterator[Found]:
    """Babel's extraction method for scripts. Its own loses what stands in template strings within template strings."""
    source = fileobj.read().decode()
    for call in _CALL.finditer(source):
        name, one, many = call.groups()
        line = source.count("\n", 0, call.start()) + 1
        if name == "t":
            yield line, name, _text(one), []
        elif name == "pick" and many:  # whole sentences, for who did it and for the others
            yield line, "t", _text(one), []
            yield line, "t", _text(many), []
        elif many:
            yield line, name, (_text(one), _text(many)), []


def _text(literal: str) -> str:
    def character(found: re.Match[str]) -> str:
        code = found[2] or found[3] or found[4]
        return chr(int(code, 16)) if code else _ESCAPES.get(found[1], found[1])

    return _ESCAPE.sub(character, literal[1:-1])


def collect() -> Catalog:
    """All words, with where they stand."""
    catalogue = Catalog(project="moderator", charset="utf-8", fuzzy=False)
    sys.path.insert(0, str(Path(__file__).parent))  # where Babel looks for `words:scripts`
    found = extract_from_dir(ROOT, METHODS, keywords=KEYWORDS, directory_filter=_ours)
    for file, line, message, comments, context in found:
        catalogue.add(message, None, [(file, line)], auto_comments=comments, context=context)
    return catalogue


def _ours(folder: str) -> bool:
    return Path(folder).name not in {"node_modules", "vendor", "tests", "bench", "data"} and "/." not in folder


def main(languages: list[str]) -> None:
    words = collect()
    FOLDER.mkdir(exist_ok=True)
    with (FOLDER / "messages.pot").open("wb") as file:
        write_po(file, words, width=100, sort_by_file=True, omit_header=False)
    known = {path.parent.parent.name for path in FOLDER.glob("*/LC_MESSAGES/messages.po")}
    for language in sorted(known | set(languages)):
        path = FOLDER / language / "LC_MESSAGES" / "messages.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        catalogue = Catalog(locale=language, project="moderator", fuzzy=False)
        if path.exists():
            with path.open("rb") as file:
                catalogue = read_po(file, locale=language)
        catalogue.update(words, no_fuzzy_matching=True)  # a guess is worse than English
        with path.open("wb") as file:
            write_po(file, catalogue, width=100, ignore_obsolete=True)
        done = sum(bool(message.string) for message in catalogue if message.id)
        print(f"{language}: {done} of {len(words)}")


if __name__ == "__main__":
    main(sys.argv[1:])
