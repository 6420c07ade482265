"""Logging: everything goes through loguru, as text in development and as JSON lines elsewhere."""

import json
import logging
import sys
import traceback
from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from loguru import logger

from app.core.config import Settings
from app.core.context import current_request
from app.core.outputs import rotated_file, standard_error
from app.core.redaction import Redactor, secrets_of

if TYPE_CHECKING:
    from loguru import FormatFunction, Record

ACCESS_LOGGER = "app.access"
ACCESS_FIELDS = ("method", "path", "status", "duration_ms")
TEXT = "_text"

SERVER_LOGGERS = ("uvicorn", "uvicorn.error")
# At DEBUG these print every statement step, selector event and connection.
CHATTY_LOGGERS = ("aiosqlite", "asyncio", "urllib3")


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
    if settings.log_file is not None:
        logger.add(
            rotated_file(
                settings.log_file,
                rotation=settings.log_rotation,
                retention=settings.log_retention,
                complain=complain,
            ),
            level=level,
            format=as_json,
            # Its own complaint would have to wait for itself.
            filter=lambda record: record["name"] != __name__,
            backtrace=False,
            # The values of variables, passwords among them.
            diagnose=False,
        )
    logger.add(
        standard_error(),
        level=level,
        format=text_format(redactor) if readable else as_json,
        colorize=sys.stderr.isatty(),
        backtrace=False,
        diagnose=False,
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
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        level = "WARNING"
    else:
        level = "DEBUG" if quiet else "INFO"
    _access_logger.bind(
        method=method, path=path, status=status, duration_ms=round(seconds * 1000, 2)
    ).log(level, "{} {} {}", method, path, status)


def json_format(redactor: Redactor) -> "FormatFunction":
    """Return a formatter that writes a record as one line of JSON."""

    def render(record: "Record") -> str:
        extra = _extra(record)
        line: dict[str, object] = {
            "timestamp": record["time"].isoformat(),
            "level": record["level"].name,
            "logger": record["name"],
        }
        if _is_access(record):
            # Nothing in it was written by a client.
            line["message"] = record["message"]
            line |= {name: extra.pop(name) for name in ACCESS_FIELDS}
        else:
            line["message"] = redactor.text(record["message"])
        if (request := current_request.get()) is not None:
            line["request_id"] = request.request_id
            line["trace_id"] = request.trace_id
            line["span_id"] = request.span_id
            line["user_id"] = request.user_id
        if extra:
            line["extra"] = redactor.value(extra)
        if record["exception"] is not None:
            line["exception"] = redactor.text(_format_exception(record))
        return json.dumps(line, ensure_ascii=False)

    return _formatter(render, f"{{extra[{TEXT}]}}\n")


def text_format(redactor: Redactor) -> "FormatFunction":
    """Return a formatter that writes a record for a person."""

    def render(record: "Record") -> str:
        extra = _extra(record)
        text = redactor.text(record["message"])
        if _is_access(record):
            text += f" in {extra['duration_ms']} ms"
        elif extra:
            text += f" {redactor.value(extra)}"
        if (request := current_request.get()) is not None:
            text += f" [{request.request_id[:8]}]"
        if record["exception"] is not None:
            text += "\n" + redactor.text(_format_exception(record))
        return text

    return _formatter(
        render,
        "<green>{time:HH:mm:ss.SSS}</green> <level>{level: <8}</level> "
        f"<cyan>{{name}}</cyan>  {{extra[{TEXT}]}}\n",
    )


def _formatter(render: Callable[["Record"], str], template: str) -> "FormatFunction":
    def format_record(record: "Record") -> str:
        try:
            text = render(record)
        except Exception as error:  # noqa: BLE001  # whatever a value raises when it becomes text
            # loguru would show the record as it is.
            record["message"] = f"A line could not be written: {type(error).__name__}"
            record["extra"].clear()
            record["exception"] = None
            text = render(record)
        # Not in the template itself: loguru would parse its braces and angle brackets.
        record["extra"][TEXT] = text
        return template

    return format_record


def _extra(record: "Record") -> dict[str, Any]:
    # All outputs share the record: another one's text may be in there.
    return {key: value for key, value in record["extra"].items() if key != TEXT}


def _is_access(record: "Record") -> bool:
    # Others may write under the same name.
    return record["name"] == ACCESS_LOGGER and record["extra"].keys() >= set(ACCESS_FIELDS)


def _format_exception(record: "Record") -> str:
    assert record["exception"] is not None
    return "".join(traceback.format_exception(*record["exception"])).rstrip()
