import json
import logging
from collections.abc import Iterator

import pytest
from loguru import logger

from app.core.logging import configure_logging
from tests.databases import make_settings


@pytest.fixture(autouse=True)
def _restore() -> Iterator[None]:
    handlers, level = logging.root.handlers, logging.root.level
    yield
    logging.root.handlers, logging.root.level = handlers, level
    logger.remove()


def test_records_are_json_lines_outside_development(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(make_settings(environment="test"))

    logging.getLogger("uvicorn.access").info("%s answered {braces}", "GET /")
    logger.bind(user=7).info("Signed in")

    first, second = map(json.loads, capsys.readouterr().err.splitlines())
    assert (first["logger"], first["level"]) == ("uvicorn.access", "INFO")
    assert first["message"] == "GET / answered {braces}"
    assert (second["message"], second["extra"]) == ("Signed in", {"user": 7})


def test_an_exception_is_one_line_without_the_values_of_variables(
    capsys: pytest.CaptureFixture[str],
) -> None:
    configure_logging(make_settings(environment="test"))

    def fail(password: str) -> None:
        raise ValueError(len(password))

    try:
        fail("canary")
    except ValueError:
        logging.getLogger("app").exception("Failed")

    (line,) = capsys.readouterr().err.splitlines()
    record = json.loads(line)
    assert "ValueError: 6" in record["exception"]
    assert "'canary'" not in record["exception"].replace('fail("canary")', "")


def test_development_reads_like_prose(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logging(make_settings(environment="development"))

    logging.getLogger("odd").log(25, "between INFO and WARNING")

    line = capsys.readouterr().err
    assert "odd:test_development_reads_like_prose:" in line
    assert line.endswith(" - between INFO and WARNING\n")


@pytest.mark.parametrize(("debug", "lines"), [(True, 1), (False, 0)])
def test_debug_decides_the_level(
    capsys: pytest.CaptureFixture[str], *, debug: bool, lines: int
) -> None:
    configure_logging(make_settings(debug=debug))

    logging.getLogger("app").debug("Details")

    assert len(capsys.readouterr().err.splitlines()) == lines
