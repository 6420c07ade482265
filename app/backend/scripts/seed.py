"""Create the demo user and a few todos; running it again changes nothing."""

import asyncio
import sys

from sqlalchemy import select
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.config import Settings, get_settings
from app.core.database import Database
from app.core.security import Passwords
from app.models import User
from app.schemas.todo import TodoCreate
from app.services.todo import create_todo

# Oldest first: the list shows the last one on top.
TODOS = (
    TodoCreate(title="Renew the passport", description="Photos are in the drawer", priority=3),
    TodoCreate(title="Water the tomatoes", completed=True, priority=1),
    TodoCreate(title="Return the library books", description="Two novels and the atlas"),
    TodoCreate(title="Book train tickets to Lyon", completed=True, priority=4),
    TodoCreate(title="Call Grandma", description="Ask about the apricot cake", priority=5),
    TodoCreate(title="Plan Saturday's dinner", description="Six people, one vegetarian"),
)


async def seed(session: AsyncSession, passwords: Passwords, settings: Settings) -> str:
    """Create what is missing, and say what was done."""
    password = settings.demo_password.get_secret_value()
    user = await session.scalar(select(User).where(User.email == settings.demo_email.lower()))
    if user is None:
        user = User(
            email=settings.demo_email.lower(),
            name="Demo",
            password_hash=await passwords.hash(password),
        )
        session.add(user)
        await session.flush()
        # Only now: todos that somebody deleted later must not come back.
        for todo in TODOS:
            await create_todo(session, user.id, todo)
        return f"Created {user.email} with {len(TODOS)} todos."
    if not (await passwords.verify(password, user.password_hash))[0]:
        # The database outlives a newly generated .env.
        user.password_hash = await passwords.hash(password)
        return f"Set the password of {user.email} to DEMO_PASSWORD."
    return f"{user.email} is there already."


async def run(settings: Settings) -> int:
    """Seed the configured database."""
    if settings.is_deployed:
        print(f"Demo data has no place in {settings.environment}.", file=sys.stderr)
        return 1
    database = Database(settings)
    try:
        async with database.sessions.begin() as session:
            print(await seed(session, Passwords(settings), settings))
    except (OperationalError, ProgrammingError) as error:
        print(f"{error.orig}\nMigrated? python -m alembic upgrade head", file=sys.stderr)
        return 1
    finally:
        await database.dispose()
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(run(get_settings())))
