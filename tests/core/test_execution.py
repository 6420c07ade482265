"""The executor with programs that are made up: what is asked of them, journaled and told."""

import errno
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from io import StringIO
from pathlib import Path

import pytest

from refctl.core.console import Console
from refctl.core.errors import InterruptedRunError, LockedError, RefctlError, StepFailedError
from refctl.core.executor import TAIL, PrintingExecutor, RealExecutor, hint_for, hint_for_os
from refctl.core.journal import Journal
from refctl.core.plan import Plan, Remove, Rename, Run, Step, WriteFile
from refctl.core.redact import Redactor

Program = Callable[[Callable[[str], None]], int]


class Programs:
    """Runs functions in the place of programs, by their names."""

    def __init__(self, **programs: Program) -> None:
        self.programs = programs
        self.ran: list[Run] = []
        self.stopped = threading.Event()

    def run(self, action: Run, on_line: Callable[[str], None]) -> int:
        self.ran.append(action)
        return self.programs[action.argv[0]](on_line)

    def stop_all(self) -> None:
        self.stopped.set()


class Stage:
    """A run in a folder, and everything that it left behind."""

    def __init__(self, folder: Path, *, verbose: bool = False, **programs: Program) -> None:
        self.folder = folder
        self.programs = Programs(**programs)
        self.err = StringIO()
        self.console = Console(
            err=self.err, verbose=verbose, quiet=True, redactor=Redactor(("canary-123",))
        )
        self.journal = Journal(folder / "journal.jsonl")
        self.events: list[tuple[str, str]] = []

    def execute(self, *steps: Step, skip: Sequence[str] = ()) -> None:
        RealExecutor(
            self.programs,
            self.console,
            lambda: self.journal,
            skip=frozenset(skip),
            on_event=lambda step, status: self.events.append((step.id, status)),
        ).execute(Plan("p", steps))

    def written(self) -> list[tuple[object, ...]]:
        """Return the journal's events, less their moments."""
        return [
            tuple(value for name, value in event.items() if name != "at")
            for event in self.journal.events()
        ]


def program(name: str, folder: Path) -> Run:
    return Run((name, "argument"), folder, {"A": "1"})


def test_a_good_run_is_journaled_and_told_from_its_start_to_its_end(tmp_path: Path) -> None:
    stage = Stage(tmp_path, good=lambda _say: 0)
    steps = (
        Step("a", "A", (program("good", tmp_path),)),
        Step("b", "B", (), needs=("a",)),
        Step("c", "C", (), needs=("b",)),
    )
    stage.execute(*steps, skip=["c", "other"])
    assert stage.programs.ran == [program("good", tmp_path)]
    assert stage.written() == [
        ("run-started", Plan("p", steps).as_json(), ["c", "other"]),
        ("step-started", "a"),
        ("step-done", "a"),
        ("step-started", "b"),
        ("step-done", "b"),
        ("run-done",),
    ]
    assert stage.events == [("a", "started"), ("a", "done"), ("b", "started"), ("b", "done")]
    assert not stage.programs.stopped.is_set()


def test_where_all_is_done_there_is_no_journal(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    stage.execute(Step("a", "A", ()), skip=["a"])
    assert not stage.journal.path.exists()


def test_nobody_has_to_listen(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    executor = RealExecutor(Programs(), Console(quiet=True), lambda: journal)
    executor.execute(Plan("p", (Step("a", "A", ()),)))
    assert journal.done() == {"a"}


def test_a_failure_has_the_last_lines_without_secrets_and_the_steps_hint(tmp_path: Path) -> None:
    def bad(say: Callable[[str], None]) -> int:
        for number in range(TAIL + 5):
            say(f"{number} canary-123")
        return 7

    stage = Stage(tmp_path, bad=bad)
    with pytest.raises(StepFailedError) as caught:
        stage.execute(
            Step("a", "Do it", (program("bad", tmp_path),), hint="do it yourself"),
            Step("b", "B", (), needs=("a",)),
        )
    assert caught.value.message == "Do it: bad ended with exit code 7"
    assert caught.value.hint == "do it yourself"
    assert caught.value.detail == tuple(f"{n} [REDACTED]" for n in range(5, TAIL + 5))
    assert stage.programs.stopped.is_set()
    assert stage.written()[1:] == [
        ("step-started", "a"),
        ("step-failed", "a", "Do it: bad ended with exit code 7"),
        ("run-failed", "Do it: bad ended with exit code 7"),
    ]
    assert stage.events == [("a", "started"), ("a", "failed")]


def test_once_a_step_has_failed_none_begins(tmp_path: Path) -> None:
    stage = Stage(tmp_path, bad=lambda _say: 1, slow=lambda _say: 0)
    stage.programs.programs["slow"] = lambda _say: int(not stage.programs.stopped.wait(10))
    with pytest.raises(StepFailedError, match=r"^Bad: "):
        stage.execute(
            Step("slow", "Slow", (program("slow", tmp_path),)),
            Step("bad", "Bad", (program("bad", tmp_path),)),
            Step("after", "After", (), needs=("slow",)),
        )
    assert stage.journal.done() == {"slow"}
    assert ("after", "started") not in stage.events


def test_the_first_failure_is_the_one_that_is_told(tmp_path: Path) -> None:
    stage = Stage(tmp_path, bad=lambda _say: 1)
    stage.programs.programs["worse"] = lambda _say: 2 if stage.programs.stopped.wait(10) else 3
    with pytest.raises(StepFailedError, match=r"exit code 1$"):
        stage.execute(
            Step("worse", "Worse", (program("worse", tmp_path),)),
            Step("bad", "Bad", (program("bad", tmp_path),)),
        )


def test_a_network_that_refuses_is_a_hint_of_its_own(tmp_path: Path) -> None:
    def refused(say: Callable[[str], None]) -> int:
        say("trying")
        say("connect: Connection refused")
        return 1

    for fetches, hint in ((True, "the package registry could not"), (False, "do it yourself")):
        stage = Stage(tmp_path, refused=refused)
        step = Step(
            "a", "A", (program("refused", tmp_path),), hint="do it yourself", fetches=fetches
        )
        with pytest.raises(StepFailedError) as caught:
            stage.execute(step)
        assert caught.value.hint.startswith(hint)


def test_a_journal_that_cannot_be_written_hides_no_failure(tmp_path: Path) -> None:
    stage = Stage(tmp_path)
    write = stage.journal.write

    def full(event: str, **fields: object) -> None:
        if event.endswith("failed"):
            raise OSError(errno.ENOSPC, "No space left on device")
        write(event, **fields)

    stage.journal.write = full  # type: ignore[method-assign]
    stage.programs.programs["bad"] = lambda _say: 1
    with pytest.raises(StepFailedError, match="exit code 1"):
        stage.execute(Step("a", "A", (program("bad", tmp_path),)))
    assert stage.events == [("a", "started"), ("a", "failed")]


def test_verbose_shows_each_action_and_each_line(tmp_path: Path) -> None:
    def loud(say: Callable[[str], None]) -> int:
        say("words canary-123")
        return 0

    stage = Stage(tmp_path, verbose=True, loud=loud)
    stage.execute(Step("a", "A", (program("loud", tmp_path), Remove(tmp_path / "x"))))
    assert stage.err.getvalue().splitlines() == [
        f"    A=1 loud argument  (in {tmp_path})",
        "    words [REDACTED]",
        f"    remove {tmp_path / 'x'}",
    ]


def test_ctrl_c_stops_what_runs_and_says_how_to_go_on(tmp_path: Path) -> None:
    running, sent, ended = threading.Event(), threading.Event(), threading.Event()

    def interrupt(_number: int, _frame: object) -> None:
        if running.is_set():  # else it would stop the tests
            raise KeyboardInterrupt

    def interrupted(_say: Callable[[str], None]) -> int:
        os.kill(os.getpid(), signal.SIGINT)
        sent.set()
        stopped = stage.programs.stopped.wait(10)
        time.sleep(0.05)
        ended.set()
        return int(not stopped)

    stage = Stage(tmp_path, interrupted=interrupted)
    before = signal.signal(signal.SIGINT, interrupt)
    running.set()
    try:
        with pytest.raises(InterruptedRunError) as caught:
            stage.execute(Step("a", "A", (program("interrupted", tmp_path),)))
        assert ended.is_set()
    finally:
        running.clear()
        sent.wait(timeout=10)
        signal.signal(signal.SIGINT, before)
    assert stage.programs.stopped.is_set()
    assert caught.value.message == "stopped before everything was ready"
    assert caught.value.hint == "run the same command again: it goes on from here"
    assert ("run-interrupted",) in stage.written()
    assert ("run-done",) not in stage.written()


def test_what_is_removed_is_gone_and_what_a_link_leads_to_stays(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    folder = tmp_path / "folder"
    for each in (kept, folder):
        each.mkdir()
        (each / "file").touch()
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to(kept)
    names = ("folder", "file", "link", "absent")
    Stage(tmp_path).execute(Step("a", "A", tuple(Remove(tmp_path / name) for name in names)))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["journal.jsonl", "kept"]
    assert (kept / "file").exists()


def test_a_folder_moves_into_place_of_the_old_one(tmp_path: Path) -> None:
    for name in ("fresh", "places/target"):
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / Path(name).name).touch()
    Stage(tmp_path).execute(
        Step("a", "A", (Rename(tmp_path / "fresh", tmp_path / "places" / "target"),)),
        Step(
            "b",
            "B",
            (Rename(tmp_path / "places" / "target", tmp_path / "new" / "er" / "target"),),
            needs=("a",),
        ),
    )
    assert [p.name for p in (tmp_path / "new" / "er" / "target").iterdir()] == ["fresh"]
    assert not (tmp_path / "fresh").exists()


def test_a_file_has_the_mode_it_is_written_with(tmp_path: Path) -> None:
    Stage(tmp_path).execute(
        Step(
            "a",
            "A",
            (
                WriteFile(tmp_path / "x", "text", mode=0o600),
                WriteFile(tmp_path / "y", "new", keep=True),
            ),
        )
    )
    assert (tmp_path / "x").read_text() == "text"
    assert (tmp_path / "x").stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "y").read_text() == "new"


DISK = "the disk is full: free some space, then run the same command again"
NETWORK = "the package registry could not be reached: check the network or proxy, then run again"
OWNER = "this user may not write there: check who owns the checkout"


@pytest.mark.parametrize("words", ["x\nNo space left on Device", "npm error ENOSPC"])
def test_a_full_disk_has_its_hint_whoever_tells(words: str) -> None:
    assert hint_for(words) == DISK


@pytest.mark.parametrize("words", ["DNS error", "EAI_AGAIN", "x Failed to fetch y", "ETIMEDOUT"])
def test_a_network_has_its_hint_where_something_is_fetched(words: str) -> None:
    assert hint_for(words, fetches=True) == NETWORK
    assert hint_for(words) == ""
    assert hint_for("nothing of the kind", fetches=True) == ""


@pytest.mark.parametrize(
    ("number", "hint"),
    [
        (errno.ENOSPC, DISK),
        (errno.EDQUOT, DISK),
        (errno.EACCES, OWNER),
        (errno.EPERM, OWNER),
        (errno.EROFS, OWNER),
        (errno.ENOENT, ""),
    ],
)
def test_errors_of_the_system_have_hints(number: int, hint: str) -> None:
    assert hint_for_os(OSError(number, "x")) == hint


@pytest.mark.parametrize(
    ("error", "message", "hint"),
    [
        (OSError(errno.EACCES, "Permission denied", "/x"), "A: Permission denied (/x)", OWNER),
        (OSError(errno.EIO, "Input/output error"), "A: Input/output error", "mine"),
        (OSError("odd"), "A: odd", "mine"),
        (ValueError("odd"), "A: ValueError('odd')", "mine"),
        (LockedError("held", hint="wait"), "held", "wait"),
    ],
)
def test_whatever_goes_wrong_in_a_step_is_told_with_its_title(
    tmp_path: Path, error: Exception, message: str, hint: str
) -> None:
    def fail(_say: Callable[[str], None]) -> int:
        raise error

    stage = Stage(tmp_path, fail=fail)
    with pytest.raises(RefctlError) as caught:
        stage.execute(Step("a", "A", (program("fail", tmp_path),), hint="mine"))
    assert (caught.value.message, caught.value.hint) == (message, hint)
    assert type(caught.value) is (LockedError if "held" in message else StepFailedError)


def test_what_would_be_done_is_gathered_from_all_plans() -> None:
    printing = PrintingExecutor()
    for name in ("a", "b"):
        printing.execute(Plan(name, (Step(name, name.upper(), ()),)))
    assert printing.lines == ["a: A", "b: B"]
