import sys
import time
from pathlib import Path

from refctl.core.plan import Run
from refctl.tools import proc


def test_a_program_that_does_not_answer_in_time_is_ended(tmp_path: Path) -> None:
    action = Run((sys.executable, "-c", "import time; time.sleep(60)"), cwd=tmp_path)
    began = time.monotonic()
    said = proc.ask(action, timeout=0.2)
    assert (said.code, said.err) == (proc.TOO_LATE, "no answer in 0.2 s")
    assert time.monotonic() - began < 30
