"""The lines of the log: JSON for machines, and text for a person."""

import json
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from pydantic_core import to_json

from app.core.context import current_request
from app.core.redaction import Redactor

if TYPE_CHECKING:
    from loguru import FormatFunction, Record

ACCESS_LOGGER = "app.access"
TEXT = "_text"

encode = json.JSONEncoder(ensure_ascii=False).encode


class Access(NamedTuple):
    """What the access log says of a request."""

    method: str
    path: str
    status: int
    duration_ms: float


def encode_access(time: datetime, level: str, access: Access) -> str:
    """Return the line of a request, in which a client wrote nothing but, perhaps, the id."""
    line = {
        **_head(time, level, ACCESS_LOGGER),
        "message": f"{access.method} {access.path} {access.status}",
        **access._asdict(),
        **_request_facts(),
    }
    # Faster than the standard library's, which other lines need for half a surrogate pair.
    return to_json(line).decode()


def json_format(redactor: Redactor) -> "FormatFunction":
    """Return a formatter that writes a record as one line of JSON."""

    def render(record: "Record") -> str:
        extra = _extra(record)
        if _is_access(record):
            return encode_access(
                record["time"].astimezone(UTC), record["level"].name, Access(**extra)
            )
        line = {
            **_head(record["time"].astimezone(UTC), record["level"].name, record["name"]),
            "message": redactor.text(record["message"]),
            **_request_facts(),
        }
        if extra:
            line["extra"] = redactor.value(extra)
        if record["exception"] is not None:
            line["exception"] = redactor.text(_format_exception(record))
        return encode(line)

    return _formatter(render, f"{{extra[{TEXT}]}}\n")


def _head(time: datetime, level: str, name: str | None) -> dict[str, object]:
    return {"timestamp": time.isoformat(), "level": level, "logger": name}


def _request_facts() -> dict[str, object]:
    if (request := current_request.get()) is None:
        return {}
    return {
        "request_id": request.request_id,
        "trace_id": request.trace_id,
        "span_id": request.span_id,
        "user_id": request.user_id,
    }


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
    return record["name"] == ACCESS_LOGGER and _extra(record).keys() == set(Access._fields)


def _format_exception(record: "Record") -> str:
    assert record["exception"] is not None
    return "".join(traceback.format_exception(*record["exception"])).rstrip()
