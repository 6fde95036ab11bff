"""Copies what npm ships into `static/vendor/`, so that the pages need neither a build step nor a network.

Run after `npm ci --ignore-scripts`:  python tools/vendor.py [--check]
`--check` writes nothing and exits 1 when `static/vendor/` is not what this would write.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
TARGET = ROOT / "static" / "vendor"

# (file in node_modules, file in static/vendor)
SCRIPTS = (
    ("preact/dist/preact.mjs", "preact/preact.js"),
    ("preact/hooks/dist/hooks.mjs", "preact/hooks.js"),
    ("@preact/signals-core/dist/signals-core.mjs", "signals/signals-core.js"),
    ("@preact/signals/dist/signals.mjs", "signals/signals.js"),
    ("htm/dist/htm.mjs", "htm/htm.js"),
    ("socket.io-client/dist/socket.io.esm.min.js", "socket.io/socket.io.js"),
    ("sortablejs/modular/sortable.esm.js", "sortablejs/sortable.js"),
    ("uplot/dist/uPlot.esm.js", "uplot/uplot.js"),
)
# A bare specifier and the vendored file that it means.
SPECIFIERS = {
    "preact": "preact/preact.js",
    "preact/hooks": "preact/hooks.js",
    "@preact/signals-core": "signals/signals-core.js",
    "@preact/signals": "signals/signals.js",
    "htm": "htm/htm.js",
}
FONT = "@fontsource-variable/geologica/files/geologica-{}-wght-normal.woff2"
SUBSETS = ("latin", "latin-ext", "greek", "cyrillic", "cyrillic-ext", "vietnamese")
FILES = (
    ("uplot/dist/uPlot.min.css", "uplot/uplot.css"),
    *((FONT.format(subset), f"geologica/geologica-{subset}-wght-normal.woff2") for subset in SUBSETS),
)
LICENCES = {
    "preact": ("preact",),
    "signals": ("@preact/signals",),
    "htm": ("htm",),
    # socket.io-client's module holds these packages as well
    "socket.io": (
        "socket.io-client",
        "engine.io-client",
        "engine.io-parser",
        "socket.io-parser",
        "@socket.io/component-emitter",
    ),
    "sortablejs": ("sortablejs",),
    "uplot": ("uplot",),
    "geologica": ("@fontsource-variable/geologica",),
    "lucide": ("lucide-static",),
}
ICONS = ROOT / "tools" / "icons.txt"


def icons() -> dict[str, list[str]]:
    """The names in `tools/icons.txt` by section: `phone`, `more`."""
    sections: dict[str, list[str]] = {}
    for line in ICONS.read_text("utf-8").splitlines():
        if line.startswith("["):
            names = sections.setdefault(line.strip("[] "), [])
        elif line and not line.startswith("#"):
            names.extend(line.split())
    return sections


def rewritten(text: str, target: str) -> str:
    """The script with bare import specifiers made relative to `target`, and without its source map's address."""

    def relative(match: re.Match[str]) -> str:
        name = match.group(2)
        if name not in SPECIFIERS:
            raise SystemExit(f"{target}: import of {name!r}, which is not vendored")
        up = "../" if "/" in target else "./"
        return f"{match.group(1)}{up}{SPECIFIERS[name]}{match.group(3)}"

    text = re.sub(r"""((?:from|import)\s*["'])([@\w][-@\w./]*)(["'])""", relative, text)
    return re.sub(r"//# sourceMappingURL=\S+\s*$", "", text).rstrip() + "\n"


def sprite(names: list[str]) -> str:
    """One SVG file with a symbol per icon, id = the icon's name; stroke and size are the page's affair (`.i`)."""
    symbols = []
    for name in sorted(set(names)):
        source = (MODULES / "lucide-static" / "icons" / f"{name}.svg").read_text("utf-8")
        body = source[source.index(">", source.index("<svg")) + 1 : source.rindex("</svg>")]
        body = re.sub(r"\s*\n\s*", "", body)
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{body}</symbol>')
    return (
        '<svg xmlns="http://www.w3.org/2000/svg"><!-- lucide-static, ISC: see LICENSE -->\n'
        + "\n".join(symbols)
        + "\n</svg>\n"
    )


def wanted() -> Iterator[tuple[str, bytes]]:
    """Every file of `static/vendor/`: (path below it, content)."""
    for source, target in SCRIPTS:
        yield target, rewritten((MODULES / source).read_text("utf-8"), target).encode()
    for source, target in FILES:
        yield target, (MODULES / source).read_bytes()
    names = icons()
    yield "lucide/sprite.svg", sprite(names["phone"]).encode()
    yield "lucide/sprite-more.svg", sprite(names["phone"] + names["more"]).encode()
    rows = []
    for folder, packages in LICENCES.items():
        texts = []
        for package in packages:
            about = json.loads((MODULES / package / "package.json").read_text("utf-8"))
            rows.append(f"| {folder} | {package} | {about['version']} | {about.get('license', '')} |")
            texts.append(
                f"{package} {about['version']}\n\n" + (MODULES / package / "LICENSE").read_text("utf-8").strip()
            )
        yield f"{folder}/LICENSE", ("\n\n----\n\n".join(texts) + "\n").encode()
    head = "What npm ships, copied by tools/vendor.py (import specifiers made relative). Do not edit.\n\n"
    table = "| folder | package | version | licence |\n|---|---|---|---|\n" + "\n".join(rows) + "\n"
    yield "README.md", (head + table).encode()


def main(arguments: list[str]) -> int:
    if not MODULES.is_dir():
        print("node_modules is missing: run `npm ci --ignore-scripts` first", file=sys.stderr)
        return 2
    files = dict(wanted())
    if "--check" in arguments:
        there = {str(path.relative_to(TARGET)) for path in TARGET.rglob("*") if path.is_file()}
        differing = there ^ files.keys() | {
            name for name in there & files.keys() if (TARGET / name).read_bytes() != files[name]
        }
        for name in sorted(differing):
            print(f"static/vendor/{name} is not what npm ships")
        return 1 if differing else 0
    for name, content in files.items():
        path = TARGET / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    print(f"{len(files)} files in static/vendor")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
