import asyncio
from pathlib import Path

import pytest
from sqlalchemy import event

from app.core.config import Settings
from app.core.database import Database
from app.core.errors import AuthenticationError
from app.core.security import Passwords, read_access_token
from app.models import User
from app.services import auth
from app.services.login_guard import LoginGuard
from tests.databases import make_settings

EMAIL = "ada@example.com"
PASSWORD = "correct horse"


class CountingPasswords(Passwords):
    """Counts how often argon2 runs."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.runs = 0

    async def hash(self, password: str) -> str:
        self.runs += 1
        return await super().hash(password)

    async def verify(self, password: str, stored: str) -> tuple[bool, str | None]:
        self.runs += 1
        return await super().verify(password, stored)


@pytest.fixture
async def user(database: Database, settings: Settings) -> User:
    async with database.sessions.begin() as session:
        return await auth.register(
            session,
            Passwords(settings),
            LoginGuard(session, settings, "192.0.2.1"),
            email=EMAIL,
            password=PASSWORD,
            name=None,
        )


@pytest.mark.usefixtures("user")
@pytest.mark.parametrize("email", [EMAIL, "nobody@example.com"])
async def test_a_failed_login_costs_the_same_whether_the_user_exists(
    database: Database, settings: Settings, email: str
) -> None:
    passwords = CountingPasswords(settings)

    async with database.sessions() as session:
        guard = LoginGuard(session, settings, "192.0.2.1")
        with pytest.raises(AuthenticationError):
            await auth.authenticate(session, passwords, guard, email=email, password="wrong")

    assert passwords.runs == 1


async def test_login_renews_a_hash_of_older_parameters(
    database: Database, settings: Settings, user: User
) -> None:
    stronger = Passwords(make_settings(argon2_time_cost=2))

    async with database.sessions.begin() as session:
        guard = LoginGuard(session, settings, "192.0.2.1")
        await auth.authenticate(session, stronger, guard, email=EMAIL, password=PASSWORD)

    async with database.sessions() as session:
        stored = await session.get_one(User, user.id)
    assert "t=2" in stored.password_hash
    assert await stronger.verify(PASSWORD, stored.password_hash) == (True, None)


async def test_neither_passwords_nor_refresh_tokens_are_stored_as_they_are(
    database: Database, settings: Settings, user: User
) -> None:
    async with database.sessions.begin() as session:
        tokens = await auth.open_session(session, settings, user, None)
    await database.dispose()

    path = settings.database_url.removeprefix("sqlite+aiosqlite:///")
    content = await asyncio.to_thread(Path(path).read_bytes)
    assert PASSWORD.encode() not in content
    assert tokens.refresh_token.encode() not in content
    assert EMAIL.encode() in content


async def test_asking_whether_somebody_is_signed_in_takes_one_query(
    database: Database, settings: Settings, user: User
) -> None:
    async with database.sessions.begin() as session:
        tokens = await auth.open_session(session, settings, user, None)
    claims = read_access_token(tokens.access_token, settings)
    statements: list[str] = []

    @event.listens_for(database.engine.sync_engine, "before_cursor_execute")
    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(statement)

    async with database.sessions() as session:
        assert await auth.is_signed_in(session, claims.user_id, claims.family_id)
        assert len(statements) == 1
        assert not await auth.is_signed_in(session, claims.user_id + 1, claims.family_id)


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        (None, None),
        ("", None),
        (" \x00\r\n ", None),
        ("Fire\x1b[31mfox/1\x7f", "Fire[31mfox/1"),
        ("\u202egnp.exe", "gnp.exe"),
        ("x" * 300, "x" * 255),
    ],
)
def test_what_a_program_says_of_itself_is_fit_to_be_shown(
    given: str | None, stored: str | None
) -> None:
    assert auth.clean_user_agent(given) == stored
