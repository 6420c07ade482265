"""Logging: everything goes through loguru, as text in development and as JSON lines elsewhere."""

import json
import logging
import sys
from typing import TYPE_CHECKING

from loguru import logger

from app.core.config import Settings

if TYPE_CHECKING:
    from loguru import Message, Record

SERVER_LOGGERS = ("uvicorn", "uvicorn.error", "uvicorn.access")


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

        logger.patch(restore_origin).opt(exception=record.exc_info).log(
            level, "{}", record.getMessage()
        )


def configure_logging(settings: Settings) -> None:
    """Make loguru the only way out."""
    level = "DEBUG" if settings.debug else "INFO"
    logger.remove()
    # diagnose prints the values of variables, passwords among them.
    if settings.environment == "development":
        logger.add(sys.stderr, level=level, backtrace=False, diagnose=False)
    else:
        logger.add(write_json_line, level=level, backtrace=False, diagnose=False)

    logging.root.handlers = [InterceptHandler()]
    logging.root.setLevel(level)
    for name in SERVER_LOGGERS:
        server_logger = logging.getLogger(name)
        server_logger.handlers.clear()
        server_logger.propagate = True
    # At DEBUG these print every statement step and every selector event.
    for name in ("aiosqlite", "asyncio"):
        logging.getLogger(name).setLevel(logging.INFO)


def write_json_line(message: "Message") -> None:
    """Write one log record as one line of JSON."""
    record = message.record
    line: dict[str, object] = {
        "timestamp": record["time"].isoformat(),
        "level": record["level"].name,
        "logger": record["name"],
        "message": record["message"],
    }
    if record["extra"]:
        line["extra"] = record["extra"]
    if record["exception"] is not None:
        line["exception"] = str(message).partition("\n")[2].rstrip()
    sys.stderr.write(json.dumps(line, default=str) + "\n")
