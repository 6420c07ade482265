import json
from io import StringIO

import pytest

from refctl.cli.render import render
from refctl.core.console import Console
from refctl.core.result import Result, Table

RESULT = Result(
    data={"n": 1},
    table=Table(("suite", "result"), (("cli", "passed"), ("backend", "failed"))),
    lines=("the end",),
)


def rendered(result: Result, *, as_json: bool = False) -> str:
    out = StringIO()
    render(result, Console(out=out), "test", json=as_json)
    return out.getvalue()


def test_piped_output_is_plain_and_aligned() -> None:
    assert rendered(RESULT) == "suite    result\ncli      passed\nbackend  failed\nthe end\n"


def test_a_terminal_gets_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b[" in rendered(RESULT)


def test_json_is_the_envelope() -> None:
    assert json.loads(rendered(RESULT, as_json=True)) == {
        "schema": 1,
        "ok": True,
        "command": "test",
        "data": {"n": 1},
        "errors": [],
    }


def test_what_is_already_printed_is_not_printed_again() -> None:
    assert rendered(Result(printed=True)) == ""
