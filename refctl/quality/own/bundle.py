"""How heavy the first load of each page is.

`python -m refctl.quality.own.bundle FRONTEND KILOBYTES`: the budget of a page.
Reads what `next build` left, without starting it: the scripts that the manifests name for a page,
as gzip. `benchmarks/page.py` measures the same on a running server (within a per cent).
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from refctl.quality.findings import SKIPPED

if TYPE_CHECKING:
    from collections.abc import Iterator

MANIFEST = "page_client-reference-manifest.js"
HOW = "cd app/frontend && npx next build"


def stale(frontend: Path) -> str | None:
    """Return why there is no build to speak of, or None."""
    built = frontend / ".next" / "BUILD_ID"
    if not built.exists():
        return f"there is no build: {HOW}"
    sources = [frontend / name for name in ("package.json", "pnpm-lock.yaml", "next.config.ts")]
    sources += (file for file in (frontend / "src").rglob("*") if ".test." not in file.name)
    newest = max((file.stat().st_mtime for file in sources if file.is_file()), default=0.0)
    return f"the build is older than the source: {HOW}" if newest > built.stat().st_mtime else None


def pages(build: Path) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield each page with the scripts that a browser fetches before it works."""
    shared = json.loads((build / "build-manifest.json").read_text(encoding="utf-8"))
    for file in sorted(build.glob(f"server/app/**/{MANIFEST}")):
        page, entries = _entries(file)
        if "/_" not in page:  # Next's own
            own = {script for scripts in entries.values() for script in scripts}
            yield page, frozenset(shared["rootMainFiles"]) | own


def _entries(file: Path) -> tuple[str, dict[str, list[str]]]:
    text = file.read_text(encoding="utf-8")
    found = re.search(r'\["([^"]+)"\]\s*=\s*', text)
    if found is None:
        raise ValueError(f"{file}: not a manifest that this check knows")
    manifest: dict[str, Any] = json.loads(text[found.end() :].rstrip("; \n"))
    return found[1].removesuffix("/page") or "/", manifest["entryJSFiles"]


def main() -> int:
    """Print each page that is over the budget; return 1 when one is, or when there is no page."""
    frontend, budget = Path(sys.argv[1]), int(sys.argv[2])
    reason = stale(frontend)
    if reason is not None:
        print(reason)
        return SKIPPED
    build = frontend / ".next"

    @cache
    def weight(script: str) -> int:
        return len(gzip.compress((build / script.removeprefix("/_next/")).read_bytes(), 6))

    found = tuple(pages(build))
    if not found:
        # Renamed by a newer Next: held to nothing, no page would be over the budget.
        print(f"{build}/server/app:1:1: no page has a {MANIFEST} [bundle]")
        return 1
    bad = 0
    for page, scripts in found:
        total = sum(weight(script) for script in scripts) / 1000
        if total > budget:
            bad = 1
            source = frontend / "src" / "app" / page.strip("/") / "page.tsx"
            print(f"{source}:1:1: {total:.0f} kB of scripts, more than {budget} kB [bundle]")
    return bad


if __name__ == "__main__":
    sys.exit(main())
