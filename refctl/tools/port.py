"""TCP ports on the loopback: taken or free is asked by bind and by connect.

Bind alone misses a server that listens on another address family; connect alone misses one that
is bound and not yet listening.
"""

from __future__ import annotations

import errno
import socket

from refctl.core.errors import StepFailedError

HOST = "127.0.0.1"
TRIES = 100


def is_free(port: int) -> bool:
    """Return whether nothing holds the port on the loopback, in either address family."""
    for family, host in ((socket.AF_INET, HOST), (socket.AF_INET6, "::1")):
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                if error.errno == errno.EADDRINUSE:
                    return False
                continue  # no such family here, or a privileged port: connect decides
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.settimeout(0.2)
            if probe.connect_ex((host, port)) == 0:
                return False
    return True


def choose(wanted: int, *, pinned: bool, service: str, taken: frozenset[int] = frozenset()) -> int:
    """Return the port to use: a pinned one exactly, another the next free from `wanted`.

    Raises:
        StepFailedError: the pinned port is taken, or none of the next hundred is free.

    """
    if pinned:
        if wanted in taken or not is_free(wanted):
            raise StepFailedError(
                f"port {wanted} for the {service} is taken",
                hint=f"stop what uses it, or choose another: refctl dev --{service}-port PORT",
            )
        return wanted
    for port in range(wanted, min(wanted + TRIES, 65536)):
        if port not in taken and is_free(port):
            return port
    raise StepFailedError(f"no free port for the {service} from {wanted} to {wanted + TRIES - 1}")
