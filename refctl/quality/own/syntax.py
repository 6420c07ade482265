"""Whether JSON and TOML files can be read: `python -m refctl.quality.own.syntax FILE…`."""

from __future__ import annotations

import json
import re
import sys
import tomllib
from pathlib import Path


def problem(file: Path) -> str | None:
    """Return `line:column: what is wrong`, or None."""
    try:
        text = file.read_text(encoding="utf-8")
        if file.suffix == ".toml":
            tomllib.loads(text)
        else:
            json.loads(text)
    except json.JSONDecodeError as error:
        return f"{error.lineno}:{error.colno}: {error.msg}"
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        message = str(error).partition(" (at ")[0]
        return f"{place[1]}:{place[2]}: {message}" if place else f"1:1: {message}"
    except UnicodeDecodeError:
        return "1:1: not UTF-8"
    return None


def main() -> int:
    """Print what is wrong with each file; return 1 when anything is."""
    bad = 0
    for name in sys.argv[1:]:
        found = problem(Path(name))
        if found is not None:
            bad = 1
            print(f"{name}:{found}")
    return bad


if __name__ == "__main__":
    sys.exit(main())
