"""The signals that end the server."""

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def call_on_stop(callback: Callable[[], None]) -> Iterator[None]:
    """Call back when the server is told to stop.

    Servers wait for their connections before they tell the application, so those that would
    stay open have to end first. The server's own handlers run as before.
    """
    if threading.current_thread() is not threading.main_thread():
        # Python handles signals there alone.
        yield
        return
    loop = asyncio.get_running_loop()
    previous: dict[signal.Signals, Callable[[int, FrameType | None], object]] = {}

    def handle(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(callback)
        previous[signal.Signals(number)](number, frame)

    for number in (signal.SIGINT, signal.SIGTERM):
        handler = signal.getsignal(number)
        # Without one the process ends at once, and shall.
        if callable(handler):
            previous[number] = handler
            signal.signal(number, handle)
    try:
        yield
    finally:
        for number, original in previous.items():
            if signal.getsignal(number) is handle:
                signal.signal(number, original)
