"""Section 3: questions, what each move does."""

from __future__ import annotations

from tests.contract.stage import Stage, refused
from tests.support.client import Client, assert_in_sync


def state(desk: Client, id: str, wanted: str) -> dict[str, object]:
    desk.wait_for(lambda c: c.view["questions"].get(id, {}).get("state") == wanted, what=f"{id} {wanted}")
    return dict(desk.view["questions"][id])


def test_queue_and_air_also_make_public(stage: Stage) -> None:
    desk, asker, other = stage.moderator(), stage.client(), stage.client()
    queued, aired = (asker.do("question:ask", {"text": t})["question"]["id"] for t in ("Queue me?", "Air me?"))
    desk.do("question:queue", {"question": queued})
    desk.do("question:air", {"question": aired})
    other.wait_for(lambda c: c.view.get("live") == aired and c.view["queue"]["order"] == [queued])
    assert other.view["questions"][queued]["state"] == "queued" and other.view["questions"][aired]["state"] == "live"


def test_next_answers_the_one_on_air_and_airs_the_head(stage: Stage) -> None:
    desk, asker = stage.moderator(), stage.client()
    refused(desk.send("question:next", {}), "conflict")
    ids = [stage.public(asker, desk, f"Number {n}?") for n in range(2)]
    desk.do("question:queue", {"questions": ids})
    desk.do("question:next", {})
    desk.wait_for(lambda c: c.view.get("live") == ids[0] and c.view["queue"]["order"] == [ids[1]])
    desk.do("question:next", {})
    desk.wait_for(lambda c: c.view.get("live") == ids[1])
    assert desk.view["queue"]["order"] == [] and state(desk, ids[0], "answered")
    desk.do("question:next", {})  # an empty queue: the one on air is answered
    desk.wait_for(lambda c: "live" not in c.view)
    first = state(desk, ids[1], "answered")
    assert "aired_at" in first and "air_s" in first and "answered_at" in first
    refused(desk.send("question:next", {}), "conflict")


def test_air_answers_the_one_before_and_clear_puts_back_at_the_head(stage: Stage) -> None:
    desk, asker = stage.moderator(), stage.client()
    ids = [stage.public(asker, desk, f"Number {n}?") for n in range(3)]
    desk.do("question:queue", {"questions": ids[1:]})
    desk.do("question:air", {"question": ids[0]})
    assert "air_s" not in state(desk, ids[0], "live")
    desk.do("question:air", {"question": ids[2]})
    state(desk, ids[0], "answered")
    desk.wait_for(lambda c: c.view["live"] == ids[2] and c.view["queue"]["order"] == [ids[1]])
    desk.do("question:clear", {})
    desk.wait_for(lambda c: "live" not in c.view and c.view["queue"]["order"] == [ids[2], ids[1]])
    refused(desk.send("question:clear", {}), "conflict")


def test_withdraw_works_in_any_state_and_nothing_goes_on_air_by_itself(stage: Stage) -> None:
    desk, asker, other = stage.moderator(), stage.client(), stage.client()
    ids = {
        name: asker.do("question:ask", {"text": f"{name}?"})["question"]["id"]
        for name in ("review", "public", "queued", "live", "answered", "dismissed", "merged", "head")
    }
    desk.do("question:approve", {"questions": [ids["public"], ids["answered"], ids["merged"]]})
    desk.do("question:dismiss", {"question": ids["dismissed"]})
    desk.do("question:answer", {"question": ids["answered"], "text": "So."})
    desk.do("question:air", {"question": ids["live"]})
    desk.do("question:queue", {"questions": [ids["head"], ids["queued"]]})
    target = other.do("question:ask", {"text": "Target?"})["question"]["id"]
    desk.do("question:merge", {"question": ids["merged"], "into": target})
    refused(other.send("question:withdraw", {"question": ids["public"]}), "forbidden")
    for name, id in ids.items():
        asker.do("question:withdraw", {"question": id})
        asker.wait_for(lambda c, id=id: c.view["me"]["questions"][id]["state"] == "withdrawn", what=name)
        asker.do("question:withdraw", {"question": id})
    desk.wait_for(lambda c: "live" not in c.view and c.view["queue"]["order"] == [])
    other.wait_for(lambda c: not c.view["questions"])
    for client in (desk, asker, other):
        assert_in_sync(client)


def test_a_moderators_edit_keeps_place_and_votes(stage: Stage) -> None:
    desk, asker, voter = stage.moderator(), stage.client(), stage.client()
    ids = [stage.public(asker, desk, f"Number {n}?") for n in range(3)]
    voter.do("question:vote", {"question": ids[1]})
    desk.do("question:queue", {"questions": ids})
    desk.do("question:edit", {"question": ids[1], "text": "Better put?"})
    shown = voter.wait_for(
        lambda c: c.view["questions"][ids[1]]["text"] == "Better put?" and c.view["questions"][ids[1]]
    )
    assert shown["votes"] == 1
    after = desk.wait_for(lambda c: c.view["questions"][ids[1]]["edited"] and c.view["questions"][ids[1]])
    assert desk.view["queue"]["order"] == ids and after["original"] == "Number 1?"
    refused(asker.send("question:edit", {"question": ids[1], "text": "Mine again?"}), "conflict")


def test_voting_again_changes_nothing_and_ones_own_is_not_voted_on(stage: Stage) -> None:
    desk, asker, voter = stage.moderator(), stage.client(), stage.client()
    id = stage.public(asker, desk, "Votes?")
    seq = voter.do("question:vote", {"question": id})["seq"]
    assert voter.do("question:vote", {"question": id})["seq"] == seq
    voter.wait_for(lambda c: c.view["questions"][id]["votes"] == 1 and c.view["me"]["votes"] == {id: True})
    voter.do("question:unvote", {"question": id})
    assert voter.do("question:unvote", {"question": id})["ok"]
    voter.wait_for(lambda c: c.view["questions"][id]["votes"] == 0 and c.view["me"]["votes"] == {})
    refused(asker.send("question:vote", {"question": id}), "forbidden")


def test_merging_unites_the_voters_flattens_chains_and_refuses_cycles(stage: Stage) -> None:
    desk, asker, two_votes, one_vote = stage.moderator(), stage.client(), stage.client(), stage.client()
    a, b, c = (stage.public(asker, desk, f"{n}?") for n in ("First", "Second", "Third"))
    two_votes.do("question:vote", {"question": a})
    two_votes.do("question:vote", {"question": b})
    one_vote.do("question:vote", {"question": c})
    desk.do("question:merge", {"question": a, "into": b})
    refused(desk.send("question:merge", {"question": b, "into": a}), "conflict")
    refused(desk.send("question:merge", {"question": b, "into": b}), "conflict")
    desk.do("question:merge", {"question": b, "into": c})
    target = one_vote.wait_for(lambda v: v.view["questions"].get(c, {}).get("merged") == 2 and v.view["questions"])
    assert set(target) == {c} and target[c]["votes"] == 2
    merged = asker.wait_for(
        lambda v: v.view["me"]["questions"][a].get("merged_into") == c and v.view["me"]["questions"]
    )
    assert merged[a]["state"] == merged[b]["state"] == "merged"
    two_votes.wait_for(lambda v: v.view["me"]["votes"] == {c: True})
    late = stage.client()
    late.do("question:vote", {"question": a})  # counts for its target
    late.wait_for(lambda v: v.view["questions"][c]["votes"] == 3 and v.view["me"]["votes"] == {c: True})
    desk.do("question:dismiss", {"question": c, "reason": "off topic"})
    own = asker.wait_for(
        lambda v: v.view["me"]["questions"][a]["state"] == "dismissed" and v.view["me"]["questions"][a]
    )
    assert own["reason"] == "off topic"
    desk.do("question:restore", {"question": c})
    desk.do("question:unmerge", {"question": a})
    asker.wait_for(lambda v: v.view["me"]["questions"][a]["state"] == "public" and a in v.view["questions"])
    desk.wait_for(lambda v: v.view["questions"][c]["merged"] == 1)
    for client in (desk, asker, two_votes, one_vote, late):
        assert_in_sync(client)


def test_a_bulk_move_does_what_it_can_and_names_the_others(stage: Stage) -> None:
    desk, asker = stage.moderator(), stage.client()
    ids = [asker.do("question:ask", {"text": f"Number {n}?"})["question"]["id"] for n in range(3)]
    desk.do("question:approve", {"question": ids[1]})
    ack = desk.do("question:approve", {"questions": [*ids, "q999"]})
    assert {id: error["code"] for id, error in ack["refused"].items()} == {ids[1]: "conflict", "q999": "not_found"}
    assert all(error["message"] for error in ack["refused"].values())
    desk.wait_for(lambda c: {q["state"] for q in c.view["questions"].values()} == {"public"})
    ack = desk.do("question:dismiss", {"questions": ids, "reason": "all three"})
    assert "refused" not in ack
    desk.wait_for(lambda c: {q["state"] for q in c.view["questions"].values()} == {"dismissed"})


def test_dismissed_ones_come_back_and_answers_can_be_written(stage: Stage) -> None:
    desk, asker, other = stage.moderator(), stage.client(), stage.client()
    id = asker.do("question:ask", {"text": "Why?"})["question"]["id"]
    desk.do("question:dismiss", {"question": id, "reason": "unclear"})
    own = asker.wait_for(
        lambda c: c.view["me"]["questions"][id]["state"] == "dismissed" and c.view["me"]["questions"][id]
    )
    assert own["reason"] == "unclear" and state(desk, id, "dismissed")["reason"] == "unclear"
    desk.do("question:restore", {"question": id})
    own = asker.wait_for(lambda c: c.view["me"]["questions"][id]["state"] == "review" and c.view["me"]["questions"][id])
    assert "reason" not in own
    desk.do("question:answer", {"question": id, "text": "Because."})
    shown = other.wait_for(lambda c: c.view["questions"].get(id))
    assert shown["state"] == "answered" and shown["answer"] == "Because."
    asker.wait_for(lambda c: c.view["me"]["questions"][id].get("answer") == "Because.")


def test_an_author_edits_while_in_review_only(stage: Stage) -> None:
    desk, asker, other = stage.moderator(), stage.client(), stage.client()
    id = asker.do("question:ask", {"text": "Frist?"})["question"]["id"]
    ack = asker.do("question:edit", {"question": id, "text": "First?"})
    assert ack["question"]["text"] == "First?" and ack["question"]["id"] == id
    assert state(desk, id, "review")["text"] in ("Frist?", "First?")
    desk.do("question:approve", {"question": id})
    refused(asker.send("question:edit", {"question": id, "text": "Third?"}), "conflict")
    refused(other.send("question:edit", {"question": id, "text": "Theirs?"}), "forbidden")


def test_labels_stars_and_flags_are_for_moderators(stage: Stage) -> None:
    desk, asker, other = stage.moderator(), stage.client(), stage.client()
    id = stage.public(asker, desk, "Marked?")
    desk.do("question:label", {"question": id, "labels": ["later", "money"]})
    desk.do("question:star", {"question": id})
    other.do("question:flag", {"question": id})
    marked = desk.wait_for(lambda c: c.view["questions"][id]["flags"] == 1 and c.view["questions"][id])
    assert marked["labels"] == ["later", "money"] and marked["starred"] is True
    assert not {"labels", "starred", "flags"} & set(stage.client().view["questions"][id])
    speaker = next(iter(desk.view["speakers"]))
    desk.do("question:address", {"question": id, "to": [speaker]})
    other.wait_for(lambda c: c.view["questions"][id]["to"] == [speaker])
    desk.do("question:unstar", {"question": id})
    desk.wait_for(lambda c: c.view["questions"][id]["starred"] is False)


def test_similar_is_decided_once_in_the_event(stage: Stage) -> None:
    desk, asker = stage.moderator(), stage.client()
    first = stage.public(asker, desk, "How much hydrogen does the plant need?")
    second = asker.do("question:ask", {"text": "How much hydrogen will the plant need?"})["question"]["id"]
    assert state(desk, second, "review")["similar"] == [first]
    desk.do("question:edit", {"question": first, "text": "Something else entirely, about money?"})
    assert state(desk, second, "review")["similar"] == [first]


def test_questions_close_with_the_wrapup_and_with_the_end(stage: Stage) -> None:
    desk, asker, voter = stage.moderator(), stage.client(), stage.client()
    pending = asker.do("question:ask", {"text": "Before?"})["question"]["id"]
    public = stage.public(asker, desk, "Public before?")
    assert (
        asker.view["qa"]["state"] == "open" and asker.view["qa"]["mode"] == "auto" and "reason" not in asker.view["qa"]
    )
    desk.do("timer:start", {"slot": stage.slots[4]})
    qa = asker.wait_for(lambda c: c.view["qa"]["state"] == "closed" and c.view["qa"])
    assert qa["reason"] == "wrapup"
    refused(asker.send("question:ask", {"text": "After?"}), "closed")
    refused(asker.send("question:edit", {"question": pending, "text": "After?"}), "closed")
    voter.do("question:vote", {"question": public})
    asker.do("question:withdraw", {"question": pending})
    desk.do("qa:open", {})
    asker.do("question:ask", {"text": "Opened again?"})
    desk.do("qa:close", {})
    asker.wait_for(lambda c: c.view["qa"].get("reason") == "by_moderator" and c.view["qa"]["mode"] == "closed")
    desk.do("qa:auto", {})
    desk.do("timer:end", {})
    asker.wait_for(lambda c: c.view["qa"].get("reason") == "ended")
    desk.do("timer:previous", {})
    asker.wait_for(lambda c: c.view["qa"].get("reason") == "wrapup")
    desk.do("timer:start", {"slot": stage.slots[1]})
    asker.wait_for(lambda c: c.view["qa"]["state"] == "open")


def test_a_question_knows_where_in_the_webinar_it_was_asked(stage: Stage) -> None:
    desk, asker = stage.moderator(), stage.client()
    before = asker.do("question:ask", {"text": "Before the start?"})["question"]["id"]
    desk.do("timer:start", {"slot": stage.slots[1]})
    during = asker.do("question:ask", {"text": "During?"})["question"]["id"]
    state(desk, during, "review")
    assert "slot" not in desk.view["questions"][before] and "slot_offset_s" not in desk.view["questions"][before]
    assert desk.view["questions"][during]["slot"] == stage.slots[1]
    assert 0 <= desk.view["questions"][during]["slot_offset_s"] <= 5
