import subprocess
import sys

import pytest

from refctl.core.console import without_controls


@pytest.mark.parametrize(
    ("line", "colours", "shown"),
    [
        ("\x1b[?25hdone", False, "done"),
        ("\x1b[2K\x1b[1Gdone", True, "done"),
        ("\x1b[31mred\x1b[0m", True, "\x1b[31mred\x1b[0m"),
        ("\x1b[31mred\x1b[0m", False, "red"),
    ],
)
def test_other_programs_do_not_move_the_cursor(line: str, *, colours: bool, shown: str) -> None:
    assert without_controls(line, colours=colours) == shown


def test_a_reader_that_goes_away_ends_the_run() -> None:
    code = (
        "import time\n"
        "from refctl.core.console import Console\n"
        "console = Console()\n"
        "try:\n"
        "    for number in range(600):\n"
        "        console.result(str(number))\n"
        "        time.sleep(0.05)\n"
        "except KeyboardInterrupt:\n"
        "    raise SystemExit(130) from None\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline() == "0\n"
        process.stdout.close()
        assert process.wait(timeout=20) == 130
        assert process.stderr.read() == ""
