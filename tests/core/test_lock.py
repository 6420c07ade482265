import subprocess
import sys
from pathlib import Path

import pytest

from refctl.core.errors import LockedError
from refctl.core.lock import hold

HOLD = """
import sys, time
from pathlib import Path
from refctl.core.lock import hold
with hold(Path(sys.argv[1]), "x", purpose="testing"):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_held_lock_names_its_owner_and_a_killed_owner_frees_it(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == "held\n"
        with (
            pytest.raises(LockedError, match=f"process id {owner.pid}"),
            hold(tmp_path, "x", purpose="testing"),
        ):
            pass
        owner.kill()
        owner.wait()
        with hold(tmp_path, "x", purpose="testing"):
            pass
