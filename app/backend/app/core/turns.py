"""Turns at the database's connections."""

import asyncio
from types import TracebackType

from sqlalchemy.exc import TimeoutError as PoolTimeoutError


class Turns:
    """Lets at most `count` in, in the order in which they come.

    A pool of connections lets whoever comes as one is given back overtake those that wait: under
    load most requests are quick, and some wait for seconds.
    """

    def __init__(self, count: int, timeout_seconds: float) -> None:
        self._semaphore = asyncio.Semaphore(count)  # first come, first served
        self._timeout = timeout_seconds

    async def __aenter__(self) -> None:
        """Wait for a turn; one that does not come in time is the pool's own error."""
        if not self._semaphore.locked():
            await self._semaphore.acquire()
            return
        try:
            async with asyncio.timeout(self._timeout):
                await self._semaphore.acquire()
        except TimeoutError:
            raise PoolTimeoutError(f"no connection in {self._timeout} s") from None

    async def __aexit__(
        self,
        _type: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        """Let the next one in."""
        self._semaphore.release()
