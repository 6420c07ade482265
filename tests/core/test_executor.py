import sys
import threading
import time
from pathlib import Path

import pytest

from refctl.core.console import Console
from refctl.core.errors import StepFailedError
from refctl.core.executor import PrintingExecutor, RealExecutor, RecordingExecutor, hint_for
from refctl.core.journal import Journal
from refctl.core.plan import Call, Plan, Remove, Rename, Run, Step, WriteFile
from refctl.core.redact import Secret
from refctl.tools.proc import Process, Processes, started_at


def execute(folder: Path, *steps: Step) -> Journal:
    journal = Journal(folder / "journal.jsonl")
    RealExecutor(Processes(), Console(quiet=True), lambda: journal).execute(Plan("p", steps))
    return journal


def python(code: str, folder: Path) -> Run:
    return Run((sys.executable, "-c", code), folder)


def test_actions_are_done_in_order_and_journaled(tmp_path: Path) -> None:
    journal = execute(
        tmp_path,
        Step(
            "a",
            "A",
            (
                WriteFile(tmp_path / "new" / "file", Secret("canary-123"), mode=0o600),
                Rename(tmp_path / "new", tmp_path / "target"),
            ),
        ),
        Step("b", "B", (Remove(tmp_path / "target"),), needs=("a",)),
    )
    assert not (tmp_path / "target").exists()
    assert journal.done() == {"a", "b"}
    assert "canary-123" not in journal.path.read_text()


def test_a_resumed_run_does_only_what_is_left(tmp_path: Path) -> None:
    steps = (
        Step("a", "A", (WriteFile(tmp_path / "a", ""),)),
        Step("b", "B", (WriteFile(tmp_path / "b", ""),), needs=("a",)),
    )
    journal = Journal(tmp_path / "journal.jsonl")
    journal.write("step-started", step="a")
    journal.write("step-done", step="a")
    journal.write("step-started", step="b")
    executor = RealExecutor(Processes(), Console(quiet=True), lambda: journal, skip=journal.done())
    executor.execute(Plan("p", steps))
    assert not (tmp_path / "a").exists()
    assert (tmp_path / "b").exists()
    assert journal.unfinished() == frozenset()


def test_a_call_is_made_of_the_service_and_its_body_is_in_no_journal(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "journal.jsonl")
    made: list[Call] = []
    call = Call("PUT", "/there", {"sealed": "canary-123"})
    executor = RealExecutor(Processes(), Console(quiet=True), lambda: journal, on_call=made.append)
    executor.execute(Plan("p", (Step("a", "A", (call,)),)))
    assert made == [call]
    assert "PUT /there" in journal.path.read_text()
    assert "canary-123" not in journal.path.read_text()


def test_without_a_service_a_call_fails(tmp_path: Path) -> None:
    with pytest.raises(StepFailedError, match=r"^A: no service to ask$"):
        execute(tmp_path, Step("a", "A", (Call("GET", "/there"),)))


def test_printing_and_recording_do_nothing(tmp_path: Path) -> None:
    plan = Plan("p", (Step("a", "A", (WriteFile(tmp_path / "a", ""),)),))
    printing = PrintingExecutor()
    printing.execute(plan)
    recording = RecordingExecutor()
    recording.execute(plan)
    assert printing.lines == ["a: A", f"    write {tmp_path / 'a'}"]
    assert recording.plans == [plan]
    assert not (tmp_path / "a").exists()


def test_a_kept_file_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("mine")
    execute(tmp_path, Step("a", "A", (WriteFile(tmp_path / ".env", "theirs", keep=True),)))
    assert (tmp_path / ".env").read_text() == "mine"


def test_independent_steps_run_at_once(tmp_path: Path) -> None:
    # Each waits for the other's file: one after another would never end.
    code = (
        "import pathlib, sys, time\n"
        "pathlib.Path(sys.argv[1]).touch()\n"
        "end = time.monotonic() + 20\n"
        "while not pathlib.Path(sys.argv[2]).exists():\n"
        "    assert time.monotonic() < end\n"
        "    time.sleep(0.01)\n"
    )
    one, two = str(tmp_path / "1"), str(tmp_path / "2")
    execute(
        tmp_path,
        Step("a", "A", (Run((sys.executable, "-c", code, one, two), tmp_path),)),
        Step("b", "B", (Run((sys.executable, "-c", code, two, one), tmp_path),)),
    )


def test_a_failure_shows_last_lines_stops_the_rest_and_is_journaled(tmp_path: Path) -> None:
    started = time.monotonic()
    with pytest.raises(StepFailedError, match="exit code 7") as caught:
        execute(
            tmp_path,
            Step("slow", "Slow", (python("import time; time.sleep(60)", tmp_path),)),
            Step("bad", "Bad", (python("print('last words'); raise SystemExit(7)", tmp_path),)),
            Step("after", "After", (WriteFile(tmp_path / "after", ""),), needs=("bad",)),
        )
    assert time.monotonic() - started < 30
    assert caught.value.detail == ("last words",)
    assert not (tmp_path / "after").exists()
    assert "bad" in Journal(tmp_path / "journal.jsonl").unfinished()


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        ("OSError: [Errno 28] No space left on device", "disk is full"),
        ("error: Failed to fetch: dns error", "check the network"),
        ("SyntaxError", ""),
    ],
)
def test_known_last_words_get_a_hint(words: str, hint: str) -> None:
    assert hint in hint_for(words, fetches=True)
    if "network" in hint:
        assert hint_for(words) == ""  # somebody else refused: a database, say


def test_a_program_that_will_not_end_is_killed(tmp_path: Path) -> None:
    deaf = "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    process = Process(
        (sys.executable, "-c", deaf + "print('deaf', flush=True)\ntime.sleep(60)"),
        cwd=tmp_path,
        on_line=lambda _line: heard.set(),
    )
    heard = threading.Event()
    assert heard.wait(timeout=20)
    process.stop(grace=0.2)
    assert process.poll() == -9


def test_stopping_ends_grandchildren_too(tmp_path: Path) -> None:
    processes = Processes()
    pid_file = tmp_path / "pid"
    code = (
        "import subprocess, sys, pathlib\n"
        "p = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        f"pathlib.Path({str(pid_file)!r}).write_text(str(p.pid))\n"
        "p.wait()\n"
    )
    thread = threading.Thread(
        target=processes.run, args=(python(code, tmp_path), lambda _line: None)
    )
    thread.start()
    while not (pid_file.exists() and pid_file.read_text()):
        time.sleep(0.01)
    processes.stop_all()
    thread.join(timeout=10)
    assert started_at(int(pid_file.read_text())) is None
