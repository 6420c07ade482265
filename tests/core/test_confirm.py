import sys
from io import StringIO

import pytest

from refctl.core.confirm import confirm
from refctl.core.console import Console
from refctl.core.errors import UsageError


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def asked(monkeypatch: pytest.MonkeyPatch, answer: str, *, yes: bool = False) -> tuple[str, str]:
    """Return what was told and what was asked."""
    err = StringIO()
    questions = []

    def reply(question: str) -> str:
        questions.append(question)
        return answer

    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr("builtins.input", reply)
    confirm(Console(err=err), "all is lost", "Go on?", yes=yes)
    return err.getvalue(), "".join(questions)


@pytest.mark.parametrize("answer", ["y", "Y", " yes "])
def test_a_yes_goes_on(monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    assert asked(monkeypatch, answer) == ("all is lost.\n", "Go on? [y/N] ")


def test_a_yes_beforehand_asks_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert asked(monkeypatch, "n", yes=True) == ("", "")


@pytest.mark.parametrize("answer", ["", "n", "yeah"])
def test_anything_else_changes_nothing(monkeypatch: pytest.MonkeyPatch, answer: str) -> None:
    with pytest.raises(UsageError) as caught:
        asked(monkeypatch, answer)
    assert caught.value.message == "nothing was changed"


def test_where_nobody_can_be_asked_the_option_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", StringIO("y\n"))
    with pytest.raises(UsageError) as caught:
        confirm(Console(), "all is lost", "Go on?", yes=False)
    assert caught.value.message == "all is lost, and nobody can be asked"
    assert caught.value.hint == "add --yes"
