"""A release in a process of its own: `release_once.py FOLDER HOST STEP`, killed at that step.

The host is a file, or `github`: what the environment says.

At `push:FILE` it waits for the file instead: so that two processes push at the same moment.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from refctl.core.errors import RefctlError
from refctl.core.journal import Journal
from refctl.release import github
from refctl.release.session import Options, Release
from tests.release.host import FileHost

if TYPE_CHECKING:
    from refctl.release.hosting import Connect


def main() -> int:
    folder, host, stop = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]
    step, _, gate = stop.partition(":")

    def on_step(name: str) -> None:
        if name != step:
            return
        if not gate:
            os.kill(os.getpid(), signal.SIGKILL)
        Path(f"{gate}.{folder.name}").touch()
        while not Path(gate).exists():
            time.sleep(0.001)

    journal = Journal.begin(folder / ".git" / "refctl", "release")
    connect: Connect = github.connect
    if sys.argv[2] != "github":
        connect = lambda *_: nullcontext(FileHost(host))  # noqa: E731 - either of two
    release = Release(folder, Options(), journal, connect=connect, on_step=on_step)
    try:
        release.run()
    except RefctlError as error:
        sys.stderr.write(f"{error.message}\n{error.hint}\n{error.detail}")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
