import socket

import pytest

from refctl.core.errors import StepFailedError
from refctl.tools.port import claim, port_of


def test_a_pinned_port_is_exact_or_an_error_and_another_moves() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(StepFailedError, match=f"port {port} for the backend is taken"):
            claim(port, pinned=True, service="backend")
        with claim(port, pinned=False, service="backend") as moved:
            assert port_of(moved) > port
            with pytest.raises(StepFailedError):
                claim(port_of(moved), pinned=True, service="frontend")
