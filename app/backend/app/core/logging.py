"""Logging: through loguru, as text in development and as JSON lines elsewhere."""

import logging
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from loguru import logger

from app.core.config import Settings
from app.core.log_format import (
    ACCESS_LOGGER,
    Access,
    encode_access,
    json_format,
    text_format,
)
from app.core.outputs import Output, rotated_file, standard_error
from app.core.redaction import Redactor, secrets_of

if TYPE_CHECKING:
    from loguru import Record

SERVER_LOGGERS = ("uvicorn", "uvicorn.error")
# At DEBUG these print every statement step, selector event and connection.
CHATTY_LOGGERS = ("aiosqlite", "asyncio", "urllib3")


class Level(NamedTuple):
    """One of loguru's levels."""

    name: str
    number: int


DEBUG, INFO, WARNING = Level("DEBUG", 10), Level("INFO", 20), Level("WARNING", 30)


def _name_access(record: "Record") -> None:
    record["name"] = ACCESS_LOGGER


_access_logger = logger.patch(_name_access)


class InterceptHandler(logging.Handler):
    """Hands records of the standard library to loguru."""

    def emit(self, record: logging.LogRecord) -> None:
        """Forward one record under the name of its logger."""
        try:
            level: str | int = logger.level(record.levelname).name
        except ValueError:
            level = record.levelno

        def restore_origin(entry: "Record") -> None:
            entry["name"] = record.name
            entry["function"] = record.funcName
            entry["line"] = record.lineno

        try:
            message = record.getMessage()
        except Exception:  # noqa: BLE001  # whatever an argument raises when it becomes text
            # A mistake in a line of the log must not fail what it tells of.
            message = f"{record.msg} (its arguments do not fit)"
        logger.patch(restore_origin).opt(exception=record.exc_info).log(level, "{}", message)


def configure_logging(settings: Settings) -> None:
    """Make loguru the only way out."""
    level = settings.log_level or ("DEBUG" if settings.debug else "INFO")
    redactor = Redactor(secrets_of(settings))
    as_json = json_format(redactor)
    readable = settings.environment == "development"

    def complain(error: Exception) -> None:
        logger.error("Lines are missing from {}: {}", settings.log_file, error)

    logger.remove()
    outputs: list[Output] = []
    if settings.log_file is not None:
        file = rotated_file(
            settings.log_file,
            rotation=settings.log_rotation,
            retention=settings.log_retention,
            complain=complain,
        )
        outputs.append(file)
        logger.add(
            file,
            level=level,
            format=as_json,
            # Its own complaint would have to wait for itself.
            filter=lambda record: record["name"] != __name__,
            backtrace=False,
            # The values of variables, passwords among them.
            diagnose=False,
        )
    stderr = standard_error()
    outputs.append(stderr)
    logger.add(
        stderr,
        level=level,
        format=text_format(redactor) if readable else as_json,
        colorize=sys.stderr.isatty(),
        backtrace=False,
        diagnose=False,
    )

    global _write_access  # noqa: PLW0603  # there is one log, as there is one `logger`
    _write_access = (
        _write_through_loguru
        if readable
        else partial(_write_past_loguru, outputs, logger.level(level).no)
    )

    logging.root.handlers = [InterceptHandler()]
    logging.root.setLevel(level)
    for name in SERVER_LOGGERS:
        server_logger = logging.getLogger(name)
        server_logger.handlers.clear()
        server_logger.propagate = True
    # Without a handler anywhere above it, uvicorn does not even format its access lines: ours
    # know the route, the duration and the request's id.
    access = logging.getLogger("uvicorn.access")
    access.handlers.clear()
    access.propagate = False
    for name in CHATTY_LOGGERS:
        logging.getLogger(name).setLevel(max(logging.INFO, logging.root.level))


def log_access(method: str, path: str, status: int, seconds: float, *, quiet: bool) -> None:
    """Write the one line that each request leaves."""
    expected = DEBUG if quiet else INFO
    level = expected if status < HTTPStatus.INTERNAL_SERVER_ERROR else WARNING
    _write_access(level, Access(method, path, status, round(seconds * 1000, 2)))


def _write_through_loguru(level: Level, access: Access) -> None:
    _access_logger.log(level.name, "{method} {path} {status}", **access._asdict())


def _write_past_loguru(
    outputs: Sequence[Output], threshold: int, level: Level, access: Access
) -> None:
    # Making a record of it would cost more than all else around a small request.
    if level.number >= threshold:
        line = encode_access(datetime.now(UTC), level.name, access) + "\n"
        for output in outputs:
            output.write(line)


# What writes the access log, as `configure_logging` chose.
_write_access: Callable[[Level, Access], None] = _write_through_loguru
