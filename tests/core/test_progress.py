import re
from io import StringIO

import pytest

from refctl.core.console import Console
from refctl.core.plan import Step
from refctl.core.progress import StepProgress

STEP = Step("a", "Do the thing", ())


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def shown(err: StringIO) -> str:
    with StepProgress(Console(err=err)) as show:
        show(STEP, "started")
        show(STEP, "done")
        show(STEP, "started")
        show(STEP, "failed")
    return err.getvalue()


def test_piped_progress_is_plain_lines() -> None:
    assert [line.split(" the ")[0] for line in shown(StringIO()).splitlines()] == [
        "  • Do",
        "  ✓ Do",
        "  • Do",
        "  ✗ Do",
    ]


def test_a_terminal_moves_and_keeps_what_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)
    said = shown(Terminal())
    assert "\x1b[?25l" in said  # the cursor is hidden while it moves
    plain = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", said)
    assert "✓ Do the thing" in plain
    assert "✗ Do the thing" in plain


def test_a_terminal_that_a_ci_offers_does_not_move(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    monkeypatch.setenv("NO_COLOR", "1")
    assert shown(Terminal()).startswith("  • Do the thing\n  ✓ Do the thing")


def test_piped_progress_has_marks_and_times(monkeypatch: pytest.MonkeyPatch) -> None:
    times = iter([10.0, 11.5, 20.0, 20.25])
    monkeypatch.setattr("refctl.core.progress.time.monotonic", lambda: next(times))
    assert shown(StringIO()).splitlines() == [
        "  • Do the thing",
        "  ✓ Do the thing 1.5 s",
        "  • Do the thing",
        "  ✗ Do the thing 0.2 s",
    ]


def test_colours_tell_good_from_bad(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("FORCE_COLOR", "1")
    times = iter([0.0, 1.0, 1.0, 2.0])
    monkeypatch.setattr("refctl.core.progress.time.monotonic", lambda: next(times))
    assert shown(StringIO()).splitlines() == [
        "  \x1b[2m•\x1b[0m Do the thing",
        "  \x1b[32m✓\x1b[0m Do the thing \x1b[2m1.0 s\x1b[0m",
        "  \x1b[2m•\x1b[0m Do the thing",
        "  \x1b[31m✗\x1b[0m Do the thing \x1b[2m1.0 s\x1b[0m",
    ]


@pytest.mark.parametrize("how", ["quiet", "verbose"])
def test_a_terminal_that_shows_less_or_more_does_not_move(
    monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.delenv("CI", raising=False)
    err = Terminal()
    with StepProgress(Console(err=err, quiet=how == "quiet", verbose=how == "verbose")) as show:
        show(STEP, "started")
        show(STEP, "done")
    assert "\x1b[?25l" not in err.getvalue()
