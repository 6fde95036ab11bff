"""The table of commands of the contract: who may send each, and what it takes."""

from __future__ import annotations

from typing import Any

ROLES = ("attendee", "moderator", "speaker", "screen")
EVERYBODY = frozenset(ROLES)
DESK = frozenset({"moderator"})
HALL = frozenset({"attendee"})
STAGE = frozenset({"speaker"})

# event: (who, a payload that is well formed, payloads that are not)
TABLE: dict[str, tuple[frozenset[str], dict[str, Any], list[dict[str, Any]]]] = {
    "clock": (EVERYBODY, {"t0": 12.5}, [{}, {"t0": "x"}, {"t0": None}]),
    "question:ask": (
        HALL | DESK,
        {"text": "Who?"},
        [
            {},
            {"text": ""},
            {"text": " \n\t"},
            {"text": 7},
            {"text": None},
            {"text": "x" * 5000},
            {"text": ["x"]},
            {"text": "Who?", "to": ["nobody"]},
            {"text": "Who?", "to": "p1"},
            {"text": "Who?", "aloud": "yes"},
            {"text": "Who?", "source": "fax"},
            {"text": "Who?", "name": 7},
            {"text": "\u200b\u202e"},
        ],
    ),
    "question:edit": (
        HALL | DESK,
        {"question": "q1", "text": "New?"},
        [{}, {"question": "q1"}, {"text": "New?"}, {"question": 1, "text": "New?"}],
    ),
    "question:withdraw": (HALL, {"question": "q1"}, [{}, {"question": None}]),
    "question:vote": (HALL, {"question": "q1"}, [{}, {"question": []}]),
    "question:unvote": (HALL, {"question": "q1"}, [{}]),
    "question:flag": (HALL, {"question": "q1"}, [{}]),
    "question:similar": (EVERYBODY, {"text": "Who?"}, [{}, {"text": 7}]),
    "question:move": (
        DESK,
        {"question": "q1", "before": None},
        [{}, {"question": "q1"}, {"before": None}, {"question": "q1", "before": 7}],
    ),
    "question:air": (DESK, {"question": "q1"}, [{}]),
    "question:next": (
        DESK,
        {},
        [{"id": "short"}, {"id": 7}, {"id": "x" * 65}, {"id": "with space"}, {"base": "x"}, {"base": -1}],
    ),
    "question:clear": (DESK, {}, [{"base": 1.5}]),
    "question:merge": (DESK, {"question": "q1", "into": "q2"}, [{}, {"question": "q1"}, {"into": "q1"}]),
    "question:unmerge": (DESK, {"question": "q1"}, [{}]),
    "question:label": (
        DESK,
        {"question": "q1", "labels": ["later"]},
        [{}, {"question": "q1"}, {"question": "q1", "labels": "later"}, {"question": "q1", "labels": [7]}],
    ),
    "question:address": (DESK, {"question": "q1", "to": []}, [{}, {"question": "q1", "to": "p1"}]),
    "timer:start": (DESK, {}, [{"slot": 7}, {"replan": "yes"}]),
    "timer:next": (DESK, {}, [{"id": ""}]),
    "timer:previous": (DESK, {}, [{"base": None, "id": "?"}]),
    "timer:pause": (DESK, {}, [{"id": "a b c d e f"}]),
    "timer:resume": (DESK, {}, [{"id": "ééééééééé"}]),
    "timer:end": (DESK, {}, [{"id": ["x"]}]),
    "timer:add": (
        DESK,
        {"seconds": 60},
        [{}, {"seconds": 1.5}, {"seconds": "60"}, {"seconds": 10**12}, {"seconds": None}, {"seconds": True}],
    ),
    "agenda:replace": (
        DESK,
        {"slots": [{"title": "Only", "kind": "talk", "start": "10:00", "duration_s": 60}]},
        [
            {},
            {"text": 7},
            {"slots": []},
            {"slots": "x"},
            {"slots": [7]},
            {"text": "hello"},
            {"text": ""},
            {"slots": [{"title": "x"}]},
            {"slots": [{"title": "x", "start": "10:00", "duration_s": -5}]},
        ],
    ),
    "agenda:edit": (
        DESK,
        {"slot": "s1", "title": "T"},
        [
            {},
            {"slot": 7},
            {"slot": "s1", "duration_s": -1},
            {"slot": "s1", "duration_s": "5"},
            {"slot": "s1", "kind": "nap"},
            {"slot": "s1", "flex": "yes"},
        ],
    ),
    "agenda:add": (
        DESK,
        {"after": None, "title": "T", "kind": "talk", "duration_s": 60},
        [{}, {"title": "T"}, {"title": "T", "duration_s": 0}, {"after": 7, "title": "T", "duration_s": 60}],
    ),
    "agenda:move": (DESK, {"slot": "s1", "before": None}, [{}, {"slot": "s1"}, {"slot": "s1", "before": 7}]),
    "agenda:remove": (DESK, {"slot": "s1"}, [{}, {"slot": 7}]),
    "qa:open": (DESK, {}, [{"id": "x"}]),
    "qa:close": (DESK, {}, [{"id": "x"}]),
    "qa:auto": (DESK, {}, [{"id": "x"}]),
    "settings:change": (
        DESK,
        {"max_length": 280},
        [
            {"moderation": "never"},
            {"names": 1},
            {"max_length": "x"},
            {"max_length": -1},
            {"max_length": 10**9},
            {"unheard_of": 1},
        ],
    ),
    "message:send": (
        DESK,
        {"to": "speakers", "text": "T", "level": "info"},
        [
            {},
            {"to": "speakers"},
            {"text": ""},
            {"to": "speakers", "text": "T", "level": "loud"},
            {"to": 7, "text": "T"},
        ],
    ),
    "message:clear": (DESK, {}, [{"id": "x"}]),
    "hands:ask": (
        DESK,
        {"text": "T", "answers": ["a", "b"]},
        [
            {},
            {"text": "T", "answers": ["a"]},
            {"text": "T", "answers": list("abcdef")},
            {"text": "", "answers": ["a", "b"]},
            {"text": "T", "answers": ["a", ""]},
        ],
    ),
    "hands:close": (DESK, {}, [{"id": "x"}]),
    "hands:answer": (HALL, {"answer": 0}, [{}, {"answer": -1}, {"answer": "0"}, {"answer": 1.5}]),
    "message:seen": (STAGE, {"message": "m1"}, [{}, {"message": 7}]),
    "speaker:signal": (STAGE, {"signal": "ready"}, [{}, {"signal": "dance"}, {"signal": None}]),
    "undo": (DESK, {}, [{"of": "x"}, {"of": -1}]),
}
for _name in "approve dismiss restore queue unqueue answer star unstar".split():
    TABLE[f"question:{_name}"] = (
        DESK,
        {"question": "q1"},
        [
            {},
            {"question": 7},
            {"questions": []},
            {"questions": "q1"},
            {"questions": [7]},
            {"question": "q1", "questions": ["q1"]},
        ],
    )
TABLE["question:dismiss"][2].append({"question": "q1", "reason": 7})
TABLE["question:answer"][2].append({"question": "q1", "text": 7})
