"""What tests of several folders share."""

from io import StringIO

import pytest

from refctl.core.config import Config
from refctl.core.console import Console
from refctl.core.paths import Paths
from refctl.workspace import ready
from refctl.workspace.setup import Wanted
from tests.checkout import ROOT


@pytest.fixture(scope="session")
def tools() -> None:
    """Install what checks need, as `refctl check` does: in a fresh clone it is not there yet."""
    wanted = Wanted(
        backend=False, frontend=False, database=False, env=False, checks=True, actionlint=True
    )
    ready.make_ready(Paths(ROOT), Config(), Console(err=StringIO(), quiet=True), wanted)
