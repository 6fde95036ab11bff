"""Near duplicates, in any language."""

from __future__ import annotations

from moderator.domain.similar import SimilarIndex

from .show import Show


def index(*texts: str) -> tuple[SimilarIndex, Show]:
    show = Show()
    found = SimilarIndex()
    for text in texts:
        found.put(show.q(show.public(text=text)))
    return found, show


def test_two_wordings_of_one_question_are_similar_in_any_language() -> None:
    found, _ = index(
        "How long do mosses live?", "Wie lange leben Moose?", "Combien de temps vivent les mousses ?",
        "Где растут лишайники?",
    )  # fmt: skip
    wordings = {
        "how long do Mosses live": "q1",
        "Mosses: how long do they live?": "q1",
        "Wie lange leben die Moose": "q2",
        "combien de temps vivent les mousses": "q3",
        "где растут  лишайники": "q4",
    }
    for text, id in wordings.items():
        assert found.find(text)[0][0] == id, text
    assert found.find("What is for lunch?") == []
    assert found.find("?!") == []


def test_the_best_come_first_and_at_most_five() -> None:
    found, _ = index(*[f"How long do mosses live in winter{' x' * n}?" for n in range(8)])
    best = found.find("How long do mosses live in winter?")
    assert len(best) == 5
    assert best[0] == ("q1", 100)
    assert [score for _, score in best] == sorted((score for _, score in best), reverse=True)


def test_what_is_dismissed_withdrawn_or_merged_is_not_found_and_an_edit_is() -> None:
    found, show = index("How long do mosses live?", "How long do mosses live, really?")
    show.mod("question:dismiss", question="q1")
    found.put(show.q("q1"))
    assert [id for id, _ in found.find("How long do mosses live?")] == ["q2"]
    show.mod("question:restore", question="q1")
    show.mod("question:edit", question="q1", text="Where do lichens grow at all?")
    found.put(show.q("q1"))
    assert [id for id, _ in found.find("Where do lichens grow?")] == ["q1"]
    assert [id for id, _ in found.find("How long do mosses live?")] == ["q2"]
