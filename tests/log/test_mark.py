"""The note of what was acknowledged: what it says comes back, and what is damaged says nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderator.log.mark import LINE, Mark, Newest, Noted, decode, encode, missing

SLUGS = st.from_regex(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?", fullmatch=True)
EPOCHS = st.from_regex(r"[0-9a-f]{16}", fullmatch=True)
COMMITS = st.builds(Newest, st.integers(1, 2**53), st.integers(0, 2**53))
LOGS = st.dictionaries(SLUGS, COMMITS, max_size=5)
PATH = Path("log.sqlite3")


@given(EPOCHS, LOGS)
def test_what_was_written_comes_back(epoch: str, newest: dict[str, Newest]) -> None:
    raw = encode(epoch, newest)

    assert decode(raw) == Noted(epoch, newest)
    assert len(raw) == LINE * (1 + len(newest))


@given(EPOCHS, LOGS, st.data())
def test_a_damaged_byte_takes_at_most_its_own_line_away(
    epoch: str, newest: dict[str, Newest], data: st.DataObject
) -> None:
    raw = bytearray(encode(epoch, newest))
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at] ^= data.draw(st.integers(1, 255))

    found = decode(bytes(raw))

    if at < LINE:
        assert found in (None, Noted(epoch, newest))
    else:
        assert found is not None
        assert found.epoch == epoch
        assert found.newest.items() <= newest.items()
        assert len(found.newest) >= len(newest) - 1


@given(EPOCHS, LOGS, st.data())
def test_a_file_that_was_cut_says_less_and_nothing_wrong(
    epoch: str, newest: dict[str, Newest], data: st.DataObject
) -> None:
    raw = encode(epoch, newest)
    found = decode(raw[: data.draw(st.integers(0, len(raw)))])

    assert found is None or (found.epoch == epoch and found.newest.items() <= newest.items())


@given(st.binary(max_size=3 * LINE))
def test_what_is_no_note_is_none(raw: bytes) -> None:
    assert decode(raw) is None


@given(EPOCHS, LOGS)
def test_a_log_that_holds_everything_lacks_nothing(epoch: str, newest: dict[str, Newest]) -> None:
    later = {slug: Newest(one.seq + 1, one.at) for slug, one in newest.items()}

    assert missing(PATH, Noted(epoch, newest), epoch, newest) == []
    assert missing(PATH, Noted(epoch, newest), epoch, later) == []
    assert missing(PATH, None, epoch, newest) == []


@given(EPOCHS, LOGS, LOGS)
def test_each_webinar_that_ends_too_early_is_named_once(
    epoch: str, noted: dict[str, Newest], there: dict[str, Newest]
) -> None:
    said = missing(PATH, Noted(epoch, noted), epoch, there)

    short = [slug for slug, one in noted.items() if there.get(slug, Newest(0, 0)).seq < one.seq]
    assert len(said) == len(short)
    for slug, sentence in zip(short, said, strict=True):
        assert f" of {slug}, acknowledged " in sentence
        assert f"{noted[slug].seq} of" in sentence


def test_the_sentence_says_what_is_missing_since_when_and_what_to_do() -> None:
    noted = Noted("e", {"acids": Newest(57, 1_594_104_000_000)})

    (said,) = missing(PATH, noted, "e", {"acids": Newest(40, 1_594_103_000_000)})
    assert said.startswith("log.sqlite3 lacks commits 41 to 57 of acids, acknowledged between 2020-07-0")
    assert "put a backup back" in said
    assert len(said.splitlines()) == 1
    (said,) = missing(PATH, noted, "e", {"acids": Newest(56, 1)})
    assert "lacks commit 57 of acids" in said
    (said,) = missing(PATH, noted, "e", {})
    assert "lacks commits 1 to 57 of acids, acknowledged until 2020-07-0" in said


def test_a_log_that_is_another_one_is_said_with_what_the_former_held() -> None:
    noted = Noted("e", {"acids": Newest(57, 1_594_104_000_000), "salts": Newest(3, 1)})

    (said,) = missing(PATH, noted, "f", {"acids": Newest(99, 1)})

    assert "is not the log that was served here until 2020-07-0" in said
    assert "acids up to commit 57, salts up to commit 3" in said
    assert missing(PATH, Noted("e", {}), "f", {}) == []


def test_it_is_written_in_place_and_an_erased_webinar_leaves_it(tmp_path: Path) -> None:
    mark = Mark(tmp_path / "log.acked")
    mark.begin("e", {"acids": Newest(1, 10)})
    mark.put("acids", 2, 20)
    mark.put("salts", 1, 21)
    mark.put("acids", 3, 30)
    assert mark.read() == Noted("e", {"acids": Newest(3, 30), "salts": Newest(1, 21)})

    mark.drop("acids")
    mark.drop("unheard-of")
    mark.put("salts", 2, 40)
    mark.put("acids", 1, 50)
    assert mark.read() == Noted("e", {"salts": Newest(2, 40), "acids": Newest(1, 50)})
    mark.close()
    mark.close()
    mark.put("acids", 2, 60)
    assert mark.read() == Noted("e", {"salts": Newest(2, 40), "acids": Newest(1, 50)})

    mark.begin("e", {"acids": Newest(1, 50)})
    assert mark.read() == Noted("e", {"acids": Newest(1, 50)})
    assert [file.name for file in tmp_path.iterdir()] == ["log.acked"]
    mark.close()


def test_a_name_that_does_not_fit_is_not_noted(tmp_path: Path) -> None:
    mark = Mark(tmp_path / "log.acked")
    mark.begin("e", {"x" * 300: Newest(1, 1), "acids": Newest(1, 1)})
    mark.put("y" * 300, 1, 1)
    mark.put("acids", 2, 2)

    assert mark.read() == Noted("e", {"acids": Newest(2, 2)})
    mark.close()


@pytest.mark.parametrize("obstacle", ["directory", "nowhere"])
def test_where_it_cannot_be_written_nothing_is_refused(tmp_path: Path, obstacle: str) -> None:
    path = tmp_path / "away" / "log.acked"
    if obstacle == "directory":
        path.mkdir(parents=True)
    mark = Mark(path)

    assert mark.read() is None
    mark.begin("e", {"acids": Newest(1, 1)})
    mark.put("acids", 2, 2)
    mark.drop("acids")
    mark.sync()
    mark.close()
    assert mark.read() is None
