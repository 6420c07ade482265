import os
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

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


def test_a_journal_goes_into_a_new_folder_under_the_name_of_its_moment(tmp_path: Path) -> None:
    journal = Journal.begin(tmp_path / "a" / "b", "setup")
    name = re.fullmatch(r"setup-(\d{8}T\d{6}\.\d{6})Z-(\d+)\.jsonl", journal.path.name)
    assert name is not None
    begun = datetime.strptime(name[1], "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC)
    assert abs((datetime.now(UTC) - begun).total_seconds()) < 60
    assert int(name[2]) == os.getpid()


def test_events_keep_their_fields_and_order(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "x.jsonl")
    assert journal.events() == []
    journal.write("one", step="ä")
    with journal.path.open("ab") as file:
        file.write(b'{"event": "t\xff\n')  # torn in the middle of a letter
    journal.write("two", number=2)
    first, second = journal.events()
    at = datetime.fromisoformat(first.pop("at"))
    assert at.tzinfo is not None
    assert first == {"event": "one", "step": "ä"}
    assert (second["event"], second["number"]) == ("two", 2)
    assert "ä".encode() in journal.path.read_bytes()
    assert journal.path.stat().st_mode & 0o777 == 0o600


def test_every_event_is_on_the_disk_before_it_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[tuple[str, int]] = []
    close = os.close

    def closed(number: int) -> None:
        done.append(("closed", number))
        close(number)

    def synced(number: int) -> None:
        done.append(("synced", number))

    monkeypatch.setattr("refctl.core.journal.os.fsync", synced)
    monkeypatch.setattr("refctl.core.journal.os.close", closed)
    Journal(tmp_path / "x.jsonl").write("one")
    (first, file), (second, same) = done
    assert (first, second) == ("synced", "closed")
    assert file == same


def test_only_journals_of_the_same_name_go(tmp_path: Path) -> None:
    for _ in range(KEPT + 2):
        Journal.begin(tmp_path, "setup").write("x")
    Journal.begin(tmp_path, "other").write("x")
    assert len(list(tmp_path.glob("setup-*.jsonl"))) == KEPT
    assert len(list(tmp_path.glob("other-*.jsonl"))) == 1


def test_a_journal_that_somebody_else_has_just_removed_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(KEPT):
        Journal.begin(tmp_path, "setup").write("x")
    unlink = Path.unlink

    def twice(self: Path, *, missing_ok: bool = False) -> None:
        unlink(self)
        unlink(self, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", twice)
    Journal.begin(tmp_path, "setup").write("x")
    assert len(list(tmp_path.glob("*"))) == KEPT
