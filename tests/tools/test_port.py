import socket

import pytest

from refctl.core.errors import StepFailedError
from refctl.tools.port import choose


def test_a_pinned_port_is_exact_or_an_error_and_another_moves() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(StepFailedError, match=f"port {port} for the backend is taken"):
            choose(port, pinned=True, service="backend")
        assert choose(port, pinned=False, service="backend") > port
