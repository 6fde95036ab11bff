"""The OpenAPI description, made from the structs that validate the commands: it cannot say other than they do."""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec

from ..domain.commands import RULES

_REFUSED = {
    "400": "invalid",
    "403": "forbidden",
    "404": "not_found",
    "409": "conflict, closed",
    "429": "rate_limited",
    "503": "unavailable",
}
_ROLES = ["moderator", "speaker", "screen"]
_FORMATS = ["json", "csv", "xlsx", "ics", "md"]


@cache
def document() -> dict[str, Any]:
    """OpenAPI 3.1."""
    types = list(dict.fromkeys(rule.payload for rule in RULES.values()))
    refs, components = msgspec.json.schema_components(types, ref_template="#/components/schemas/{name}")
    by_type = dict(zip(types, refs, strict=True))
    commands = {}
    for name, rule in RULES.items():
        title = "Command_" + name.replace(":", "_")
        payload = dict(components[by_type[rule.payload]["$ref"].rpartition("/")[2]])
        payload["title"] = name
        payload["description"] = f"Sent by: {', '.join(sorted(rule.roles))}."
        payload["properties"] = {"type": {"const": name}, **payload.get("properties", {})}
        payload["required"] = ["type", *payload.get("required", [])]
        commands[title] = payload
    components.update(commands)
    components["Error"] = _object({
        "code": {"enum": ["invalid", "forbidden", "not_found", "conflict", "closed", "rate_limited", "unavailable"]},
        "message": {"type": "string"},
        "field": {"type": "string"},
        "retry_after_s": {"type": "integer"},
    }, ["code", "message"])  # fmt: skip
    components["Refusal"] = _object({"ok": {"const": False}, "error": _ref("Error")}, ["ok", "error"])
    components["Ack"] = _object({"ok": {"const": True}, "seq": {"type": "integer"}}, ["ok"])
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Webinar",
            "version": "1",
            "description": "The same commands and views as the sockets. Instants are epoch ms, lengths seconds.",
        },
        "components": {
            "schemas": components,
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer", "description": "A role's key or an attendee's token."}
            },
        },
        "security": [{"key": []}],
        "paths": _paths([_ref(name) for name in commands]),
    }


def _paths(commands: list[dict[str, str]]) -> dict[str, Any]:
    slug = {"name": "slug", "in": "path", "required": True, "schema": {"type": "string"}}
    format = {"name": "format", "in": "path", "required": True, "schema": {"enum": _FORMATS}}
    limit = {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 200}}
    questions = [_query("after"), _query("q"), _query("state"), _query("sort", ["votes", "recent"]), limit]
    programme = {"type": "object"}
    role = _object({"role": {"enum": _ROLES}}, ["role"])
    webinar = "/api/v1/webinars/{slug}"
    erase = _operation("erase", "Delete it, or only personal data (organiser)", query=[_query("personal_data", ["1"])])
    return {
        "/api/v1/webinars": {
            "get": _operation("webinars", "All webinars, oldest first", public=True),
            "post": _operation("create", "Make a webinar of a programme (organiser)", ok="201", body=programme),
        },
        webinar: {"parameters": [slug], "get": _operation("view", "The view of the caller's role"), "delete": erase},
        f"{webinar}/join": {"parameters": [slug], "post": _operation("join", "A new attendee's token", public=True)},
        f"{webinar}/commands": {
            "parameters": [slug],
            "post": _operation("command", "Carry out a command; answers with its ack", body={"oneOf": commands}),
        },
        f"{webinar}/questions": {
            "parameters": [slug],
            "get": _operation("questions", "Questions page by page", query=questions),
        },
        f"{webinar}/rotate": {
            "parameters": [slug],
            "post": _operation("rotate", "New links for a role", body=role),
        },
        f"{webinar}/export.{{format}}": {
            "parameters": [slug, format],
            "get": _operation("export", "A file"),
        },
    }


def _operation(
    name: str,
    summary: str,
    *,
    ok: str = "200",
    body: dict[str, Any] | None = None,
    public: bool = False,
    query: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    responses: dict[str, Any] = {ok: {"description": "Done"}}
    for status, codes in _REFUSED.items():
        responses[status] = {"description": codes, "content": {"application/json": {"schema": _ref("Refusal")}}}
    operation: dict[str, Any] = {"operationId": name, "summary": summary, "responses": responses}
    if body is not None:
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
        responses[ok]["content"] = {"application/json": {"schema": _ref("Ack")}}
    if public:
        operation["security"] = []
    if query:
        operation["parameters"] = query
    return operation


def _query(name: str, enum: list[str] | None = None) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": {"type": "string", **({"enum": enum} if enum else {})}}


def _object(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": required}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}
