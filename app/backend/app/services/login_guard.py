"""How often signing in may fail, kept in the database for all processes."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from sqlalchemy import case, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.config import Settings
from app.core.database import utc_now
from app.core.errors import TooManyAttemptsError
from app.core.security import blind
from app.models import LoginAttempt

TRIMMED_AT_ONCE = 100
# One household has as many IPv6 addresses as it likes, but one such network.
IPV6_PREFIX = 64


@dataclass(frozen=True, slots=True)
class Subject:
    """What failures are counted for: so many, then a lock that each further one doubles."""

    digest: str
    max_failures: int
    first_lock: timedelta
    longest_lock: timedelta

    def lock(self, failures: int) -> timedelta:
        """Return how long the subject is locked after its last failure."""
        if failures < self.max_failures:
            return timedelta()
        # The exponent is bounded: a count may be large, and so would the power be.
        doublings = min(failures - self.max_failures, 32)
        lock: timedelta = self.first_lock * (1 << doublings)
        return min(lock, self.longest_lock)


class LoginGuard:
    """Counts failures for an account from an address, for the account, and for the address."""

    def __init__(self, session: AsyncSession, settings: Settings, host: str) -> None:
        self._session = session
        self._settings = settings
        self._address = name_network(host)
        self._window = timedelta(minutes=settings.login_window_minutes)
        # Whatever failed longer ago means nothing any more.
        self._memory = max(self._window, timedelta(seconds=settings.login_lock_max_seconds))

    async def refuse_locked(self, email: str | None = None) -> None:
        """Refuse an attempt while a lock is on, whether or not the account exists."""
        now = utc_now()
        digests = [subject.digest for subject in self._subjects(email, now)]
        locked_until = await self._session.scalar(
            select(func.max(LoginAttempt.locked_until)).where(LoginAttempt.subject.in_(digests))
        )
        if locked_until is not None and locked_until > now:
            raise TooManyAttemptsError(math.ceil((locked_until - now).total_seconds()))

    async def count(self, email: str | None = None) -> None:
        """Count a failed sign-in, or without an email a registration, and lock what has enough.

        Of attempts that race, those which come after the lock are refused, and not told that
        they have failed: else guessing in parallel would beat the limit.
        """
        now = utc_now()
        subjects = self._subjects(email, now)
        counted = await self._increment([subject.digest for subject in subjects], now)
        for subject in subjects:
            if lock := subject.lock(counted.get(subject.digest, 0)):
                await self._session.execute(
                    update(LoginAttempt)
                    .where(LoginAttempt.subject == subject.digest)
                    .values(locked_until=now + lock)
                )
        await self._trim(now)
        if len(counted) < len(subjects):
            await self.refuse_locked(email)

    async def forgive(self, email: str) -> None:
        """Forget the account's failures from this address: it has proved to be its owner's.

        Those of the account and of the address stay: else somebody with an account of their own
        could sign in to it between guesses at others.
        """
        await self.refuse_locked(email)
        pair = self._subjects(email, utc_now())[0]
        await self._session.execute(delete(LoginAttempt).where(LoginAttempt.subject == pair.digest))

    def _subjects(self, email: str | None, now: datetime) -> list[Subject]:
        settings = self._settings
        address = self._windowed(
            f"address:{self._address}", settings.login_max_failures_per_address, now
        )
        if email is None:
            return [address]
        pair = Subject(
            digest=blind(f"login:pair:{self._address}:{email}", settings),
            max_failures=settings.login_max_failures,
            first_lock=timedelta(seconds=settings.login_lock_seconds),
            longest_lock=timedelta(seconds=settings.login_lock_max_seconds),
        )
        account = self._windowed(f"account:{email}", settings.login_max_failures_per_account, now)
        return [pair, account, address]

    def _windowed(self, name: str, max_failures: int, now: datetime) -> Subject:
        """Count by windows: each is a subject of its own, locked until it ends."""
        number = int(now.timestamp() // self._window.total_seconds())
        end = datetime.fromtimestamp((number + 1) * self._window.total_seconds(), UTC)
        return Subject(
            digest=blind(f"login:{number}:{name}", self._settings),
            max_failures=max_failures,
            first_lock=end - now,
            longest_lock=end - now,
        )

    async def _increment(self, digests: Sequence[str], now: datetime) -> dict[str, int]:
        """Count one more for each that is not locked, and return those with their counts."""
        insert: sqlite.Insert | postgresql.Insert
        if self._session.get_bind().dialect.name == "sqlite":
            insert = sqlite.insert(LoginAttempt)
        else:
            insert = postgresql.insert(LoginAttempt)
        outdated = LoginAttempt.last_failed_at < now - self._memory
        statement = (
            insert.values(
                # In the same order always: transactions that lock several rows could wait for
                # each other.
                [
                    {"subject": digest, "failures": 1, "last_failed_at": now}
                    for digest in sorted(digests)
                ]
            )
            .on_conflict_do_update(
                index_elements=[LoginAttempt.subject],
                set_={
                    "failures": case((outdated, 1), else_=LoginAttempt.failures + 1),
                    "last_failed_at": now,
                    "locked_until": None,
                },
                where=or_(LoginAttempt.locked_until.is_(None), LoginAttempt.locked_until <= now),
            )
            .returning(LoginAttempt.subject, LoginAttempt.failures)
        )
        rows = await self._session.execute(statement)
        return dict(rows.all())

    async def _trim(self, now: datetime) -> None:
        old = (
            select(LoginAttempt.subject)
            .where(LoginAttempt.last_failed_at < now - self._memory)
            .limit(TRIMMED_AT_ONCE)
            # Waiting for a row that another transaction trims or counts could deadlock.
            .with_for_update(skip_locked=True)
        )
        await self._session.execute(
            delete(LoginAttempt).where(LoginAttempt.subject.in_(old)),
            execution_options={"synchronize_session": False},
        )


def name_network(host: str) -> str:
    """Return what a client cannot change about its address at will."""
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ip_network((int(address), IPV6_PREFIX), strict=False))
