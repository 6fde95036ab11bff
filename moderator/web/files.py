"""What stands in `static/`, held in memory: small, compressed once, and cached by browsers for good.

Pages name files as `/static/<digest>/…`, where the digest is of the whole tree: a new version has new addresses, and
modules that import each other by relative paths always come from one version. Our own scripts and styles are sent
without their comment lines and indentation (`slim.py`); what came from elsewhere is sent as it came.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from functools import cached_property
from pathlib import Path

from flask import Response, abort, request

from . import slim

PREFIX = "/static/"
_DIGEST = re.compile(r"\A[0-9a-f]{16}\Z")
_YEAR_S = 31_536_000

TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".webmanifest": "application/manifest+json",
    ".txt": "text/plain; charset=utf-8",
    ".md": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
    ".wav": "audio/wav",
}
_COMPRESSED = frozenset({".woff2", ".png", ".mp3", ".ogg", ".ico"})
_WORTH_IT = 400  # bytes; below this the header costs more than is saved


_PAGE_WORTH_IT = 1200  # one packet
_SLIM = {".js": slim.script, ".css": slim.style}
_FOREIGN = "vendor/"


class File:
    def __init__(self, suffix: str, body: bytes) -> None:
        self.body = body
        self.type = TYPES.get(suffix) or mimetypes.guess_type("file" + suffix)[0] or "application/octet-stream"
        self.etag = hashlib.blake2b(body, digest_size=12).hexdigest()
        self._suffix = suffix

    @cached_property
    def zipped(self) -> bytes | None:
        """Compressed when it is first asked for, and then kept; None when that gains nothing."""
        if self._suffix in _COMPRESSED or len(self.body) < _WORTH_IT:
            return None
        zipped = gzip.compress(self.body, compresslevel=9, mtime=0)
        return zipped if len(zipped) < len(self.body) else None


class Files:
    """All files below a folder, read once."""

    def __init__(self, folder: Path) -> None:
        self._files: dict[str, File] = {}
        tree = hashlib.blake2b(digest_size=8)
        for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
            name = path.relative_to(folder).as_posix()
            if not path.is_file() or any(part.startswith(".") for part in name.split("/")):
                continue
            body = path.read_bytes()
            if path.suffix in _SLIM and not name.startswith(_FOREIGN):
                body = _SLIM[path.suffix](body.decode()).encode()
            file = File(path.suffix, body)
            tree.update(f"{name}\0{file.etag}\n".encode())
            self._files[name] = file
        self.digest = tree.hexdigest()

    def url(self, path: str) -> str:
        """The versioned address of a file; of the prefix for an empty path."""
        return f"{PREFIX}{self.digest}/{path}"

    def serve(self, path: str) -> Response:
        """A file by its address below `/static/`, versioned or not. 404 when there is none."""
        first, _, rest = path.partition("/")
        versioned = first == self.digest
        # A page that was loaded before an upgrade still asks for the old digest: it gets what is there now, uncached.
        file = self._files.get(rest if _DIGEST.match(first) else path)
        if file is None:
            abort(404)
        zipped = file.zipped is not None and request.accept_encodings.quality("gzip") > 0
        response = Response(file.zipped if zipped else file.body, content_type=file.type)
        response.headers["ETag"] = f'"{file.etag}{"-gz" if zipped else ""}"'
        if file.zipped is not None:
            response.headers["Vary"] = "Accept-Encoding"
        if zipped:
            response.headers["Content-Encoding"] = "gzip"
        response.headers["Cache-Control"] = f"public, max-age={_YEAR_S}, immutable" if versioned else "no-cache"
        response.make_conditional(request)
        return response


def zip_page(response: Response) -> Response:
    """A page is compressed for those who take it. Only pages: what holds keys is never compressed together with words
    that somebody else may have chosen."""
    if (
        response.mimetype == "text/html"
        and (response.content_length or 0) >= _PAGE_WORTH_IT
        and "Content-Encoding" not in response.headers
        and not response.direct_passthrough
    ):
        response.vary.add("Accept-Encoding")
        if request.accept_encodings.quality("gzip") > 0:
            response.set_data(gzip.compress(response.get_data(), compresslevel=6, mtime=0))
            response.headers["Content-Encoding"] = "gzip"
    return response
