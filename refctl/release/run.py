"""`refctl release`: one at a time, with a journal."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from refctl.core.errors import InterruptedRunError
from refctl.core.journal import Journal
from refctl.core.lock import hold
from refctl.core.paths import STATE
from refctl.release import github, preview, readiness
from refctl.release.session import Options, Release
from refctl.tools import refs
from refctl.tools.proc import interrupts

if TYPE_CHECKING:
    from refctl.core.console import Console
    from refctl.core.result import Result

STEPS = {
    "commit": "Commit the version and its notes",
    "tag": "Tag it",
    "push": "Push commit and tag, both or none",
    "forward": "Bring the files here to it",
    "draft": "Write the release's page",
    "publish": "Publish the page",
    "propose": "Open the pull request",
}


def state(root: Path, *, is_project: bool) -> Path:
    """Return where locks and journals are: where git keeps its own, in what is no project."""
    return root / STATE if is_project else refs.folder(root) / "refctl"


def make(
    folder: Path,
    console: Console,
    options: Options,
    *,
    dry_run: bool,
) -> Result:
    """Release what is due."""
    if dry_run:
        seen = preview.look(str(folder), prerelease=options.prerelease, build=options.build)
        refused = (
            f"a release would be refused: {one}"
            for one in readiness.refusals(seen, push=options.push)
        )
        remarks = (*seen.next.remarks, *refused)
        return preview.report(seen._replace(next=seen.next._replace(remarks=remarks)))
    top = Path(refs.top(folder))
    root, _, configuration = preview.settings(str(folder), str(top))
    place = state(Path(root), is_project=configuration is not None)

    def tell(step: str) -> None:
        console.progress(f"  {console.style('•', 'dim')} {STEPS.get(step, step)}")

    with interrupts(), hold(place / "locks", "release", purpose="releasing"):
        journal = Journal.begin(place / "runs", "release")
        journal.write("run-started")
        connect = partial(github.connect, on_wait=console.progress)
        try:
            result = Release(folder, options, journal, connect=connect, on_step=tell).run()
        except KeyboardInterrupt:
            journal.write("run-interrupted")
            raise InterruptedRunError(
                "stopped in the midst of a release: run it again, and it is finished or made anew"
            ) from None
        except BaseException as error:
            journal.write("run-failed", error=console.redact(str(error)))
            raise
        journal.write("run-done")
        return result
