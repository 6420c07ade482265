"""Whether what is kept will do."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from refctl.core.plan import Run
from refctl.core.result import Result, Table
from refctl.secrets import store
from refctl.secrets.catalogue import ENVIRONMENTS
from refctl.secrets.judgement import Finding, judge
from refctl.tools import postgres, proc

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from refctl.secrets.session import Session
    from refctl.secrets.store import Store

PATIENCE = 20.0


def check(session: Session, names: Sequence[str], *, database: bool) -> Result:
    """Return what is wrong; with `database`, also whether it takes the password that is kept."""
    opened = session.open(names)
    stores = {name: opened.get(name, store.Store(name)) for name in names}
    found = judge(stores, session.kinds(), session.config.secrets, store.now())
    notes: list[str] = []
    if database:
        asked, notes = ask_databases(session, stores)
        found += asked
    grave = [one for one in found if one.grave]
    rows = tuple(
        (one.store, one.name, ("" if one.grave else "soon: ") + one.problem, one.hint)
        for one in found
    )
    kept = sum(len(one.entries) for one in stores.values())
    summary = f"{kept} secrets, {len(grave)} to correct, {len(found) - len(grave)} to think of"
    return Result(
        ok=not grave,
        data={"findings": [asdict(one) for one in found], "kept": kept, "notes": notes},
        table=Table(("store", "secret", "problem", "what to do"), rows) if rows else None,
        lines=(*notes, summary),
    )


def ask_databases(session: Session, stores: Mapping[str, Store]) -> tuple[list[Finding], list[str]]:
    """Ask each database whether it takes the password: a volume keeps the one it began with."""
    found: list[Finding] = []
    notes: list[str] = []
    for name in ENVIRONMENTS:
        entry = stores[name].entries.get("DATABASE_URL") if name in stores else None
        if entry is None:
            continue
        uri, password = postgres.connection(entry.value.reveal())
        said = proc.ask(
            Run(postgres.ask(uri), cwd=session.paths.root, env=password), timeout=PATIENCE
        )
        if said.code == 0:
            continue
        if postgres.is_wrong_password(said.err):
            found.append(
                Finding(
                    name,
                    "DATABASE_URL",
                    "the database was initialised with another password",
                    f"set that one (refctl secrets set DATABASE_URL -e {name}), change it there by "
                    "ALTER ROLE, or remove the volume, which loses its data",
                )
            )
        else:
            notes.append(f"{name}: the database did not answer: not asked for its password")
    return found, notes
