import json
import os
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from refctl.core.errors import LockedError
from refctl.core.lock import hold

HOLD = """
import sys, time
from pathlib import Path
from refctl.core.lock import hold
with hold(Path(sys.argv[1]), "x", purpose="testing"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_held_lock_names_its_owner_and_a_killed_owner_frees_it(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == "held\n"
        with (
            pytest.raises(LockedError, match=f"process id {owner.pid}"),
            hold(tmp_path, "x", purpose="testing"),
        ):
            pass
        owner.kill()
        owner.wait()
        with hold(tmp_path, "x", purpose="testing"):
            pass


def test_a_lock_says_who_holds_it_what_for_and_since_when(tmp_path: Path) -> None:
    with hold(tmp_path / "a" / "b", "x", purpose="testing"):
        owner = tmp_path / "a" / "b" / "x.owner.json"
        record = json.loads(owner.read_text())
        assert record.keys() == {"pid", "since", "purpose"}
        assert (record["pid"], record["purpose"]) == (os.getpid(), "testing")
        since = datetime.fromisoformat(record["since"])
        assert abs((datetime.now(UTC) - since).total_seconds()) < 60
        assert since.microsecond == 0
        heard: list[str] = []
        with (
            pytest.raises(LockedError) as caught,
            hold(tmp_path / "a" / "b", "x", purpose="more", wait=0.2, on_wait=heard.append),
        ):
            pass
        said = (
            f"refctl with process id {os.getpid()} is testing in this checkout"
            f" (since {record['since']})"
        )
        assert caught.value.message == f"more has to wait: {said}"
        assert caught.value.hint == "stop it with Ctrl-C in its terminal, or wait for it to end"
        assert heard == [f"Waiting: {said}."]
    assert not owner.exists()


def test_an_owner_that_has_not_signed_yet_is_somebody(tmp_path: Path) -> None:
    heard: list[str] = []
    with hold(tmp_path, "x", purpose="testing"):
        (tmp_path / "x.owner.json").unlink()
        with (
            pytest.raises(LockedError, match=r"^more has to wait: another refctl is at work"),
            hold(tmp_path, "x", purpose="more", on_wait=heard.append),
        ):
            pass
    assert heard == []  # it was not asked to wait


def test_whoever_waits_gets_the_lock_once_it_is_free(tmp_path: Path) -> None:
    held, go = threading.Event(), threading.Event()

    def first() -> None:
        with hold(tmp_path, "x", purpose="testing"):
            held.set()
            go.wait(timeout=10)

    thread = threading.Thread(target=first)
    thread.start()
    assert held.wait(timeout=10)
    with hold(tmp_path, "x", purpose="more", wait=10, on_wait=lambda _said: go.set()):
        assert json.loads((tmp_path / "x.owner.json").read_text())["purpose"] == "more"
    thread.join(timeout=10)
