"""Replacing a database's password while the application runs: two roles take turns.

PostgreSQL knows one password a role. So the address changes to a second role, a member of the first
that acts as it; the first's password is shut once nothing uses it any more. The next replacement
goes back to the first. The database is told verifiers, never passwords: logs keep statements.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
import secrets
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

from refctl.core.errors import UsageError
from refctl.core.plan import Remove, Run, Step, WriteFile
from refctl.core.redact import REDACTOR, Secret
from refctl.secrets.rotation import DONE, SWAPPED, Turn
from refctl.secrets.store import Rotation
from refctl.tools import postgres

if TYPE_CHECKING:
    from datetime import datetime, timedelta
    from pathlib import Path

    from refctl.secrets.store import Store

SECOND = "_next"
ITERATIONS = 4096
SCRIPTS = ".rotate-*.sql"
_ROLE = re.compile(r"[a-z_][a-z0-9_]*")
HINT = (
    "the role has to be one that may make roles, as the first of PostgreSQL's image is; where "
    "another service owns the password, replace it there, then: refctl secrets set DATABASE_URL"
)


def verifier(password: str, salt: bytes | None = None) -> str:
    """Return what PostgreSQL keeps of a password (SCRAM-SHA-256), which opens nothing."""
    salt = salt or secrets.token_bytes(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, ITERATIONS)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    parts = [base64.b64encode(part).decode() for part in (salt, stored, server)]
    return f"SCRAM-SHA-256${ITERATIONS}:{parts[0]}${parts[1]}:{parts[2]}"


def role_of(url: str) -> str:
    """Return the role of an address.

    Raises:
        UsageError: it has none, or one that would have to be quoted.

    """
    role = unquote(urlsplit(url).username or "")
    if not _ROLE.fullmatch(role):
        raise UsageError(
            "DATABASE_URL names no role of small letters, digits and _",
            hint="replace its password in the database, then: refctl secrets set DATABASE_URL",
        )
    return role


def other_of(role: str) -> str:
    """Return the role whose turn is next."""
    return role.removesuffix(SECOND) if role.endswith(SECOND) else role + SECOND


def with_login(url: str, role: str, password: str) -> Secret:
    """Return the address with another role and password."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    netloc = f"{role}:{quote(password, safe='')}@{host}"
    return Secret(parts._replace(netloc=netloc).geturl())


def admit(role: str, password: str) -> str:
    """Return the SQL that lets a role sign in by that password; a second one acts as the first."""
    owner = role.removesuffix(SECOND)
    lines = [f"ALTER ROLE {role} WITH LOGIN PASSWORD '{verifier(password)}';"]
    if role != owner:
        lines = [
            "DO $do$ BEGIN",
            f"  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN",
            f"    CREATE ROLE {role};",
            "  END IF;",
            "END $do$;",
            *lines,
            f"GRANT {owner} TO {role};",
            f"ALTER ROLE {role} SET role = '{owner}';",
        ]
    return "\n".join(lines) + "\n"


def shut(role: str) -> str:
    """Return the SQL after which no password signs a role in."""
    return f"ALTER ROLE {role} WITH PASSWORD NULL;\n"


def turn(
    store: Store, name: str, script: Path, *, now: datetime, overlap: timedelta, at_once: bool
) -> tuple[Turn, list[Step]]:
    """Return the store after the next phase, and what the database has to be told before.

    Raises:
        UsageError: the old password may still be in use.

    """
    url = store.entries[name].value.reveal()
    role = role_of(url)
    under_way = store.rotations.get(name)
    if under_way is not None and not at_once:
        if behind := store.unsent(name):
            raise UsageError(
                f"{name} of {store.name}: {', '.join(behind)} does not know the new address yet",
                hint=f"refctl secrets sync -e {store.name}, and deploy",
            )
        if now < under_way.at + overlap:
            raise UsageError(
                f"{name} of {store.name}: the old password may be in use until "
                f"{under_way.at + overlap:%H:%M} UTC",
                hint="deploy the new address everywhere, and wait until then",
            )
        step = _tell(script, url, shut(other_of(role)), f"Shut the old password of {name}")
        done = Turn(store.with_rotation(name, None), DONE, "the old password opens nothing")
        return done, [step]
    password = secrets.token_urlsafe(24)
    REDACTOR.add(password)
    new_role = role if at_once else other_of(role)
    new = with_login(url, new_role, password)
    after = store.with_entry(name, new, now)
    uri, env = postgres.connection(new.reveal())
    sql = admit(new_role, password)
    if at_once and under_way is not None:
        # The one before it is good, too, until its replacement has ended.
        sql += shut(other_of(role))
    steps = [
        _tell(script, url, sql, f"Let a new password of {name} in"),
        Step(
            "try",
            "Sign in by it",
            (Run(postgres.ask(uri), cwd=script.parent, env=env),),
            needs=("tell",),
        ),
    ]
    if at_once:
        words = f"the old password is shut: refctl secrets sync -e {store.name}, and deploy now"
        return Turn(after.with_rotation(name, None), DONE, words), steps
    minutes = int(overlap.total_seconds() // 60)
    words = (
        f"both passwords are good: refctl secrets sync -e {store.name}, deploy, then after "
        f"{minutes} minutes refctl secrets rotate {name} -e {store.name}"
    )
    return Turn(after.with_rotation(name, Rotation(SWAPPED, now)), SWAPPED, words), steps


def _tell(script: Path, url: str, sql: str, title: str) -> Step:
    uri, env = postgres.connection(url)
    actions = (
        WriteFile(script, Secret(sql), mode=0o600),
        Run(postgres.execute(uri, script), cwd=script.parent, env=env),
        Remove(script),
    )
    return Step("tell", title, actions, hint=HINT)


def script_in(folder: Path) -> Path:
    """Return where SQL is written in passing."""
    return folder / f".rotate-{os.getpid()}.sql"
