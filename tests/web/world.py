"""One application in this process, with one webinar; requests go straight to it, no socket is opened."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from moderator.config import Config
from moderator.live.birth import created_body
from moderator.live.identity import Identities, cookie_name
from moderator.live.rooms import Rooms
from moderator.log.sqlite import open_log
from moderator.programme.model import Programme, ProgrammeSlot, ProgrammeSpeaker
from moderator.web import create_app
from moderator.web.i18n import Catalogues

SLUG = "s3p"
CODE = "ABC23"
START = 1_594_103_400_000  # 7 July 2020, 08:30 in Brussels
HOST = "localhost"


def programme(title: str = "S3P Chemicals") -> Programme:
    who = ProgrammeSpeaker("Mattia Adani", "Lombardy Region")
    return Programme(
        title=title,
        date="2020-07-07",
        timezone="Europe/Brussels",
        slug=SLUG,
        slots=[
            ProgrammeSlot(title="Welcome", kind="welcome", start_at=START, duration_s=300),
            ProgrammeSlot(title="Bi-Rex", kind="talk", start_at=START + 300_000, duration_s=600, speakers=[who]),
            ProgrammeSlot(title="Debate", kind="debate", start_at=START + 900_000, duration_s=900, flex=True),
        ],
    )


class Visitor:
    """A browser or program of one role. `get` and `post` as Flask's test client."""

    def __init__(self, client: FlaskClient, headers: dict[str, str] | None = None) -> None:
        self.client = client
        self.headers = headers or {}

    def get(self, path: str, **options: Any) -> Any:
        return self.client.get(path, **self._with(options))

    def post(self, path: str, **options: Any) -> Any:
        return self.client.post(path, **self._with(options))

    def send(self, method: str, path: str, **options: Any) -> Any:
        return self.client.open(path, method=method, **self._with(options))

    def command(self, type: str, **payload: Any) -> Any:
        return self.post(f"/api/v1/webinars/{SLUG}/commands", json={"type": type, **payload})

    def _with(self, options: dict[str, Any]) -> dict[str, Any]:
        return {**options, "headers": {**self.headers, **options.get("headers", {})}}


class World:
    """The application and everybody who may use it."""

    def __init__(self, data: Path, catalogues: Catalogues | None = None, **config: Any) -> None:
        self.config = Config(data=data, host="127.0.0.1", **config)
        self.identities = Identities(b"a secret for tests")
        log = open_log(data)
        if not log.webinars():
            log.create(SLUG, created_body(programme(), SLUG, CODE), log.now())
        catalogues = catalogues or Catalogues.load(self.config.root / "translations")
        self.rooms = Rooms(log, self.identities, catalogues, rehearsal=self.config.now is not None)
        self.app: Flask = create_app(self.config, self.rooms)

    @property
    def room(self) -> Any:
        return self.rooms.get(SLUG)

    def key(self, role: Any, slot: str | None = None) -> str:
        if role == "organiser":
            return self.identities.organiser_key()
        return self.identities.key(
            SLUG, role, slot if role == "speaker" else None, self.room.state.generations.get(role, 0)
        )

    def browser(self, role: Any = None, slot: str | None = None) -> Visitor:
        """Somebody with the cookie of a role; of none: somebody new."""
        client = self.app.test_client()
        if role == "attendee":
            client.set_cookie(cookie_name(SLUG, "attendee"), self.identities.mint_attendee(SLUG))
        elif role == "speaker":
            chosen = slot or self.room.state.order[1]
            client.set_cookie(cookie_name(SLUG, "speaker", chosen), self.key("speaker", chosen))
        elif role == "organiser":
            return self.program("organiser")
        elif role is not None:
            client.set_cookie(cookie_name(SLUG, role), self.key(role))
        return Visitor(client)

    def program(self, role: Any, slot: str | None = None) -> Visitor:
        """Somebody with the bearer of a role."""
        secret = self.identities.mint_attendee(SLUG) if role == "attendee" else self.key(role, slot)
        return Visitor(self.app.test_client(use_cookies=False), {"Authorization": f"Bearer {secret}"})

    def ask(self, text: str = "How is it recycled?", who: Visitor | None = None, **payload: Any) -> str:
        """A new question, in review; its id."""
        answer = (who or self.program("attendee")).command("question:ask", text=text, **payload)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        return str(answer.json["question"]["id"])
