from pathlib import Path

import pytest

from scripts import openapi


def test_the_committed_document_is_up_to_date() -> None:
    assert openapi.main(["--check"]) == 0


def test_check_notices_drift(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "openapi.json"

    assert openapi.main(["--check"], path) == 1
    assert openapi.main([], path) == 0
    assert openapi.main(["--check"], path) == 0
    path.write_text(path.read_text() + " ")
    assert openapi.main(["--check"], path) == 1
    assert "out of date" in capsys.readouterr().err


def test_the_document_does_not_depend_on_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("APP_NAME", "Something else")

    assert "Something else" not in openapi.render()
