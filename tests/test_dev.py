"""`refctl dev` for real: the backend of a fresh checkout, its good days and its bad ones."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from refctl.core.lock import hold
from refctl.tools.alembic import current, heads
from tests.checkout import Dev, await_version, clean_environment, get, make_checkout


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_checkout(tmp_path_factory.mktemp("checkout"))


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken.getsockname()[1]


def secret_of(checkout: Path) -> str:
    return next(
        line.partition("=")[2]
        for line in (checkout / ".env").read_text().splitlines()
        if line.startswith("JWT_SECRET_KEY=")
    )


def refctl_dev(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "refctl", "dev", "--only", "backend", *arguments],
        cwd=checkout,
        capture_output=True,
        check=False,
        stdin=subprocess.DEVNULL,
        text=True,
        env=clean_environment(),
    )


def processes_of(checkout: Path) -> list[psutil.Process]:
    """Return what works in that folder; what belongs to others says nothing of itself."""
    folder = checkout.resolve()
    return [
        process
        for process in psutil.process_iter(["cwd"])
        if (cwd := process.info["cwd"]) is not None and Path(cwd).is_relative_to(folder)
    ]


def test_a_fresh_checkout_runs_restarts_on_an_edit_and_stops_without_leftovers(
    checkout: Path,
) -> None:
    with Dev(checkout) as dev:
        ready = dev.until("ready")
        assert (checkout / ".env").stat().st_mode & 0o777 == 0o600
        assert ready["docs"] == f"{ready['backend']}/docs"
        health = f"{ready['backend']}/api/v1/health"
        assert get(health)["status"] == "healthy"

        source = checkout / "app/backend/app/__init__.py"
        before = source.read_text()
        time.sleep(1)  # the watcher starts once all is ready
        source.write_text(before.replace('__version__ = "', '__version__ = "9'))
        dev.until("restarted")
        await_version(health, "9")

        main = checkout / "app/backend/app/main.py"
        whole = main.read_text()
        main.write_text(
            whole
            + "\nfrom contextlib import asynccontextmanager\n"
            + "@asynccontextmanager\nasync def fails(app):\n"
            + "    raise RuntimeError('a start that cannot be')\n    yield\n"
            + "app.router.lifespan_context = fails\n"
        )
        dev.until("log", line="This change does not start: what ran before it goes on.")
        assert get(health)["version"].startswith("9")
        main.write_text(whole)
        dev.until("restarted")

        source.write_text("def broken(:")
        dev.until("log", line="This change does not start: what ran before it goes on.")
        assert "SyntaxError: invalid syntax" in [event.get("line") for event in dev.seen]
        assert get(health)["version"].startswith("9")
        source.write_text(before)
        await_version(health, "0")
        assert dev.interrupt() == 130
        rest = dev.rest()
    assert not [event for event in rest if "Traceback" in str(event.get("line"))]
    assert [event for event in rest if "shutdown complete" in str(event.get("line"))]
    assert processes_of(checkout) == []
    with pytest.raises(OSError, match="refused"):
        get(health)
    for file in (checkout / ".refctl").rglob("*.jsonl"):
        assert secret_of(checkout) not in file.read_text()


def test_a_backend_that_is_killed_ends_an_unattended_run(checkout: Path) -> None:
    with Dev(checkout) as dev:
        dev.until("ready")
        (served, *_) = [
            process
            for process in processes_of(checkout / "app" / "backend")
            if process.ppid() != dev.process.pid
        ]
        served.kill()
        assert dev.until("error")["message"] == "the backend ended with exit code 137"
        assert dev.end() == 5
    assert processes_of(checkout) == []


def test_what_a_killed_run_left_behind_is_ended_by_the_next(checkout: Path) -> None:
    with Dev(checkout) as dev:
        first = dev.until("ready")
        dev.process.kill()
        dev.end()
        assert processes_of(checkout / "app" / "backend")
    with Dev(checkout, "--backend-port", first["backend"].rpartition(":")[2]) as dev:
        dev.until("ready")
    assert processes_of(checkout) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_whatever_asks_it_to_stop_nothing_is_left(checkout: Path, number: int) -> None:
    with Dev(checkout) as dev:
        dev.until("ready")
        dev.process.send_signal(number)
        assert dev.end() == 130
    assert processes_of(checkout) == []


def test_a_killed_leader_takes_its_children_along(checkout: Path) -> None:
    with Dev(checkout) as dev:
        dev.until("ready")
        record = json.loads((checkout / ".refctl/running/backend.json").read_text())
        os.kill(record["pid"], signal.SIGKILL)
        dev.until("error")
        assert dev.end() == 5
    assert processes_of(checkout) == []


def test_a_secret_that_the_backend_prints_is_masked_in_its_log_and_in_the_error(
    checkout: Path,
) -> None:
    main = checkout / "app/backend/app/main.py"
    whole = main.read_text()
    main.write_text(
        "from app.core.config import get_settings\n"
        "print('key:', get_settings().jwt_secret_key.get_secret_value())\nraise SystemExit(3)\n"
    )
    try:
        for arguments in ((), ("--json",)):
            said = refctl_dev(checkout, *arguments)
            assert said.returncode == 5
            assert "key: [REDACTED]" in said.stdout + said.stderr
            assert secret_of(checkout) not in said.stdout + said.stderr
    finally:
        main.write_text(whole)


def test_a_port_in_refctl_toml_is_pinned(checkout: Path, taken_port: int) -> None:
    (checkout / "refctl.toml").write_text(f"[dev]\nbackend_port = {taken_port}\n")
    try:
        with Dev(checkout) as dev:
            assert dev.until("error")["message"] == f"port {taken_port} for the backend is taken"
    finally:
        (checkout / "refctl.toml").write_text("")


def test_an_installation_waits_for_another_in_the_same_checkout(tmp_path: Path) -> None:
    fresh = make_checkout(tmp_path)
    with hold(fresh / ".refctl" / "locks", "setup", purpose="installing"), Dev(fresh) as dev:
        said = dev.until("notice")["message"]
        assert said.startswith(f"Waiting: refctl with process id {os.getpid()} is installing")
        assert not (fresh / ".env").exists()
        dev.interrupt()


def test_with_everything_ready_nothing_is_installed_again(checkout: Path) -> None:
    with Dev(checkout) as dev:
        dev.until("ready")
        assert not [event for event in dev.seen if event["event"] == "step"]
        assert dev.interrupt() == 130


def test_a_second_run_in_one_checkout_is_refused_and_another_checkout_moves_its_port(
    checkout: Path, tmp_path: Path
) -> None:
    with Dev(checkout) as first:
        one = first.until("ready")
        with Dev(checkout) as second:
            error = second.until("error")
            assert second.end() == error["exit_code"] == 7
            assert str(first.process.pid) in error["message"]
        with Dev(make_checkout(tmp_path)) as other:
            two = other.until("ready")
            assert two["backend"] != one["backend"]
            assert two["login"]["password"] != one["login"]["password"]


def test_a_pinned_port_that_is_taken_is_an_error(checkout: Path, taken_port: int) -> None:
    with Dev(checkout, "--backend-port", str(taken_port)) as dev:
        error = dev.until("error")
        assert error["message"] == f"port {taken_port} for the backend is taken"
        assert dev.end() == 5


def test_killed_in_the_middle_of_an_installation_the_next_run_repairs(checkout: Path) -> None:
    shutil.rmtree(checkout / ".refctl")
    shutil.rmtree(checkout / "app/backend/.venv")
    with Dev(checkout) as dev:
        dev.until("step", step="backend", status="started")
        site = checkout / "app/backend/.venv/lib"
        deadline = time.monotonic() + 30
        while not list(site.glob("*/site-packages/*.dist-info")):
            assert time.monotonic() < deadline
            time.sleep(0.002)
        os.killpg(dev.process.pid, signal.SIGKILL)
        dev.end()
    for process in processes_of(checkout):
        process.kill()
    # What a half-copied package looks like.
    for broken in site.glob("*/site-packages/fastapi/applications.py"):
        broken.unlink()
    with Dev(checkout) as dev:
        ready = dev.until("ready")
        assert get(f"{ready['backend']}/api/v1/health")["status"] == "healthy"


def test_ctrl_c_in_the_middle_of_an_installation_leaves_nothing_running(checkout: Path) -> None:
    shutil.rmtree(checkout / ".refctl")
    with Dev(checkout) as dev:
        dev.until("step", step="backend", status="started")
        assert dev.interrupt() == 130
    assert processes_of(checkout) == []
    with Dev(checkout) as dev:
        dev.until("ready")


def test_reset_needs_a_yes_and_starts_over(checkout: Path) -> None:
    database = checkout / "app/backend/app.db"
    assert database.exists()
    with Dev(checkout, "--reset") as dev:
        assert dev.end() == 2
    before = database.stat().st_ino
    with Dev(checkout, "--reset", "--yes") as dev:
        dev.until("ready")
        steps = {event["step"] for event in dev.seen if event["event"] == "step"}
        assert steps == {"reset", "migrate", "seed"}
    assert database.stat().st_ino != before


def test_a_new_migration_is_announced_while_running_and_done_by_the_next_run(
    checkout: Path,
) -> None:
    versions = checkout / "app/backend/alembic/versions"
    new = versions / "9999_new.py"
    (head,) = heads(versions)
    with Dev(checkout) as dev:
        dev.until("ready")
        time.sleep(1)  # the watcher starts once all is ready
        new.write_text(
            f'revision = "9999"\ndown_revision = "{head}"\n'
            "def upgrade(): pass\ndef downgrade(): pass\n"
        )
        assert "migration" in dev.until("notice")["message"]
    try:
        with Dev(checkout) as dev:
            dev.until("ready")
            assert {event["step"] for event in dev.seen if event["event"] == "step"} == {"migrate"}
            assert current(checkout / "app/backend/app.db") == {"9999"}
    finally:
        new.unlink()
        (checkout / "app/backend/app.db").unlink()


def test_a_failing_migration_shows_its_last_words(checkout: Path) -> None:
    bad = checkout / "app/backend/alembic/versions/9999_bad.py"
    (head,) = heads(bad.parent)
    bad.write_text(
        f'revision = "9999"\ndown_revision = "{head}"\n'
        "def upgrade(): raise RuntimeError('a migration that cannot be')\n"
    )
    try:
        with Dev(checkout) as dev:
            error = dev.until("error")
            assert dev.end() == error["exit_code"] == 5
            assert error["message"].startswith("Migrate the database")
            assert "a migration that cannot be" in "\n".join(error["detail"])
            assert "--reset" in error["hint"]
    finally:
        bad.unlink()
    with Dev(checkout) as dev:
        dev.until("ready")


def test_without_a_network_the_first_installation_says_so(tmp_path: Path) -> None:
    closed = "http://127.0.0.1:9"
    env = {
        "UV_CACHE_DIR": str(tmp_path / "empty-cache"),
        "UV_HTTP_RETRIES": "0",
        **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "https_proxy"), closed),
    }
    with Dev(make_checkout(tmp_path / "checkout"), env=env) as dev:
        error = dev.until("error")
        assert dev.end() == 5
        assert "network" in error["hint"]


@pytest.mark.skipif(
    os.geteuid() != 0 or not sys.platform.startswith("linux"),
    reason="a full disk is made by mounting a small one: run as root on Linux",
)
def test_a_full_disk_is_named(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(disk)], check=True)
    try:
        with Dev(make_checkout(disk)) as dev:
            error = dev.until("error")
            assert dev.end() == 5
            assert "disk is full" in error["hint"]
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_dry_run_touches_nothing(tmp_path: Path) -> None:
    fresh = make_checkout(tmp_path)
    before = sorted(fresh.rglob("*"))
    said = subprocess.run(
        [sys.executable, "-m", "refctl", "dev", "--only", "backend", "--dry-run", "--json"],
        cwd=fresh,
        capture_output=True,
        check=True,
        text=True,
    )
    plan = json.loads(said.stdout)["data"]["plan"]
    assert [step["id"] for step in plan["steps"]] == ["env", "backend", "migrate", "seed"]
    assert sorted(fresh.rglob("*")) == before
