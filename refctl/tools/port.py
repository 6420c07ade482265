"""TCP ports on the loopback: claimed by binding them, so that none is lost between look and use."""

from __future__ import annotations

import errno
import socket

from refctl.core.errors import StepFailedError

HOST = "127.0.0.1"
TRIES = 100
BACKLOG = 2048


def claim(wanted: int, *, pinned: bool, service: str) -> socket.socket:
    """Return a listening socket: on a pinned port exactly, else on the next free from `wanted`.

    Raises:
        StepFailedError: the pinned port is taken, or none of the next hundred is free.

    """
    for port in range(wanted, wanted + 1 if pinned else min(wanted + TRIES, 65536)):
        found = _listen(port)
        if found is not None:
            return found
    if pinned:
        raise StepFailedError(
            f"port {wanted} for the {service} is taken",
            hint=f"stop what uses it, or choose another: refctl dev --{service}-port PORT",
        )
    raise StepFailedError(f"no free port for the {service} from {wanted} to {wanted + TRIES - 1}")


def port_of(claimed: socket.socket) -> int:
    """Return the number of the claimed port."""
    return int(claimed.getsockname()[1])


def _listen(port: int) -> socket.socket | None:
    # A browser may try ::1 for localhost first: what listens there would answer in our place.
    with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as other:
        other.settimeout(0.2)
        if other.connect_ex(("::1", port)) == 0:
            return None
    claimed = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    claimed.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        claimed.bind((HOST, port))
        # Listening, not only bound: Linux lets several sockets bind one port until one listens.
        claimed.listen(BACKLOG)
    except OSError as error:
        claimed.close()
        if error.errno == errno.EADDRINUSE:
            return None
        raise StepFailedError(f"port {port}: {error.strerror}") from None
    return claimed
