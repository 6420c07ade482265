"""The files of `.github` that are not workflows agree with one another and with the repository."""

from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

ROOT = Path(__file__).parents[2]
GITHUB = ROOT / ".github"
MANIFESTS = {"github-actions": ".github/workflows/test.yml", "uv": "uv.lock", "npm": "package.json"}


def load(file: str) -> Any:
    return YAML(typ="safe").load(GITHUB / file)


@pytest.mark.parametrize("form", ["bug", "feature"])
def test_a_form_asks_for_a_part_that_there_is_a_label_for(form: str) -> None:
    asked = load(f"ISSUE_TEMPLATE/{form}.yml")
    part = next(one for one in asked["body"] if one.get("id") == "part")
    parts = part["attributes"]["options"]
    assert part["attributes"]["label"] == "Which part?"
    assert set(parts) == load("labeler.yml").keys()
    # As the workflow reads them out of the issue.
    assert " | ".join(parts) + ")" in (GITHUB / "workflows/label.yml").read_text()
    assert len({one.get("id") for one in asked["body"]}) == len(asked["body"])


def test_every_label_is_for_files_that_exist() -> None:
    for label, conditions in load("labeler.yml").items():
        (rule,) = conditions[0]["changed-files"]
        globs = rule["any-glob-to-any-file"]
        for glob in [globs] if isinstance(globs, str) else globs:
            assert next(ROOT.glob(glob), None) is not None, (label, glob)


def test_dependabot_looks_where_the_manifests_are_and_lets_releases_cool_down() -> None:
    watched = set()
    for one in load("dependabot.yml")["updates"]:
        assert one["cooldown"]["default-days"] >= 7
        for folder in one.get("directories") or [one["directory"]]:
            manifest = ROOT / folder.strip("/") / MANIFESTS[one["package-ecosystem"]]
            assert manifest.is_file()
            watched.add((one["package-ecosystem"], folder))
    assert watched == {
        ("github-actions", "/"),
        ("uv", "/"),
        ("uv", "/app/backend"),
        ("npm", "/app/frontend"),
    }
