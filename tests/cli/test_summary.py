from pathlib import Path

import pytest

from refctl.cli.summary import summarise
from refctl.core.result import Table


def test_a_table_is_added_to_the_jobs_summary(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "summary.md"
    file.write_text("before\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(file))
    summarise("suites", Table(("suite", "coverage"), (("cli", "91.0 %"), ("a|b", ""))))
    assert file.read_text() == (
        "before\n### suites\n\n"
        "| suite | coverage |\n| --- | --- |\n| cli | 91.0 % |\n| a\\|b |  |\n\n"
    )


def test_outside_a_job_there_is_no_summary(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    summarise("suites", Table(("suite",), ()))
