"""Where a value comes from: a file, standard input, or a prompt. Never the command line."""

from __future__ import annotations

import getpass
import re
import sys
from typing import TYPE_CHECKING

from refctl.core.errors import ConfigurationError, UsageError
from refctl.core.redact import REDACTOR, Secret

if TYPE_CHECKING:
    from pathlib import Path

NAME = re.compile(r"[A-Z][A-Z0-9_]*")


def check_name(name: str, extra: list[str] | None) -> str:
    """Return a secret's name, and refuse a value beside it without repeating it.

    Raises:
        UsageError: it is no name, or a value came with it.

    """
    before, equals, _ = name.partition("=")
    if equals or extra:
        raise UsageError(
            f"the value of {before if NAME.fullmatch(before) else 'a secret'} was given on the "
            "command line, which others and the shell's history see",
            hint=f"replace that value, then give the new one by a prompt or a pipe: "
            f"refctl secrets set {before if NAME.fullmatch(before) else 'NAME'} < FILE",
        )
    if not NAME.fullmatch(name) or name.startswith("GITHUB_"):
        raise UsageError(
            "that is no name of a secret", hint="capital letters, digits and _, not GITHUB_…"
        )
    return name


def read_value(name: str, file: Path | None) -> Secret:
    """Return the value, less one newline at its end.

    Raises:
        UsageError: nothing was given.
        ConfigurationError: the file cannot be read, or is not text.

    """
    try:
        if file is not None:
            text = file.read_text(encoding="utf-8")
        elif sys.stdin.isatty():
            text = getpass.getpass(f"{name}: ")
        else:
            text = sys.stdin.buffer.read().decode()
    except OSError as error:
        raise ConfigurationError(f"{file}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ConfigurationError(f"the value of {name} is not UTF-8") from None
    value = text.removesuffix("\n").removesuffix("\r")
    if not value or "\0" in value:
        raise UsageError(
            f"no value for {name}",
            hint=f"refctl secrets set {name} < FILE, or type it at the prompt of a terminal",
        )
    REDACTOR.add(value)
    return Secret(value)
