"""Owners and labels, from the files of `.github`."""

from __future__ import annotations

from pathlib import Path

import pytest

from refctl.core.errors import ConfigurationError
from refctl.govern import files

ROOT = Path(__file__).parents[2]


def test_owners_are_those_of_the_last_line_for_everything(tmp_path: Path) -> None:
    assert files.owners(tmp_path) is None
    (tmp_path / "CODEOWNERS").write_text("* @other\n")
    (tmp_path / ".github").mkdir()
    file = tmp_path / ".github" / "CODEOWNERS"
    file.write_text("# * @no\n* @old\n*  @alice @octo/ops x@example.com # why\n/docs @bob\n")
    assert files.owners(tmp_path) == ("alice", "octo/ops")
    file.write_text("/docs @bob\n")
    assert files.owners(tmp_path) == ()


def test_labels_are_those_that_forms_and_the_labeler_put_on(tmp_path: Path) -> None:
    assert files.labels(tmp_path) == ()
    forms = tmp_path / ".github" / "ISSUE_TEMPLATE"
    forms.mkdir(parents=True)
    (forms / "a.yml").write_text("name: A\nlabels: [bug, triage]\n")
    (forms / "b.yaml").write_text("name: B\nlabels: 'bug, idea'\n")
    (forms / "config.yml").write_text("blank_issues_enabled: false\n")
    (tmp_path / ".github" / "labeler.yml").write_text("cli:\n  - changed-files: []\n")
    assert files.labels(tmp_path) == ("bug", "triage", "idea", "cli")
    (forms / "a.yml").write_text("a: [")
    with pytest.raises(ConfigurationError, match=r"a\.yml: not YAML"):
        files.labels(tmp_path)


def test_this_repository_names_owners_and_every_label_has_a_colour() -> None:
    from refctl.core.config import load

    assert files.owners(ROOT)
    assert set(files.labels(ROOT)) == set(load(ROOT / "refctl.toml").github.labels)
