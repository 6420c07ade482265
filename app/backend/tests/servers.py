"""The application as it really runs: behind uvicorn, on a port."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from fastapi import FastAPI

STARTS_WITHIN_SECONDS = 10


@contextmanager
def serve(app: FastAPI) -> Iterator[str]:
    """Serve the application from a thread, and give the address."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        # Without log_config the application's own logging stays as it is.
        server = uvicorn.Server(uvicorn.Config(app, log_config=None))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            deadline = time.monotonic() + STARTS_WITHIN_SECONDS
            while not server.started:
                assert thread.is_alive(), "the server ended before it had started"
                assert time.monotonic() < deadline, "the server did not start"
                time.sleep(0.01)
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
