import asyncio
import os
import signal
import threading

import pytest

from app.core.signals import call_on_stop


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_the_servers_own_handler_runs_too_and_is_put_back(number: signal.Signals) -> None:
    own: list[int] = []

    def handle(number: int, _frame: object) -> None:
        own.append(number)

    original = signal.signal(number, handle)
    try:
        called = asyncio.Event()
        with call_on_stop(called.set):
            os.kill(os.getpid(), number)
            await asyncio.wait_for(called.wait(), 1)
        assert own == [number]
        assert signal.getsignal(number) is handle
    finally:
        signal.signal(number, original)


async def test_a_handler_that_was_set_meanwhile_stays() -> None:
    def first(_number: int, _frame: object) -> None: ...

    def second(_number: int, _frame: object) -> None: ...

    original = signal.signal(signal.SIGTERM, first)
    try:
        with call_on_stop(lambda: None):
            signal.signal(signal.SIGTERM, second)
        assert signal.getsignal(signal.SIGTERM) is second
    finally:
        signal.signal(signal.SIGTERM, original)


async def test_without_a_handler_the_signal_keeps_ending_the_process() -> None:
    original = signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        with call_on_stop(lambda: None):
            assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    finally:
        signal.signal(signal.SIGTERM, original)


def test_another_thread_leaves_the_signals_alone() -> None:
    before = signal.getsignal(signal.SIGTERM)
    seen = []

    async def look() -> None:
        with call_on_stop(lambda: None):
            seen.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=lambda: asyncio.run(look()))
    thread.start()
    thread.join()
    assert seen == [before]
