"""First load of a page: the scripts a browser must fetch before `/` and `/login` work.

Floor: a bare Next page that uses React Query, built from the same lock. Both builds are served,
the pages are fetched, and every script that their HTML names (and a current browser runs) is
fetched and counted as gzip. Prints kilobytes, and each as a multiple of the floor.

    python3 benchmarks/page.py            # uses app/frontend/.next when it is built
    python3 benchmarks/page.py --build    # builds it first
"""

from __future__ import annotations

import gzip
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT = Path(__file__).parents[1]
FRONTEND = ROOT / "app" / "frontend"
NEXT = [shutil.which("node") or "node", str(FRONTEND / "node_modules/next/dist/bin/next")]
PATIENCE = 60.0
GOAL = 1.35

# With a cookie that only the browser could renew, `/` renders without a backend.
PAGES = {"/": {"cookie": "refapp_refresh=x"}, "/login": {}}

SCRIPT = re.compile(r"<script[^>]*?\bsrc=\"([^\"]+)\"[^>]*>")
PRELOAD = re.compile(r"<link[^>]*?\bas=\"script\"[^>]*?\bhref=\"([^\"]+)\"[^>]*>")

BARE = {
    "package.json": '{"private": true, "type": "module"}',
    "next.config.js": (
        'import { resolve } from "node:path";\n'
        'const root = resolve(import.meta.dirname, "..");\n'
        "export default { turbopack: { root }, outputFileTracingRoot: root };\n"
    ),
    "app/layout.jsx": (
        "export default function Layout({ children }) {\n"
        '  return <html lang="en"><body>{children}</body></html>;\n'
        "}\n"
    ),
    "app/page.jsx": (
        '"use client";\n'
        'import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";\n'
        "const client = new QueryClient();\n"
        "const Answer = () =>\n"
        '  useQuery({ queryKey: ["x"], queryFn: () => fetch("/x").then((r) => r.text()) }).data;\n'
        "export default function Page() {\n"
        "  return <QueryClientProvider client={client}><Answer /></QueryClientProvider>;\n"
        "}\n"
    ),
}


def main() -> None:
    """Build what is not built, measure, print."""
    if "--build" in sys.argv or not (FRONTEND / ".next/standalone/server.js").exists():
        _build(FRONTEND)
        script = FRONTEND / "scripts/complete-standalone.mjs"
        subprocess.run([NEXT[0], str(script)], cwd=FRONTEND, check=True)
    # Inside the frontend, where its node_modules are found.
    with tempfile.TemporaryDirectory(dir=FRONTEND, prefix=".bare-") as folder:
        bare = Path(folder)
        for name, text in BARE.items():
            (bare / name).parent.mkdir(exist_ok=True)
            (bare / name).write_text(text)
        _build(bare)
        with _serving([*NEXT, "start"], bare) as origin:
            floor = _weigh(origin, "/", {})
    with _serving([NEXT[0], ".next/standalone/server.js"], FRONTEND) as origin:
        weights = {page: _weigh(origin, page, headers) for page, headers in PAGES.items()}
    print(f"{'first-load scripts':<24}{'gzip':>9}")
    for name, weight in {"bare page": floor, **weights}.items():
        print(f"  {name:<22}{weight / 1000:6.1f} kB  {weight / floor:5.2f}x")
    if max(weights.values()) > GOAL * floor:
        sys.exit(f"More than {GOAL} times the bare page.")


def _build(folder: Path) -> None:
    subprocess.run([*NEXT, "build"], cwd=folder, check=True, stdout=subprocess.DEVNULL)


def _weigh(origin: str, page: str, headers: dict[str, str]) -> int:
    html = _get(origin + page, headers).decode()
    scripts = [
        tag[1]
        for tag in (*SCRIPT.finditer(html), *PRELOAD.finditer(html))
        # Only browsers without modules run these; none of them is supported.
        if "nomodule" not in tag[0].lower()
    ]
    return sum(len(gzip.compress(_get(origin + each, {}), 6)) for each in set(scripts))


def _get(url: str, headers: dict[str, str]) -> bytes:
    request = urllib.request.Request(url, headers=headers)  # noqa: S310  (this machine's own servers)
    with urllib.request.urlopen(request) as answer:  # noqa: S310  (the same)
        return bytes(answer.read())


@contextmanager
def _serving(argv: Sequence[str], cwd: Path) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        argv,
        cwd=cwd,
        env={**os.environ, "PORT": str(port), "HOSTNAME": "127.0.0.1", "LOG_LEVEL": "silent"},
        stdout=subprocess.DEVNULL,
    )
    try:
        origin = f"http://127.0.0.1:{port}"
        _await(origin)
        yield origin
    finally:
        process.terminate()
        process.wait()


def _await(origin: str) -> None:
    end = time.perf_counter() + PATIENCE
    while time.perf_counter() < end:
        try:
            _get(origin, {})
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise TimeoutError(f"{origin} did not answer")


if __name__ == "__main__":
    main()
