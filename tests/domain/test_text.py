"""What people type, made harmless and comparable."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from moderator.domain.refusal import Refused
from moderator.domain.text import clean, folded


@pytest.mark.parametrize(
    ("given_", "kept"),
    [
        ("  two   words\t\n", "two words"),
        ("a\u202eb\u2066c\u2069\u200bd\ufeff", "abcd"),
        ("a\x00b\x07c\x1bd\x7f", "abcd"),
        ("e\u0301", "é"),
        ("عربي \u200f English \u200e", "عربي \u200f English \u200e"),
        ("👩\u200d🔬 क्\u200dष", "👩\u200d🔬 क्\u200dष"),
        ("one\r\n\r\n\n  two", "one\ntwo"),
        ("one\u2028two\u0085three", "one\ntwo\nthree"),
        ("z" + "\u0337" * 50, "z" + "\u0337" * 4),
        ("\U000e0041tag\U000e007f", "tag"),
    ],
)
def test_a_text_is_made_harmless_and_kept_readable(given_: str, kept: str) -> None:
    assert clean(given_, limit=100, field="text", lines=True) == kept


def test_a_text_without_lines_is_one_line() -> None:
    assert clean("one\ntwo\r\nthree", limit=100, field="text") == "one two three"


def test_half_a_pair_of_surrogates_is_no_text() -> None:
    with pytest.raises(Refused) as refused:
        clean("a\ud800", limit=100, field="text")
    assert (refused.value.code, refused.value.field) == ("invalid", "text")


@given(st.text(max_size=60), st.booleans())
def test_cleaning_again_changes_nothing_and_leaves_nothing_that_hides(text: str, lines: bool) -> None:
    once = clean(text, limit=500, field="text", lines=lines, required=False)
    assert clean(once, limit=500, field="text", lines=lines, required=False) == once
    assert all(unicodedata.category(ch) != "Cc" or ch == "\n" for ch in once)
    assert not set(once) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\ufeff")
    once.encode()


@given(st.text(max_size=40))
@example("𝔸")
def test_folding_is_stable(text: str) -> None:
    assert folded(folded(text)) == folded(text)


def test_folding_is_stable_for_every_character() -> None:
    everything = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]
    assert [c for c in everything if folded(folded(c)) != folded(c)] == []
