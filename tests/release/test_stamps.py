"""Versions in files: the version changes, and nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from refctl.core.config import load
from refctl.core.config_release import ReleaseFile
from refctl.core.errors import ConfigurationError
from refctl.release.stamps import stamped
from tests.checkout import ROOT

PACKAGE = """\
{
\t"a": {"version": "9.9.9", "b": "\\u00e9\\""},
\t"version" : "1.0.0",
\t"c": [1,2]
}
"""
FILES = {
    "pyproject.toml": (
        "project.version",
        '# a\n[project]\nname = "x"  # b\nversion = "1.0.0"  # c\n\n[tool.x]\nversion = "1.0.0"\n',
    ),
    "table.toml": ("tool.0.version", '[[tool]]\nversion = "1.0.0"\n[[tool]]\nversion = "9.9.9"\n'),
    "Chart.yaml": (
        "appVersion",
        "# a\nversion: 9.9.9 # b\nappVersion:   '1.0.0'   # c\nlist: [ a,b ]\n",
    ),
    "values.yml": ("images.1.tag", "images:\n- tag: 9.9.9\n-   tag: 1.0.0 # here\n"),
    "package.json": ("version", PACKAGE),
    "deep.json": ("a.1.v", '{"a": [ {"v": "9.9.9"} , {"w": [[]], "v": "1.0.0"} ]}'),
    "uv.lock": (
        "shop",
        (
            '[[package]]\nname = "other"\nversion = "9.9.9"\n\n[[package]]\nname = "shop"\n'
            'version = "1.0.0"\nsource = { editable = "." }\n'
        ),
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_a_key_leads_to_the_version_and_all_else_stays(name: str) -> None:
    key, written = FILES[name]
    for ending in ("\n",) if name == "uv.lock" else ("\n", "\r\n"):
        text = written.replace("\n", ending)
        changed = stamped(ReleaseFile(path=f"a/{name}", key=key), text, "2.1.0-rc.1")
        before, after = text.split("1.0.0", 1)
        assert changed == f"{before}2.1.0-rc.1{after}"


def test_a_pattern_leads_to_the_version_in_any_text() -> None:
    text = "Install:\n\n    pip install shop==1.0.0\n    docker pull shop:v1.0.0\n"
    both = ReleaseFile(path="README.md", pattern=r"shop(?:==|:v)(?P<version>[0-9.]+)")
    assert stamped(both, text, "2.0.0") == text.replace("1.0.0", "2.0.0")
    line = ReleaseFile(path="x", pattern=r"^    docker pull shop:(.+)$", value="v{version}")
    assert stamped(line, text, "2.0.0") == text.replace("v1.0.0", "v2.0.0")

    for before in ("1.0", "1.0.0rc1", "v1.0.0-rc.1+b.5", "1.0.0.dev0"):
        assert stamped(line, text.replace("v1.0.0", before), "2.0.0").endswith("shop:v2.0.0\n")


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        ({"path": "a.toml", "key": "project.version"}, "[project]\n", "has no project.version"),
        ({"path": "a.toml", "key": "version"}, "version = 1\n", "version is not text"),
        ({"path": "a.toml", "key": "version"}, "version = \n", "not valid TOML"),
        ({"path": "a.yaml", "key": "a.b"}, "a: 1\n", "has no a.b"),
        ({"path": "a.yaml", "key": "a"}, "a: [1\n", "not valid YAML"),
        ({"path": "a.yaml", "key": "a"}, "a: |\n  1.0.0\n", "not text on one line"),
        ({"path": "a.json", "key": "a.0"}, '{"a": []}', "has no a.0"),
        ({"path": "a.json", "key": "a"}, "{", "not valid JSON"),
        ({"path": "a.txt", "key": "a"}, "a", "a key needs a .toml, .yaml or .json file"),
        ({"path": "uv.lock", "key": "shop"}, "", "has no package shop"),
        ({"path": "a.md", "pattern": "v([0-9]+)"}, "none", "nothing matches"),
        (
            {"path": "a.md", "pattern": "shop (.+)"},
            "shop 1.0.0\nshop is",
            "finds 'is', which is no",
        ),
        ({"path": "a.md", "pattern": "v([0-9.]+)"}, "See v1.0.0.", "finds '1.0.0.', which is no"),
        ({"path": "a.md", "pattern": "shop( .+)?"}, "shop", "finds None, which is no version"),
        ({"path": "a.md", "pattern": "none"}, "none", "has no group"),
    ],
)
def test_a_place_that_is_not_there_is_an_error(file: dict[str, Any], text: str, words: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        stamped(ReleaseFile(**file), text, "2.0.0")
    assert f"release.files: {file['path']}: " in caught.value.message
    assert words in caught.value.message


def test_every_place_of_this_repository_is_there_and_has_the_same_version() -> None:
    files = load(ROOT / "refctl.toml").release.files
    assert len(files) >= 6
    for file in files:
        text = (ROOT / file.path).read_text(encoding="utf-8")
        changed = stamped(file, text, "98.7.6")
        assert changed.count("98.7.6") == 1, file.path
        from refctl import __version__

        assert changed.replace("98.7.6", __version__) == text, file.path
    assert json.loads((ROOT / "app/frontend/package.json").read_text())["version"] == __version__
