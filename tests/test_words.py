"""Every word of the product finds its way into the catalogues."""

from __future__ import annotations

import importlib.util
import io
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def words() -> ModuleType:
    spec = importlib.util.spec_from_file_location("words", ROOT / "tools" / "words.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_words_of_scripts_are_found_wherever_they_stand(words: ModuleType) -> None:
    source = r"""
      const a = t('Plain'), b = obj.t('not ours'), c = cut('nor this')
      html`<p>${open ? html`<b>${t("It's nested")}</b>` : t('Deep', {n: 1})} ${n('{n} vote', "{n} votes", 3)}</p>`
      t('Caf\u00e9 \'here\'')
    """
    found = [(name, message) for _, name, message, _ in words.scripts(io.BytesIO(source.encode()), None, None, None)]
    assert found == [
        ("t", "Plain"),
        ("t", "It's nested"),
        ("t", "Deep"),
        ("n", ("{n} vote", "{n} votes")),
        ("t", "Café 'here'"),
    ]


def test_words_of_the_server_the_templates_and_the_scripts_are_collected(words: ModuleType) -> None:
    catalogue = words.collect()
    ids = {one.id if isinstance(one.id, str) else one.id[0] for one in catalogue if one.id}
    assert {"Too long by {n} characters.", "{n} minute left", "Show what is new"} <= ids
