import json
import logging
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import pytest
from loguru import logger

from app.core.config import BACKEND_DIR, Settings
from app.core.context import RequestContext, current_request, identify
from app.core.logging import configure_logging, log_access
from tests.databases import make_settings

pytestmark = pytest.mark.usefixtures("restored_logging")

CANARY = "canary-of-the-logs-0123456789abcdef-0123456789"


@pytest.fixture
def read(capsys: pytest.CaptureFixture[str]) -> Callable[[], list[dict[str, Any]]]:
    """Return what was logged as JSON lines."""
    return lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]


@pytest.fixture
def request_context() -> Iterator[RequestContext]:
    context = RequestContext("request-1", trace_id="a" * 32, span_id="b" * 16)
    token = current_request.set(context)
    yield context
    current_request.reset(token)


def test_records_are_json_lines_outside_development(
    read: Callable[[], list[dict[str, Any]]],
) -> None:
    configure_logging(make_settings())

    logging.getLogger("somewhere").info("%s answered {braces} <red>", "GET /")
    logger.bind(user=7).info("Signed in")

    first, second = read()
    assert (first["logger"], first["level"]) == ("somewhere", "INFO")
    assert first["message"] == "GET / answered {braces} <red>"
    assert second["logger"] == __name__
    assert (second["message"], second["extra"]) == ("Signed in", {"user": 7})
    assert datetime.fromisoformat(second["timestamp"]).tzinfo is not None


def test_outside_of_a_request_a_line_claims_none(read: Callable[[], list[dict[str, Any]]]) -> None:
    configure_logging(make_settings())

    logger.info("Started")
    identify(7)

    (line,) = read()
    assert line.keys() == {"timestamp", "level", "logger", "message"}


@pytest.mark.usefixtures("request_context")
def test_a_line_says_which_request_trace_and_user_it_belongs_to(
    read: Callable[[], list[dict[str, Any]]],
) -> None:
    configure_logging(make_settings())

    logger.info("Before anybody is known")
    identify(7)
    logging.getLogger("somewhere").info("Now")

    first, second = read()
    assert first["user_id"] is None
    assert {name: second[name] for name in ("request_id", "trace_id", "span_id", "user_id")} == {
        "request_id": "request-1",
        "trace_id": "a" * 32,
        "span_id": "b" * 16,
        "user_id": 7,
    }


@pytest.mark.usefixtures("request_context")
def test_an_access_line_has_its_facts_as_fields(read: Callable[[], list[dict[str, Any]]]) -> None:
    configure_logging(make_settings())

    log_access("GET", "/api/v1/todos/{todo_id}", 404, 0.0123456, quiet=False)

    (line,) = read()
    del line["timestamp"]
    assert line == {
        "level": "INFO",
        "logger": "app.access",
        "message": "GET /api/v1/todos/{todo_id} 404",
        "method": "GET",
        "path": "/api/v1/todos/{todo_id}",
        "status": 404,
        "duration_ms": 12.35,
        "request_id": "request-1",
        "trace_id": "a" * 32,
        "span_id": "b" * 16,
        "user_id": None,
    }


@pytest.mark.parametrize(
    ("status", "quiet", "level"),
    [(200, False, "INFO"), (499, False, "INFO"), (200, True, "DEBUG"), (503, True, "WARNING")],
)
def test_failures_of_the_server_stand_out_and_probes_do_not(
    read: Callable[[], list[dict[str, Any]]], *, status: int, quiet: bool, level: str
) -> None:
    configure_logging(make_settings(debug=True))

    log_access("GET", "/", status, 0, quiet=quiet)

    assert [line["level"] for line in read()] == [level]


def test_a_foreign_record_under_the_name_of_the_access_log_is_written(
    read: Callable[[], list[dict[str, Any]]],
) -> None:
    configure_logging(make_settings())

    logging.getLogger("app.access").info("password=%s", "hunter2")

    (line,) = read()
    assert line["message"] == "password=[redacted]"


def test_an_exception_is_one_line_without_the_values_of_variables(
    read: Callable[[], list[dict[str, Any]]],
) -> None:
    configure_logging(make_settings())

    def fail(password: str) -> None:
        raise ValueError(len(password))

    try:
        fail("canary")
    except ValueError:
        logging.getLogger("app").exception("Failed")

    (line,) = read()
    assert "ValueError: 6" in line["exception"]
    assert "Traceback" in line["exception"]
    assert "'canary'" not in line["exception"].replace('fail("canary")', "")


@pytest.mark.parametrize("environment", ["test", "development"])
def test_a_secret_reaches_no_part_of_a_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, environment: str
) -> None:
    file = tmp_path / "app.log"
    configure_logging(
        make_settings(environment=environment, jwt_secret_key=CANARY, log_file=file, debug=True)
    )
    secret = CANARY  # a traceback shows the lines of the source

    logger.info("Key {}", secret)
    logging.getLogger("somewhere").warning("Key %s", secret)
    logger.bind(key=secret, headers={"Cookie": secret, "Host": [secret]}).info("Sent")
    try:
        try:
            dict[str, str]()[secret]
        except KeyError as error:
            raise RuntimeError(f"with {secret}") from error
    except RuntimeError:
        logger.exception("Failed with {}", secret)

    for written in (capsys.readouterr().err, file.read_text()):
        assert "canary-of" not in written
        assert written.count("[redacted]") == 8
        assert "RuntimeError" in written


def test_development_reads_like_prose(
    capsys: pytest.CaptureFixture[str], request_context: RequestContext
) -> None:
    request_context.request_id = "0123456789abcdef"
    configure_logging(make_settings(environment="development"))

    logging.getLogger("odd").log(25, "between {INFO} and <WARNING>")
    logger.bind(count=3, token="hunter2").info("Cleaned up")
    log_access("GET", "/api/v1/todos", 200, 0.0015, quiet=False)

    first, second, third = capsys.readouterr().err.splitlines()
    assert first.endswith(" Level 25 odd  between {INFO} and <WARNING> [01234567]")
    assert second.endswith(
        f" INFO     {__name__}  Cleaned up {{'count': 3, 'token': '[redacted]'}} [01234567]"
    )
    assert third.endswith(" INFO     app.access  GET /api/v1/todos 200 in 1.5 ms [01234567]")


def test_development_shows_a_traceback_over_lines(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(make_settings(environment="development"))

    try:
        int("token=hunter2")
    except ValueError:
        logger.exception("Failed")

    lines = capsys.readouterr().err.splitlines()
    assert lines[0].endswith("  Failed")
    assert lines[1] == "Traceback (most recent call last):"
    assert lines[-1].startswith("ValueError: invalid literal")
    assert lines[-1].endswith("token=[redacted]'")


@pytest.mark.parametrize(
    ("changes", "written"),
    [
        ({}, ["INFO", "WARNING", "ERROR"]),
        ({"debug": True}, ["DEBUG", "INFO", "WARNING", "ERROR"]),
        ({"debug": True, "log_level": "INFO"}, ["INFO", "WARNING", "ERROR"]),
        ({"log_level": "warning"}, ["WARNING", "ERROR"]),
        ({"log_level": "Error"}, ["ERROR"]),
        ({"log_level": ""}, ["INFO", "WARNING", "ERROR"]),
    ],
)
def test_the_level_decides_what_is_written(
    read: Callable[[], list[dict[str, Any]]], changes: dict[str, Any], written: list[str]
) -> None:
    configure_logging(make_settings(**changes))

    for level in ("DEBUG", "INFO", "WARNING", "ERROR"):
        logger.log(level, "by loguru")
        logging.getLogger("app").log(logging.getLevelNamesMapping()[level], "by logging")

    assert [line["level"] for line in read()] == [level for level in written for _ in range(2)]


def test_the_level_may_come_in_lower_case_from_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LOG_LEVEL", "warning")

    assert Settings(_env_file=None).log_level == "WARNING"


def test_libraries_that_print_every_step_do_not_even_when_debugging(
    read: Callable[[], list[dict[str, Any]]],
) -> None:
    configure_logging(make_settings(debug=True))

    for name in ("aiosqlite", "asyncio", "urllib3.connectionpool"):
        logging.getLogger(name).debug("A step")
        logging.getLogger(name).warning("A surprise")

    assert [line["message"] for line in read()] == ["A surprise"] * 3


def test_the_servers_own_access_lines_are_not_even_formatted(
    read: Callable[[], list[dict[str, Any]]],
) -> None:
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).addHandler(logging.StreamHandler(sys.stderr))
    configure_logging(make_settings())

    logging.getLogger("uvicorn.error").info("Started")

    assert [line["logger"] for line in read()] == ["uvicorn.error"]
    assert not logging.getLogger("uvicorn.access").hasHandlers()


def test_arguments_that_do_not_fit_their_message_break_nothing(
    read: Callable[[], list[dict[str, Any]]],
) -> None:
    configure_logging(make_settings())

    logging.getLogger("somewhere").info("%d todos", "no")

    (line,) = read()
    assert line["logger"] == "somewhere"
    assert line["message"].startswith("%d todos")


@pytest.mark.usefixtures("capfd")
def test_any_text_can_be_written(tmp_path: Path) -> None:
    file = tmp_path / "app.log"
    configure_logging(make_settings(log_file=file))

    logger.bind(ratio=float("nan")).info("été ✓ \ud800\n{}", "\x00")

    (line,) = file.read_text(encoding="utf-8").splitlines()
    assert json.loads(line, parse_constant=pytest.fail)["message"] == "été ✓ \ud800\n\x00"


def test_the_file_has_json_lines_even_in_development(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "logs" / "app.log"
    configure_logging(make_settings(environment="development", log_file=file))

    logger.bind(user=7).info("Signed in")

    line = json.loads(file.read_text(encoding="utf-8"))
    assert (line["message"], line["extra"]) == ("Signed in", {"user": 7})
    assert capsys.readouterr().err.endswith("Signed in {'user': 7}\n")


def test_the_file_is_begun_anew_and_old_ones_go(tmp_path: Path) -> None:
    week_old, month_old = tmp_path / "app.week.log", tmp_path / "app.month.log"
    for path, days in ((week_old, 7), (month_old, 30)):
        path.touch()
        os.utime(path, (time.time() - days * 86_400,) * 2)
    configure_logging(
        make_settings(log_file=tmp_path / "app.log", log_rotation="500 B", log_retention="10 days")
    )

    for number in range(20):
        logger.info("Line {}", number)

    assert not month_old.exists()
    files = sorted(tmp_path.iterdir(), key=lambda path: path.stat().st_mtime_ns)
    assert files[0] == week_old
    assert files[-1].name == "app.log"
    assert len(files) > 5
    assert all(path.stat().st_size <= 500 for path in files)
    messages = [
        json.loads(line)["message"] for path in files for line in path.read_text().splitlines()
    ]
    assert messages == [f"Line {number}" for number in range(20)]


def test_configuring_again_doubles_nothing(read: Callable[[], list[dict[str, Any]]]) -> None:
    configure_logging(make_settings())
    configure_logging(make_settings())

    logging.getLogger("somewhere").info("Once")
    logger.info("Once")

    assert len(read()) == 2


def log_elsewhere(settings: str, stderr: IO[str] | int) -> subprocess.CompletedProcess[str]:
    """Log a secret three times in a process of its own, with outputs that may be full."""
    code = f"""
from loguru import logger
from app.core.logging import configure_logging
from tests.databases import make_settings
configure_logging(make_settings(jwt_secret_key="{CANARY}"{settings}))
for number in range(3):
    logger.bind(key="{CANARY}").info("Key {{}} {{}}", number, "{CANARY}")
print("went on")
"""
    return subprocess.run(  # noqa: S603  # this interpreter, on a literal
        [sys.executable, "-c", code],
        cwd=BACKEND_DIR,
        stdout=subprocess.PIPE,
        stderr=stderr,
        text=True,
        check=False,
    )


def test_a_full_disk_loses_lines_and_says_so_once_without_what_they_held() -> None:
    said = log_elsewhere(', log_file="/dev/full"', subprocess.PIPE)

    assert said.stdout == "went on\n"
    assert "canary-of" not in said.stderr
    lines = [json.loads(line) for line in said.stderr.splitlines() if line.startswith("{")]
    # Whatever becomes of the file, the other output has them all.
    assert [line["message"] for line in lines if line["logger"] == "__main__"] == [
        f"Key {number} [redacted]" for number in range(3)
    ]
    (complaint,) = (line for line in lines if line["logger"] == "app.core.logging")
    assert complaint["level"] == "ERROR"
    assert complaint["message"].startswith("Lines are missing from /dev/full: ")
    assert "No space left" in complaint["message"]


def test_a_full_standard_error_stops_nothing() -> None:
    with Path("/dev/full").open("w") as full:
        assert log_elsewhere("", full).stdout == "went on\n"


def test_a_file_that_can_be_written_again_is(
    tmp_path: Path, read: Callable[[], list[dict[str, Any]]]
) -> None:
    folder = tmp_path / "logs"
    file = folder / "app.log"
    configure_logging(make_settings(log_file=file, log_rotation="100 B"))
    logger.info("One")
    shutil.rmtree(folder)
    folder.write_text("In the way")

    logger.info("Two")
    folder.unlink()
    logger.info("Three")

    assert [json.loads(line)["message"] for line in file.read_text().splitlines()] == ["Three"]
    assert [line["level"] for line in read()] == ["INFO", "ERROR", "INFO", "INFO"]


class Unprintable:
    def __str__(self) -> str:
        raise ValueError(CANARY)


def test_what_cannot_become_text_costs_its_line_and_no_more(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging(make_settings())

    logger.bind(key=CANARY, value=Unprintable()).info("Key {}", CANARY)
    logger.info("Next")

    written = capsys.readouterr().err
    assert "canary-of" not in written
    assert [json.loads(line)["message"] for line in written.splitlines()] == [
        "A line could not be written: ValueError",
        "Next",
    ]
