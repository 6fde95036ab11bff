"""Why a command is not carried out: an error code of the contract and a sentence in the user's words."""

from __future__ import annotations

import re
from typing import Any, Literal

Code = Literal["invalid", "forbidden", "not_found", "conflict", "closed", "rate_limited", "unavailable"]


class Refused(Exception):
    """A rule says no.

    `message` is a sentence with named placeholders (it is looked up in the catalogue of the reader's language),
    `params` fills them; `current` is what stands now, for a `conflict`.
    """

    def __init__(
        self,
        code: Code,
        message: str,
        *,
        field: str | None = None,
        current: Any = None,
        retry_after_s: int | None = None,
        **params: Any,
    ) -> None:
        super().__init__(message)
        self.code: Code = code
        self.message = message
        self.params = params
        self.field = field
        self.current = current
        self.retry_after_s = retry_after_s


def N_(text: str) -> str:
    """Marks a sentence for the catalogues; it is translated where the reader's language is known."""
    return text


_PLACEHOLDER = re.compile(r"\{(\w+)\}")


def fill(text: str, params: dict[str, Any]) -> str:
    """`{name}` placeholders filled in; a name that is not given stays as it is, and nothing else is interpreted."""
    return _PLACEHOLDER.sub(lambda found: str(params.get(found[1], found[0])), text) if params else text
