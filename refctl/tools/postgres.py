"""PostgreSQL's own programs: pg_dump, pg_restore and psql, from PATH."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from refctl.core.errors import MissingToolError
from refctl.core.redact import REDACTOR, Secret

if TYPE_CHECKING:
    from pathlib import Path

MAGIC = b"PGDMP"


def is_dump(path: Path) -> bool:
    """Return whether the file begins as pg_dump's custom format does."""
    with path.open("rb") as file:
        return file.read(len(MAGIC)) == MAGIC


def find(name: str) -> str:
    """Return the path of one of the programs.

    Raises:
        MissingToolError: it is not on PATH.

    """
    found = shutil.which(name)
    if found is None:
        raise MissingToolError(
            f"{name} is not on PATH",
            hint="install PostgreSQL's client, of the server's version or newer: "
            "apt install postgresql-client, or brew install libpq",
        )
    return found


def connection(url: str) -> tuple[str, dict[str, Secret]]:
    """Return a URI without password, for argv, and the password as a variable."""
    parts = urlsplit(url)
    login, at, host = parts.netloc.rpartition("@")
    user, _, password = login.partition(":")
    password = unquote(password)
    kept = []
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        if name == "password":
            password = value
        else:
            kept.append((name, value))
    query = urlencode(kept, safe="/:")
    uri = urlunsplit(("postgresql", f"{user}{at}{host}", parts.path, query, ""))
    # Without a host, urlunsplit leaves the slashes out.
    uri = uri if uri.startswith("postgresql://") else uri.replace("postgresql:", "postgresql://", 1)
    if not password:
        return uri, {}
    REDACTOR.add(password)
    return uri, {"PGPASSWORD": Secret(password)}


def dump(uri: str, file: Path) -> tuple[str, ...]:
    """Return the argv that writes a database to a file, for whichever owner restores it."""
    options = ("--format=custom", "--no-owner", "--no-privileges", "--no-password")
    return (find("pg_dump"), *options, f"--file={file}", f"--dbname={uri}")


def script(file: Path, sql: Path) -> tuple[str, ...]:
    """Return the argv that turns a dump into SQL; a damaged dump fails here."""
    return (find("pg_restore"), "--no-owner", "--no-privileges", f"--file={sql}", str(file))


def execute(uri: str, *files: Path) -> tuple[str, ...]:
    """Return the argv that executes SQL files in one transaction, or none of them."""
    return (
        *(find("psql"), "--no-psqlrc", "--quiet", "--no-password", "--single-transaction"),
        *("--set=ON_ERROR_STOP=1", "--output=/dev/null"),
        *(f"--file={file}" for file in files),
        f"--dbname={uri}",
    )


def ask(uri: str) -> tuple[str, ...]:
    """Return the argv that asks a database for nothing: it answers who may ask."""
    options = ("--no-psqlrc", "--quiet", "--no-password", "--output=/dev/null")
    return (find("psql"), *options, "--command=SELECT", f"--dbname={uri}")


def is_wrong_password(said: str) -> bool:
    """Return whether the server refused the password itself, in any of its versions' words."""
    return "password authentication failed" in said
