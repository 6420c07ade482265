import asyncio

import pytest
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from app.core.turns import Turns


async def test_who_waits_comes_before_who_comes_back() -> None:
    turns = Turns(1, timeout_seconds=5)
    order: list[str] = []

    async def take(name: str, times: int) -> None:
        for _ in range(times):
            async with turns:
                order.append(name)
                await asyncio.sleep(0)

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(take("quick", 3))
        tasks.create_task(take("b", 1))
        tasks.create_task(take("c", 1))

    assert order == ["quick", "b", "c", "quick", "quick"]


async def test_a_turn_that_does_not_come_is_an_error_of_the_pool_and_costs_nobody_else() -> None:
    turns = Turns(1, timeout_seconds=0.02)

    async with turns:
        with pytest.raises(PoolTimeoutError):
            async with turns:
                pass

    async with turns:
        pass


async def test_a_turn_is_given_back_by_who_fails_and_by_who_gives_up() -> None:
    turns = Turns(1, timeout_seconds=5)

    async def fail() -> None:
        async with turns:
            await asyncio.sleep(0)
            raise ZeroDivisionError

    async def wait() -> None:
        async with turns:
            raise AssertionError

    failing, waiting = asyncio.create_task(fail()), asyncio.create_task(wait())
    await asyncio.sleep(0)
    waiting.cancel()
    outcomes = await asyncio.gather(failing, waiting, return_exceptions=True)
    assert [type(one) for one in outcomes] == [ZeroDivisionError, asyncio.CancelledError]

    async with asyncio.timeout(1), turns:
        pass


async def test_who_waits_too_long_is_told_how_long() -> None:
    turns = Turns(1, timeout_seconds=0.01)

    async with turns:
        with pytest.raises(PoolTimeoutError) as caught:
            async with turns:
                pass

    assert str(caught.value) == "no connection in 0.01 s"
