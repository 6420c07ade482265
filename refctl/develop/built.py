"""The frontend as deployments run it: built once for what its sources are, then only served."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from refctl.core.plan import Remove, Run, Step, WriteFile
from refctl.develop.services import HOST
from refctl.tools import node as node_tool

if TYPE_CHECKING:
    from refctl.core.paths import Paths
    from refctl.develop.services import Service
    from refctl.tools.node import Node

FOLDER = ".next/e2e"
"""Beside the folder of a `refctl dev` or a build in the same checkout."""
NOT_SOURCES = frozenset({"node_modules", "cypress", "coverage", "reports", "next-env.d.ts"})
"""What a build does not read, or writes itself."""


def digest(frontend: Path) -> str:
    """Return what a build depends on, as one word: the files of its sources."""
    found = hashlib.sha256()
    for folder, folders, files in os.walk(frontend):
        folders[:] = sorted(
            name for name in folders if name not in NOT_SOURCES and not name.startswith(".")
        )
        for name in sorted(set(files) - NOT_SOURCES):
            file = Path(folder, name)
            found.update(b"\0%b\0" % os.fsencode(file.relative_to(frontend)))
            found.update(hashlib.sha256(file.read_bytes()).digest())
    return found.hexdigest()


def build(paths: Paths, node: Node, wanted: str) -> tuple[Step, ...]:
    """Return the step that builds the frontend; none where that is what was built last."""
    stamp = paths.frontend / FOLDER / "refctl-built.json"
    content = json.dumps({"digest": wanted}) + "\n"
    if stamp.exists() and stamp.read_text(encoding="utf-8") == content:
        return ()
    program = str(node.bin / "node")
    env = {**node_tool.environment(node), "NEXT_DIST_DIR": FOLDER}
    return (
        Step(
            "build",
            "Build the frontend",
            (
                Remove(stamp),
                Run((program, "node_modules/next/dist/bin/next", "build"), paths.frontend, env),
                Run((program, "scripts/complete-standalone.mjs"), paths.frontend, env),
                WriteFile(stamp, content),
            ),
            hint="correct the sources: cd app/frontend && pnpm build",
        ),
    )


def served(frontend: Service) -> Service:
    """Return the service as one that serves the build."""
    return replace(
        frontend,
        argv=(frontend.argv[0], f"{FOLDER}/standalone/server.js"),
        env={**frontend.env, "HOSTNAME": HOST, "NODE_ENV": "production"},
    )
