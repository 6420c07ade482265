"""Errors a person can act on. Each class owns its exit code (documented in docs/architecture)."""

from __future__ import annotations

TYPE_CHECKING = False  # importing typing takes too long: see core/record
if TYPE_CHECKING:
    from typing import Any


class RefctlError(Exception):
    """A failure with its cause in `message` and what to type next in `hint`."""

    exit_code = 1

    def __init__(self, message: str, *, hint: str = "", detail: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.detail = detail
        """The failing tool's own last lines."""
        self.told = False
        """A stream of events has already ended with it."""
        self.command = ""
        """The command that failed."""

    def as_json(self) -> dict[str, Any]:
        """Return the error for `--json`."""
        return {
            "message": self.message,
            "hint": self.hint,
            "exit_code": self.exit_code,
            "detail": list(self.detail),
        }


class UsageError(RefctlError):
    """The command line does not make sense."""

    exit_code = 2


class ConfigurationError(RefctlError):
    """refctl.toml, .env or the checkout is not as it must be."""

    exit_code = 3


class MissingToolError(RefctlError):
    """An external tool is absent or too old and could not be had."""

    exit_code = 4


class StepFailedError(RefctlError):
    """A step of a plan failed."""

    exit_code = 5


class RemoteRefusedError(RefctlError):
    """Something at the other end of the network said no, or was not there."""

    exit_code = 6


class LockedError(RefctlError):
    """Somebody else is doing this now."""

    exit_code = 7


class InterruptedRunError(RefctlError):
    """The person at the keyboard (or the system) asked to stop."""

    exit_code = 130
