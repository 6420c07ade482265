"""Values come by a pipe, a file or a prompt; on the command line they are refused, unrepeated."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

import pytest

from refctl.core.errors import ConfigurationError, UsageError
from refctl.core.redact import REDACTOR
from refctl.secrets.intake import check_name, read_value

if TYPE_CHECKING:
    from pathlib import Path

CANARY = "canary-Qm7xRk29ZtVn4LpYc8WsHd3Jf6Gb1Ea5"


@pytest.mark.parametrize(
    ("name", "extra"),
    [
        (f"TOKEN={CANARY}", None),
        ("TOKEN", [CANARY]),
        (f"{CANARY}={CANARY}", None),
        (CANARY, None),
    ],
)
def test_a_value_on_the_command_line_is_refused_and_not_repeated(
    name: str, extra: list[str] | None
) -> None:
    with pytest.raises(UsageError) as no:
        check_name(name, extra)
    assert CANARY not in str(no.value) + no.value.hint


@pytest.mark.parametrize("name", ["lower", "1ST", "WITH-DASH", "GITHUB_TOKEN", "", "ÄÖ"])
def test_names_are_those_that_everything_takes(name: str) -> None:
    with pytest.raises(UsageError, match="no name of a secret"):
        check_name(name, None)
    assert check_name("A_1", []) == "A_1"


@pytest.mark.parametrize(
    ("written", "value"),
    [(CANARY, CANARY), (f"{CANARY}\n", CANARY), (f"{CANARY}\r\n", CANARY), ("a\nb\n\n", "a\nb\n")],
)
def test_one_newline_at_the_end_is_the_file_s(tmp_path: Path, written: str, value: str) -> None:
    file = tmp_path / "value"
    file.write_bytes(written.encode())
    assert read_value("X", file).reveal() == value
    assert "canary" not in REDACTOR(CANARY)


@pytest.mark.parametrize("written", [b"", b"\n", b"a\0b"])
def test_nothing_is_no_value(tmp_path: Path, written: bytes) -> None:
    file = tmp_path / "value"
    file.write_bytes(written)
    with pytest.raises(UsageError, match="no value for X"):
        read_value("X", file)


def test_what_cannot_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigurationError, match="No such file"):
        read_value("X", tmp_path / "none")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xff\xfe")))
    with pytest.raises(ConfigurationError, match="is not UTF-8"):
        read_value("X", None)
