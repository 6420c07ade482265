import pytest
from sqlalchemy import func, select

from app.core.config import Settings
from app.core.database import Database
from app.models import Todo, User
from scripts.seed import TODOS, run
from tests.databases import make_settings


async def count(database: Database) -> tuple[int | None, int | None]:
    async with database.sessions() as session:
        return (
            await session.scalar(select(func.count()).select_from(User)),
            await session.scalar(select(func.count()).select_from(Todo)),
        )


async def test_seeding_twice_creates_everything_once(
    settings: Settings, database: Database
) -> None:
    assert await run(settings) == 0
    assert await run(settings) == 0

    assert await count(database) == (1, len(TODOS))


async def test_a_new_demo_password_reaches_an_old_database(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    await run(settings)
    changed = make_settings(settings.database_url, demo_password="another-password")

    assert await run(changed) == 0

    assert "Set the password" in capsys.readouterr().out


async def test_seeding_an_unmigrated_database_names_the_next_step(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert await run(make_settings()) == 1

    assert "alembic upgrade head" in capsys.readouterr().err


async def test_seeding_a_deployment_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    deployed = make_settings(
        "postgresql://db/app",
        environment="production",
        jwt_secret_key="Qm7xRk29ZtVn4LpYc8WsHd3Jf6Gb1Ea5",
    )

    assert await run(deployed) == 1

    assert "production" in capsys.readouterr().err
