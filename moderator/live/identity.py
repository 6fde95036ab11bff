"""Who somebody is: secret links for moderators, speakers and screens, signed tokens for attendees.

A key is HMAC-SHA-256 over webinar, role, slot and generation, so none is stored: the log holds generations only, and
rotating a role's keys is one event. Key and token carry 144 bits of the digest.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import os
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from ..domain.commands import Role
from ..domain.state import Webinar

DIGEST_BYTES = 18  # 144 bits
ORGANISER = "*"  # the organiser's key belongs to no webinar


class Caller(msgspec.Struct, frozen=True):
    """Somebody whose role is settled. `actor` names the identity in the log: an attendee's hash, or the key's name."""

    webinar: str
    role: Role
    actor: str
    slot: str | None = None
    lang: str = "en"
    address: str = ""
    name: str = ""  # what a moderator goes by
    connection: str = ""  # short name of the socket, for presence
    key_of: str = ""  # the role whose key or cookie let the socket in


def load_secret(data_dir: str | os.PathLike[str], environ: Mapping[str, str] = os.environ) -> bytes:
    """MODERATOR_SECRET, or the content of DATA/secret, which is made (mode 0600) when it is not there."""
    given = environ.get("MODERATOR_SECRET")
    if given:
        if len(given) < 16:
            raise ValueError("MODERATOR_SECRET is too short: use at least 16 characters.")
        return hashlib.sha256(given.encode()).digest()
    path = Path(data_dir) / "secret"
    with contextlib.suppress(FileNotFoundError):
        kept = path.read_bytes().strip()
        if len(kept) >= 32:
            return hashlib.sha256(kept).digest()
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = secrets.token_urlsafe(48).encode()
    part = path.with_name(f"secret.{os.getpid()}")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(fresh + b"\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(part, path)  # the first of several workers wins
    except FileExistsError:
        fresh = path.read_bytes().strip()
    finally:
        os.unlink(part)
    return hashlib.sha256(fresh).digest()


def cookie_name(webinar: str, role: Role, slot: str | None = None) -> str:
    """Cookies are named by webinar, role and slot, so that one browser can hold several."""
    return f"m_{webinar}_{role}" + (f"_{slot}" if slot else "")


class Identities:
    """Makes and checks keys and tokens with the secret that all workers share."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def _digest(self, *parts: str) -> str:
        message = b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)
        digest = hmac.new(self._secret, message, hashlib.sha256).digest()[:DIGEST_BYTES]
        return base64.urlsafe_b64encode(digest).decode()

    def key(self, webinar: str, role: Role, slot: str | None = None, generation: int = 0) -> str:
        """The secret of a role's link: 24 characters of A-Za-z0-9_-."""
        return self._digest("key", webinar, role, slot or "", str(generation))

    def organiser_key(self, generation: int = 0) -> str:
        """The key that may create webinars."""
        return self.key(ORGANISER, "organiser", None, generation)

    def _candidates(self, webinar: Webinar) -> Iterable[tuple[str, Role, str | None]]:
        generations = webinar.generations
        roles: tuple[Role, ...] = ("moderator", "screen")
        for role in roles:
            yield self.key(webinar.slug, role, None, generations.get(role, 0)), role, None
        for slot in webinar.slots:
            yield self.key(webinar.slug, "speaker", slot, generations.get("speaker", 0)), "speaker", slot

    def holder(self, key: str, webinars: Iterable[Webinar]) -> Caller | None:
        """Whose key this is, or None. Every candidate is compared in constant time."""
        found: Caller | None = None
        given = key.encode("utf-8", "replace")
        if hmac.compare_digest(self.organiser_key().encode(), given):
            found = Caller(ORGANISER, "organiser", "organiser")
        for webinar in webinars:
            for candidate, role, slot in self._candidates(webinar):
                if hmac.compare_digest(candidate.encode(), given):
                    found = Caller(webinar.slug, role, role if slot is None else f"{role}:{slot}", slot)
        return found

    def mint_attendee(self, webinar: str) -> str:
        """A new attendee's token: a random name and its signature."""
        name = secrets.token_urlsafe(15)
        return f"{name}.{self._digest('attendee', webinar, name)}"

    def attendee(self, webinar: str, token: str) -> str | None:
        """The hash that stands for this attendee in the log, or None when the token is not ours."""
        if not token.isascii():
            return None
        name, _, signature = token.partition(".")
        expected = self._digest("attendee", webinar, name)
        if not name or not hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace")):
            return None
        digest = hashlib.blake2b(name.encode(), key=self._secret, person=b"attendee", digest_size=12).digest()
        return base64.urlsafe_b64encode(digest).decode()
