"""Scripts and styles are sent without what only people read, and mean the same."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from moderator.config import ROOT
from moderator.web.slim import _script, script, style

OURS = [path for path in sorted((ROOT / "static").rglob("*")) if "vendor" not in path.parts]
SCRIPTS = [path for path in OURS if path.suffix == ".js"]
NODE = shutil.which("node")


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("// about\nlet a = 1\n", "\nlet a = 1\n"),
        ("  let a = 1 // one\n", "let a = 1\n"),
        ("/** about\n * it\n */\n  f()\n", "\n\n\nf()\n"),
        ("f(/* why */ 1)", "f(/* why */ 1)"),
        ("return /* two\nlines */ 1", "return /* two\nlines */ 1"),
        ('const u = "http://x" // y', 'const u = "http://x"'),
        ("const s = '// not'\n", "const s = '// not'\n"),
        ("const s = 'it\\'s // not'", "const s = 'it\\'s // not'"),
        ("const t = `\n  // not\n  kept`\n", "const t = `\n  // not\n  kept`\n"),
        (
            "const t = `a${\n  f({ // inner\n  b: `  //x` })}\n  // not`",
            "const t = `a${\nf({\nb: `  //x` })}\n  // not`",
        ),
        ("const r = /[/`'\"]\\/ /\n  // gone\n", "const r = /[/`'\"]\\/ /\n\n"),
        ("const q = a / b / c // gone", "const q = a / b / c"),
        ("x.split(/'/).map(y => y / 2) // '", "x.split(/'/).map(y => y / 2)"),
        ("const html = `<a href=\"//x\">${t('//')}</a>`", "const html = `<a href=\"//x\">${t('//')}</a>`"),
        ("let a = 'never ends\n // kept", "let a = 'never ends\n // kept"),
        ("let a = `never ends\n // kept", "let a = `never ends\n // kept"),
        ("", ""),
    ],
)
def test_only_what_people_read_is_left_out(written: str, sent: str) -> None:
    assert script(written) == sent


@pytest.mark.parametrize("path", SCRIPTS, ids=[path.relative_to(ROOT).as_posix() for path in SCRIPTS])
def test_every_script_of_ours_is_understood_and_keeps_its_lines(path: Path) -> None:
    text = path.read_text()
    slim = _script(text)
    assert slim.count("\n") == text.count("\n")
    assert _script(slim) == slim
    assert len(slim) < len(text)


@pytest.mark.skipif(NODE is None, reason="no node on this machine")
def test_every_script_is_still_a_module_that_imports_the_same(tmp_path: Path) -> None:
    """The engine's own opinion. That they also do the same, the browser's tests say: they are served these."""
    for path in SCRIPTS:
        for name, text in (("whole", path.read_text()), ("slim", script(path.read_text()))):
            target = tmp_path / name / f"{'-'.join(path.relative_to(ROOT).parts)[:-3]}.mjs"
            target.parent.mkdir(exist_ok=True)
            target.write_text(text)
    check = tmp_path / "check.mjs"
    check.write_text(
        "import {readFileSync, readdirSync} from 'node:fs'\nimport {SourceTextModule} from 'node:vm'\n"
        "const out = {}\nfor (const kind of ['whole', 'slim']) for (const name of readdirSync(kind)) {\n"
        "  const code = readFileSync(`${kind}/${name}`, 'utf8')\n"
        "  const module = new SourceTextModule(code)\n"
        "  ;(out[name] ??= []).push(module.dependencySpecifiers.join())\n}\n"
        "console.log(JSON.stringify(out))\n"
    )
    done = subprocess.run(
        [str(NODE), "--no-warnings", "--experimental-vm-modules", "check.mjs"],
        cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert len(found) == len(SCRIPTS)
    assert all(len(kinds) == 2 and kinds[0] == kinds[1] for kinds in found.values())


def test_a_style_sheet_keeps_its_rules() -> None:
    assert style("/* a\n b */\n.x {\n  color: red; /* why */\n}\n") == "\n\n.x {\ncolor: red;  \n}\n"
    assert style(".x::before { content: '/* not */' }") == ".x::before { content: '/* not */' }"
    assert style("a{background:url(data:image/svg+xml,/*x*/)}") == "a{background:url(data:image/svg+xml,/*x*/)}"
