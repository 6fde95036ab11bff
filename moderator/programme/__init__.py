"""Reading and writing agendas: text, tables, XLSX, iCalendar and JSON in, the same and Markdown out."""

from __future__ import annotations

from pathlib import Path

from .model import Problem, Programme, ProgrammeError, ProgrammeSlot, ProgrammeSpeaker, slug_of
from .read import DEFAULT_ZONE, read_bytes, read_slots, read_text
from .write import CONTENT_TYPES, FORMATS, Format, agenda_of, write

SAMPLE = Path(__file__).parent / "samples" / "s3p-chemicals.txt"  # the webinar that ships with the product

__all__ = [
    "CONTENT_TYPES",
    "DEFAULT_ZONE",
    "FORMATS",
    "SAMPLE",
    "Format",
    "Problem",
    "Programme",
    "ProgrammeError",
    "ProgrammeSlot",
    "ProgrammeSpeaker",
    "agenda_of",
    "read_bytes",
    "read_slots",
    "read_text",
    "slug_of",
    "write",
]
