"""The tables of a database: where they are, and where the migrations lead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from refctl.core.errors import ConfigurationError
from refctl.core.result import Result, Table
from refctl.data import plans
from refctl.data.session import ask_status, do, make_ready, preview
from refctl.data.target import KINDS, find
from refctl.tools import alembic
from refctl.tools.proc import interrupts

if TYPE_CHECKING:
    from refctl.data.session import Session


def status(session: Session) -> Result:
    """Return the revisions that the database is at, and those that it lacks."""
    target = find(session.paths, session.environment)
    with interrupts():
        make_ready(session, target)
        report = ask_status(session.paths, target)
    pending = tuple((one["revision"], one["message"]) for one in report["pending"])
    lines = [
        f"Database  {KINDS[report['kind']]}, {target.name} ({target.environment})",
        f"Current   {', '.join(report['current']) or 'none'}",
        f"Newest    {', '.join(report['heads'])}",
    ]
    if report["unknown"]:
        lines.append(
            f"It is at a revision that this checkout lacks ({', '.join(report['unknown'])}):"
            " update the checkout, or restore a dump of this one's."
        )
    elif pending:
        lines.append(f"{len(pending)} pending: refctl db migrate")
    else:
        lines.append("Nothing is pending.")
    table = Table(("pending", "migration"), pending) if pending else None
    return Result(data={**report, "database": target.name}, table=table, lines=tuple(lines))


def migrate(session: Session) -> Result:
    """Bring the schema to the newest revision."""
    target = find(session.paths, session.environment)
    todo = plans.migrate(session.paths, target)
    if session.dry_run:
        return preview(session, target, todo)
    with interrupts():
        make_ready(session, target)
        before = ask_status(session.paths, target)
        if before["unknown"]:
            raise ConfigurationError(
                f"{target.name} is at {', '.join(before['unknown'])}, which this checkout lacks",
                hint="update the checkout; refctl db status shows both",
            )
        if before["pending"]:
            do(session, todo)
    applied = [f"{one['revision']} {one['message']}" for one in before["pending"]]
    lines = tuple(f"Applied {one}" for one in applied) or ("Nothing is pending.",)
    return Result(data={"applied": before["pending"], "database": target.name}, lines=lines)


def revision(session: Session, message: str, *, autogenerate: bool) -> Result:
    """Write a new migration."""
    target = find(session.paths, session.environment)
    versions = session.paths.backend / "alembic" / "versions"
    todo = plans.revision(
        session.paths,
        target,
        message,
        number=alembic.next_revision(versions),
        compare=autogenerate,
    )
    if session.dry_run:
        return preview(session, target, todo)
    before = set(versions.glob("*.py"))
    with interrupts():
        make_ready(session, target)
        do(session, todo)
    (written,) = set(versions.glob("*.py")) - before
    shown = str(written.relative_to(session.paths.root))
    if autogenerate and alembic.is_empty(written):
        written.unlink()
        return Result(
            data={"file": None},
            lines=("The database is as the models say: no migration was written.",),
        )
    return Result(
        data={"file": shown}, lines=(f"Wrote {shown}: read it, then type refctl db migrate",)
    )
