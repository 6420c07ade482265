from pathlib import Path

from refctl.core.journal import KEPT, Journal


def test_a_kill_shows_as_a_step_that_began_and_did_not_end(tmp_path: Path) -> None:
    journal = Journal.begin(tmp_path, "setup")
    journal.write("step-started", step="a")
    journal.write("step-done", step="a")
    journal.write("step-started", step="b")
    with journal.path.open("a") as file:
        file.write('{"event": "step-do')  # the torn line of a kill
    assert journal.done() == {"a"}
    assert journal.unfinished() == {"b"}


def test_a_step_stays_unfinished_until_a_later_run_ends_it(tmp_path: Path) -> None:
    for events in (["step-started"], [], ["step-started", "step-failed"]):
        journal = Journal.begin(tmp_path, "setup")
        journal.write("run-started")
        for event in events:
            journal.write(event, step="b")
        assert Journal.unfinished_steps(tmp_path, "setup") == {"b"}
    last = Journal.begin(tmp_path, "setup")
    last.write("step-started", step="b")
    last.write("step-done", step="b")
    assert Journal.unfinished_steps(tmp_path, "setup") == frozenset()


def test_old_journals_go(tmp_path: Path) -> None:
    for _ in range(KEPT + 5):
        Journal.begin(tmp_path, "setup").write("x")
    assert len(list(tmp_path.glob("setup-*.jsonl"))) == KEPT
