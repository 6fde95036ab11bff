"""Five hundred voters at once, each over a socket of their own: not one vote is lost, and none counts twice."""

from __future__ import annotations

import json
from contextlib import ExitStack, closing

from tests.contract.raw import Raw
from tests.contract.stage import Stage, same

VOTERS = 500


def send(raw: Raw, number: int, event: str, question: str) -> None:
    raw.send(f"42{number}{json.dumps([event, {'question': question, 'id': f'storm-{number:04}'}])}")


def test_five_hundred_sockets_vote_at_once_and_every_vote_counts_once(stage: Stage) -> None:
    desk, asker = stage.moderator(), stage.client("attendee")
    one, two = (stage.public(asker, desk, text) for text in ("Who begins?", "Who ends?"))
    with ExitStack() as stack:
        voters = []
        for _ in range(VOTERS):
            raw = stack.enter_context(closing(Raw(stage.server)))
            raw.connect(stage.auth("attendee"))
            voters.append(raw)
        for raw in voters:
            send(raw, 1, "question:vote", one)
        for n, raw in enumerate(voters):
            send(raw, 2, "question:vote", one)  # again, as another command
            send(raw, 3, "question:vote", two)
            if n % 3 == 0:
                send(raw, 4, "question:unvote", one)
            if n % 5 == 0:
                send(raw, 1, "question:vote", one)  # repeated with its id, as after a lost connection: nothing new
        for n, raw in enumerate(voters):
            for number in (1, 2, 3, *([4] if n % 3 == 0 else [])):
                packet = raw.until(f"43{number}")
                assert packet is not None
                assert json.loads(packet[len(f"43{number}") :])[0]["ok"] is True
    left = VOTERS - len(range(0, VOTERS, 3))
    desk.wait_for(
        lambda client: [client.view["questions"][id]["votes"] for id in (one, two)] == [left, VOTERS],
        what="every vote",
    )
    assert desk.view["counts"]["votes"] == left + VOTERS
    fresh = stage.moderator()
    same(fresh.view, desk.view)
    assert asker.wait_for(lambda client: client.view["me"]["questions"][one]["votes"] == left)
