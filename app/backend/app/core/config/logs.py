"""What is written down."""

import tempfile
from pathlib import Path
from typing import Literal

from pydantic import ValidationInfo, field_validator

from app.core.config.section import Section


class LogSettings(Section):
    """The log. Tracing is configured by OpenTelemetry's own variables (OTEL_…)."""

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] | None = None
    """The least that is logged: debug, info, warning or error; unset, DEBUG decides. The frontend
    takes it too."""
    log_file: Path | None = None
    """A file that the log goes to as well, as JSON lines."""
    log_rotation: str = "100 MB"
    """When the file is begun anew: a size, a time or an interval."""
    log_retention: str = "10 days"
    """How long old files are kept."""

    @field_validator("log_level", mode="before")
    @classmethod
    def _ignore_case(cls, value: object) -> object:
        return value.upper() or None if isinstance(value, str) else value

    @field_validator("log_rotation", "log_retention")
    @classmethod
    def _check_words(cls, value: str, info: ValidationInfo) -> str:
        # Only what differs from the default comes here.
        from loguru import logger

        is_rotation = info.field_name == "log_rotation"
        with tempfile.TemporaryDirectory() as folder:
            # Nothing is written: it reads the words at once, and opens the file at its first line.
            trial = logger.add(
                Path(folder) / "trial",
                delay=True,
                rotation=value if is_rotation else None,
                retention=None if is_rotation else value,
            )
            logger.remove(trial)
        return value
