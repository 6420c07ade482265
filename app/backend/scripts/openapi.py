"""Write `openapi.json`, or check that it is up to date."""

import argparse
import json
import sys
from difflib import unified_diff
from itertools import islice
from pathlib import Path

from app.core.config import BACKEND_DIR, Settings
from app.main import create_app

SHOWN = 40
"""Lines of a difference: enough to see what it is about."""

OPENAPI_PATH = BACKEND_DIR / "openapi.json"


def render() -> str:
    """Return the document as text."""
    # From no source at all: the document must not depend on the machine.
    settings = Settings(_build_sources=((), {}))
    document = create_app(settings).openapi()
    return json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def main(argv: list[str] | None = None, path: Path = OPENAPI_PATH) -> int:
    """Run the command."""
    parser = argparse.ArgumentParser(prog="python -m scripts.openapi", description=__doc__)
    parser.add_argument("--check", action="store_true", help="exit 1 if the file is out of date")
    arguments = parser.parse_args(argv)

    text = render()
    if not arguments.check:
        path.write_text(text, encoding="utf-8")
        return 0
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    if before == text:
        return 0
    lines = unified_diff(before.splitlines(), text.splitlines(), "committed", "from the code", n=1)
    for line in islice(lines, SHOWN):
        print(line.rstrip(), file=sys.stderr)
    print(f"{path.name} is out of date: python -m scripts.openapi", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
