"""Keys, tokens and the secret they are made with."""

from __future__ import annotations

import itertools
import stat
from pathlib import Path

import pytest
from immutables import Map
from msgspec.structs import replace

from moderator.live.identity import Caller, Identities, cookie_name, load_secret
from tests.domain.show import Show

SECRET = b"s" * 32


@pytest.fixture
def identities() -> Identities:
    return Identities(SECRET)


def test_a_key_is_told_by_its_webinar_role_slot_and_generation(identities: Identities) -> None:
    webinar = Show().state
    assert identities.holder(identities.key("moss", "moderator"), [webinar]) == Caller("moss", "moderator", "moderator")
    assert identities.holder(identities.key("moss", "screen"), [webinar]) == Caller("moss", "screen", "screen")
    speaker = identities.holder(identities.key("moss", "speaker", "talk1"), [webinar])
    assert speaker == Caller("moss", "speaker", "speaker:talk1", "talk1")


def test_no_two_keys_are_alike_and_each_has_128_bits_or_more(identities: Identities) -> None:
    keys = [
        identities.key(webinar, role, slot, generation)  # type: ignore[arg-type]
        for webinar, role, slot, generation in itertools.product(
            ("moss", "fern"), ("moderator", "speaker", "screen"), (None, "talk1", "talk2"), (0, 1)
        )
    ]
    keys.append(identities.organiser_key())
    assert len(set(keys)) == len(keys)
    assert all(len(key) * 6 >= 128 for key in keys)
    assert set(keys).isdisjoint({Identities(b"t" * 32).key("moss", "moderator")})


def test_parts_cannot_be_moved_from_one_to_the_next(identities: Identities) -> None:
    assert identities.key("moss", "speaker", "1", 0) != identities.key("moss", "speaker", "", 10)
    assert identities.key("mossspeaker", "speaker", "a") != identities.key("moss", "speaker", "speakera")


def test_a_rotated_key_is_no_longer_valid_and_the_others_are(identities: Identities) -> None:
    webinar = replace(Show().state, generations=Map({"moderator": 1}))
    assert identities.holder(identities.key("moss", "moderator", None, 0), [webinar]) is None
    assert identities.holder(identities.key("moss", "moderator", None, 1), [webinar]) is not None
    assert identities.holder(identities.key("moss", "screen"), [webinar]) is not None


@pytest.mark.parametrize("key", ["", "x", "\ud800", "ключ", "A" * 24, "A" * 100_000])
def test_what_is_no_key_belongs_to_nobody(identities: Identities, key: str) -> None:
    assert identities.holder(key, [Show().state]) is None


def test_a_key_of_a_slot_that_was_removed_is_not_valid(identities: Identities) -> None:
    show = Show()
    key = identities.key("moss", "speaker", "talk1")
    show.mod("agenda:remove", slot="talk1")
    assert identities.holder(key, [show.state]) is None


def test_a_key_of_another_webinar_opens_that_one_only(identities: Identities) -> None:
    moss = Show().state
    fern = replace(moss, slug="fern")
    holder = identities.holder(identities.key("fern", "moderator"), [moss, fern])
    assert holder is not None
    assert holder.webinar == "fern"
    assert identities.holder(identities.key("fern", "moderator"), [moss]) is None


def test_an_attendee_is_the_same_after_a_restart_and_another_in_another_webinar(identities: Identities) -> None:
    token = identities.mint_attendee("moss")
    hash_ = identities.attendee("moss", token)
    assert hash_ is not None
    assert Identities(SECRET).attendee("moss", token) == hash_
    assert identities.attendee("fern", token) is None
    assert hash_ not in token
    assert token.split(".")[0] not in hash_


def test_a_token_that_was_not_signed_here_is_nobody(identities: Identities) -> None:
    token = identities.mint_attendee("moss")
    name, signature = token.split(".")
    forged = [
        "", ".", name, f"{name}.", f".{signature}", f"{name}x.{signature}", f"{token}x", f"{name}.{signature[:-1]}A"
        if not signature.endswith("A") else f"{name}.{signature[:-1]}B", "\ud800.\ud800", f"{name}.é",
    ]  # fmt: skip
    assert [identities.attendee("moss", one) for one in forged] == [None] * len(forged)
    assert Identities(b"t" * 32).attendee("moss", token) is None


def test_the_secret_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    secret = load_secret(tmp_path / "data", {})
    path = tmp_path / "data" / "secret"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_secret(tmp_path / "data", {}) == secret
    assert load_secret(tmp_path / "other", {}) != secret
    assert [file.name for file in path.parent.iterdir()] == ["secret"]


def test_the_environment_comes_first_and_must_not_be_too_short(tmp_path: Path) -> None:
    given = load_secret(tmp_path, {"MODERATOR_SECRET": "x" * 16})
    assert given == load_secret(tmp_path / "elsewhere", {"MODERATOR_SECRET": "x" * 16})
    assert not (tmp_path / "secret").exists()
    with pytest.raises(ValueError, match="16 characters"):
        load_secret(tmp_path, {"MODERATOR_SECRET": "x" * 15})


def test_cookies_are_named_by_webinar_role_and_slot() -> None:
    names = {
        cookie_name("moss", "moderator"), cookie_name("fern", "moderator"), cookie_name("moss", "speaker", "talk1"),
        cookie_name("moss", "speaker", "talk2"), cookie_name("moss", "attendee"),
    }  # fmt: skip
    assert len(names) == 5
