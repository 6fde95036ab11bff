"""Our own scripts and styles without comments and indentation, as they are sent. Line numbers stay.

Only what stands outside of strings, templates and regular expressions is touched. A script that this reader does not
understand to its end is left as it is.
"""

from __future__ import annotations

import re

# What may stand before the slash of a regular expression: no value has just ended.
_BEFORE_REGEX = frozenset("(,=:[!&|?{};+-*%^~<>")
_WORDS_BEFORE_REGEX = frozenset(
    (
        "return",
        "typeof",
        "case",
        "in",
        "of",
        "void",
        "delete",
        "do",
        "else",
        "throw",
        "new",
        "await",
        "yield",
        "default",
    )
)
_WORD = re.compile(r"[\w$]+")
_STRING = {quote: re.compile(rf"(?:[^{quote}\\\n]|\\.)*{quote}", re.DOTALL) for quote in "'\""}
_REGEX = re.compile(r"(?:[^\\/\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*")
_SPACE = re.compile(r"[ \t]+")


class _UnclearError(Exception):
    """This is no script as we write them."""


def script(text: str) -> str:
    """A JavaScript module without `//` comments, without lines that are only comment, and without indentation."""
    try:
        return _script(text)
    except _UnclearError:
        return text


def _script(text: str) -> str:
    out: list[str] = []
    at, size = 0, len(text)
    fresh = True  # nothing of this line but blanks so far
    before = ""  # the last word or mark of the code
    nested: list[int] = []  # a template's `${`: how many braces are open within it
    while at < size:
        char = text[at]
        if char == "\n":
            out.append(char)
            at, fresh = at + 1, True
            continue
        if char in " \t":
            blanks = _SPACE.match(text, at)
            assert blanks is not None
            at = blanks.end()
            if not fresh and not text.startswith("\n", at):
                out.append(blanks[0])
            continue
        if text.startswith("//", at):
            end = text.find("\n", at)
            end = size if end < 0 else end
            if out and out[-1].isspace() and not fresh:
                out.pop()  # the blanks before it
            at = end
            continue
        if text.startswith("/*", at):
            end = text.find("*/", at)
            if end < 0:
                raise _UnclearError
            comment, at = text[at : end + 2], end + 2
            rest = text.find("\n", at)
            alone = fresh and not text[at : size if rest < 0 else rest].strip()
            out.append("\n" * comment.count("\n") if alone else comment)
            fresh = alone
            continue
        fresh = False
        if char in _STRING:
            at = _through(_STRING[char], text, at + 1, out, at)
            before = char
        elif char == "`" or (char == "}" and nested and nested[-1] == 0):
            if char == "}":
                nested.pop()
            end, inside = _template(text, at + 1)
            out.append(text[at:end])
            at, before = end, "`"
            if inside:
                nested.append(0)
                before = "{"
        elif char == "/" and (before in _BEFORE_REGEX or before in _WORDS_BEFORE_REGEX or not before):
            at = _through(_REGEX, text, at + 1, out, at)
            before = "/regex/"
        else:
            word = _WORD.match(text, at)
            before = word[0] if word is not None else char
            if nested and char in "{}":
                nested[-1] += 1 if char == "{" else -1
            out.append(before)
            at += len(before)
    if nested:
        raise _UnclearError
    return "".join(out)


def _through(pattern: re.Pattern[str], text: str, start: int, out: list[str], begin: int) -> int:
    found = pattern.match(text, start)
    if found is None:
        raise _UnclearError
    out.append(text[begin : found.end()])
    return found.end()


def _template(text: str, at: int) -> tuple[int, bool]:
    """Where a template's text ends that goes on at `at`, and whether with `${` rather than its end."""
    while at < len(text):
        if text[at] == "\\":
            at += 2
        elif text[at] == "`":
            return at + 1, False
        elif text.startswith("${", at):
            return at + 2, True
        else:
            at += 1
    raise _UnclearError


_STYLE = re.compile(
    r"""(?P<keep>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|url\([^)]*\))|/\*.*?\*/|(?<=\n)[ \t]+""", re.DOTALL
)


def style(text: str) -> str:
    """A style sheet without comments and indentation."""

    def shorter(found: re.Match[str]) -> str:
        if found["keep"]:
            return found["keep"]
        return ("\n" * found[0].count("\n") or " ") if found[0].startswith("/*") else ""

    return _STYLE.sub(shorter, text)
