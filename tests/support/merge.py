"""RFC 7386, written from the RFC and not from the product, and what the sync rule compares."""

from __future__ import annotations

from typing import Any

TIMELESS_SLOT = ("expected_start_at", "expected_end_at")


def merge(target: Any, patch: Any) -> Any:
    """The merge patch algorithm of RFC 7386, section 2; neither argument is changed."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for key, value in patch.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merge(result.get(key), value)
    return result


def timeless(view: dict[str, Any]) -> dict[str, Any]:
    """The view without what the contract exempts from the sync rule: what depends on `now`, who is here."""
    bare = {key: value for key, value in view.items() if key != "presence"}
    bare["slots"] = {
        slot: {key: value for key, value in facts.items() if key not in TIMELESS_SLOT}
        for slot, facts in view.get("slots", {}).items()
    }
    for part, keys in {
        "timer": ("end_expected_at", "over_s"),
        "queue": ("fits",),
        "counts": ("attendees",),
    }.items():
        if part in bare:
            bare[part] = {key: value for key, value in bare[part].items() if key not in keys}
    return bare


def difference(one: Any, other: Any, path: str = "") -> list[str]:
    """Where two JSON values differ, one line each."""
    if isinstance(one, dict) and isinstance(other, dict):
        lines = []
        for key in sorted({*one, *other}, key=str):
            at = f"{path}.{key}" if path else str(key)
            if key not in one:
                lines.append(f"{at}: absent, {other[key]!r}")
            elif key not in other:
                lines.append(f"{at}: {one[key]!r}, absent")
            else:
                lines += difference(one[key], other[key], at)
        return lines
    return [] if one == other and type(one) is type(other) else [f"{path}: {one!r}, {other!r}"]
