from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from app.core.config import Settings
from app.core.database import Database, utc_now
from app.core.errors import TooManyAttemptsError
from app.models import LoginAttempt
from app.services.login_guard import LoginGuard, Subject, name_network

EMAIL = "ada@example.com"
HOST = "192.0.2.1"
PAIR = Subject("", 5, timedelta(minutes=1), timedelta(minutes=15))


@pytest.mark.parametrize(
    ("failures", "minutes"), [(4, 0), (5, 1), (6, 2), (7, 4), (8, 8), (9, 15), (10**9, 15)]
)
def test_each_failure_after_the_first_lock_doubles_it_up_to_the_longest(
    failures: int, minutes: int
) -> None:
    assert PAIR.lock(failures) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2001:db8::1", "2001:db8::ffff:1"),
        ("192.0.2.1", "::ffff:192.0.2.1"),
        ("fe80::1%eth0", "fe80::2"),
    ],
)
def test_addresses_that_one_client_can_choose_from_are_one(one: str, other: str) -> None:
    assert name_network(one) == name_network(other)


@pytest.mark.parametrize(
    ("one", "other"), [("192.0.2.1", "192.0.2.2"), ("2001:db8::1", "2001:db8:0:1::1")]
)
def test_other_addresses_are_not(one: str, other: str) -> None:
    assert name_network(one) != name_network(other)


def test_what_is_no_address_names_itself() -> None:
    assert name_network("testclient") == "testclient"


async def fail(database: Database, settings: Settings, *, times: int, host: str = HOST) -> None:
    for _ in range(times):
        async with database.sessions.begin() as session:
            await LoginGuard(session, settings, host).count(EMAIL)


async def is_locked(
    database: Database, settings: Settings, *, host: str = HOST, email: str | None = EMAIL
) -> bool:
    async with database.sessions() as session:
        try:
            await LoginGuard(session, settings, host).refuse_locked(email)
        except TooManyAttemptsError:
            return True
        return False


async def age(database: Database, by: timedelta) -> None:
    """Make what is stored older, as if time had passed."""
    async with database.sessions.begin() as session:
        for attempt in await session.scalars(select(LoginAttempt)):
            attempt.last_failed_at -= by
            if attempt.locked_until is not None:
                attempt.locked_until -= by


async def test_an_account_is_locked_for_the_address_that_guesses_and_no_other(
    database: Database, settings: Settings
) -> None:
    await fail(database, settings, times=4)
    assert not await is_locked(database, settings)

    await fail(database, settings, times=1)

    assert await is_locked(database, settings)
    assert not await is_locked(database, settings, host="192.0.2.2")
    assert not await is_locked(database, settings, email="bob@example.com")
    assert not await is_locked(database, settings, email=None)


async def test_a_lock_ends_and_the_next_failure_begins_a_longer_one(
    database: Database, settings: Settings
) -> None:
    await fail(database, settings, times=5)
    await age(database, timedelta(seconds=61))
    assert not await is_locked(database, settings)

    await fail(database, settings, times=1)

    await age(database, timedelta(seconds=61))
    assert await is_locked(database, settings)
    await age(database, timedelta(seconds=60))
    assert not await is_locked(database, settings)


async def test_failures_of_long_ago_count_no_more(database: Database, settings: Settings) -> None:
    await fail(database, settings, times=4)
    await age(database, timedelta(minutes=61))

    await fail(database, settings, times=4)

    assert not await is_locked(database, settings)


async def test_an_account_is_locked_for_everyone_when_many_addresses_guess(
    database: Database, settings: Settings
) -> None:
    settings = settings.model_copy(update={"login_max_failures_per_account": 3})
    for number in range(3):
        await fail(database, settings, times=1, host=f"192.0.2.{number}")

    assert await is_locked(database, settings, host="198.51.100.1")
    assert not await is_locked(database, settings, host="192.0.2.0", email="bob@example.com")


async def test_an_address_is_locked_for_all_accounts_when_it_guesses_at_many(
    database: Database, settings: Settings
) -> None:
    settings = settings.model_copy(update={"login_max_failures_per_address": 3})
    for number in range(3):
        async with database.sessions.begin() as session:
            await LoginGuard(session, settings, HOST).count(f"{number}@example.com")

    assert await is_locked(database, settings)
    assert await is_locked(database, settings, email=None)
    assert not await is_locked(database, settings, host="192.0.2.2")


async def test_success_clears_the_pair_and_nothing_else(
    database: Database, settings: Settings
) -> None:
    await fail(database, settings, times=4)

    async with database.sessions.begin() as session:
        await LoginGuard(session, settings, HOST).forgive(EMAIL)

    async with database.sessions() as session:
        left = (await session.scalars(select(LoginAttempt.failures))).all()
    assert left == [4, 4]
    await fail(database, settings, times=4)
    assert not await is_locked(database, settings)


async def test_old_rows_are_trimmed_by_the_next_failure(
    database: Database, settings: Settings
) -> None:
    async with database.sessions.begin() as session:
        long_ago = utc_now() - timedelta(hours=2)
        session.add_all(
            LoginAttempt(subject=f"{n}", failures=1, last_failed_at=long_ago) for n in range(5)
        )

    await fail(database, settings, times=1)

    async with database.sessions() as session:
        assert await session.scalar(select(func.count()).select_from(LoginAttempt)) == 3


async def test_subjects_name_nobody(database: Database, settings: Settings) -> None:
    await fail(database, settings, times=1)

    async with database.sessions() as session:
        for subject in await session.scalars(select(LoginAttempt.subject)):
            assert len(subject) == 64
            assert int(subject, 16)


async def test_the_answer_says_when_to_try_again(database: Database, settings: Settings) -> None:
    await fail(database, settings, times=5)

    async with database.sessions() as session:
        with pytest.raises(TooManyAttemptsError) as caught:
            await LoginGuard(session, settings, HOST).refuse_locked(EMAIL)

    assert 55 <= int(caught.value.headers["Retry-After"]) <= 60


async def test_a_guess_that_races_past_the_lock_neither_counts_nor_learns_anything(
    database: Database, settings: Settings
) -> None:
    await fail(database, settings, times=5)

    async with database.sessions.begin() as session:
        guard = LoginGuard(session, settings, HOST)
        with pytest.raises(TooManyAttemptsError):
            await guard.count(EMAIL)  # it was wrong
    async with database.sessions.begin() as session:
        guard = LoginGuard(session, settings, HOST)
        with pytest.raises(TooManyAttemptsError):
            await guard.forgive(EMAIL)  # it was right

    async with database.sessions() as session:
        locked = select(LoginAttempt.failures).where(LoginAttempt.locked_until.is_not(None))
        assert (await session.scalars(locked)).all() == [5]


async def test_a_lock_survives_a_window_shorter_than_itself(
    database: Database, settings: Settings
) -> None:
    settings = settings.model_copy(update={"login_window_minutes": 1})
    await fail(database, settings, times=5)
    async with database.sessions.begin() as session:
        # Nine failures' worth of lock.
        await session.execute(
            update(LoginAttempt)
            .where(LoginAttempt.locked_until.is_not(None))
            .values(locked_until=utc_now() + timedelta(minutes=15))
        )
    await age(database, timedelta(minutes=5))

    await fail(database, settings, times=1, host="192.0.2.2")

    assert await is_locked(database, settings)
