"""`refctl secrets` as it is typed; a canary is looked for in everything that it leaves behind."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import shutil
import subprocess
import sys
import tempfile
import threading
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from moto.server import ThreadedMotoServer
from pyrage import decrypt, x25519

from tests.checkout import clean_environment, make_checkout
from tests.github.server import TOKEN, GitHub

if TYPE_CHECKING:
    from collections.abc import Iterator

CANARY = "canary-Qm7xRk29ZtVn4LpYc8WsHd3Jf6Gb1Ea5"
OTHER = "canary-Zt7xRk29QmVn4LpYc8WsHd3Jf6Gb1Ea9"
ENVIRONMENT = "/repos/octo/app/environments/production/secrets"


class Project:
    """A checkout with an identity of its own, and what its commands said."""

    def __init__(self, root: Path, home: Path, server: GitHub) -> None:
        self.root, self.home, self.server = root, home, server
        self.env = {
            **clean_environment(),
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(home / ".config"),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
            "GITHUB_API_URL": server.url,
            "GITHUB_TOKEN": TOKEN,
        }
        self.said: list[str] = []

    def run(
        self, *arguments: str, given: str | None = None, **env: str
    ) -> subprocess.CompletedProcess[str]:
        said = subprocess.run(
            [sys.executable, "-m", "refctl", "secrets", *arguments],
            cwd=self.root,
            env={**self.env, **env},
            input=given or "",
            capture_output=True,
            check=False,
            text=True,
            timeout=120,
        )
        self.said += [said.stdout, said.stderr]
        return said

    def data(self, *arguments: str, given: str | None = None) -> dict[str, Any]:
        said = self.run(*arguments, "--json", given=given)
        assert said.returncode in {0, 1}, said.stderr + said.stdout
        found: dict[str, Any] = json.loads(said.stdout)["data"]
        return found

    @property
    def identity(self) -> Path:
        return self.home / ".config/refctl/identity.txt"

    def kept(self, name: str) -> dict[str, str]:
        """Open a store as anybody with the identity can, without refctl."""
        line = self.identity.read_text().splitlines()[-1]
        key = x25519.Identity.from_str(line)
        document = json.loads(decrypt((self.root / f"secrets/{name}.age").read_bytes(), [key]))
        return {secret: one["value"] for secret, one in document["secrets"].items()}

    def age(self, name: str, days: int) -> None:
        """Make everything in a store older."""
        code = (
            "import sys; from datetime import timedelta; from dataclasses import replace\n"
            "from pathlib import Path; from refctl.core.paths import Paths, write_atomically\n"
            "from refctl.secrets import store; from refctl.tools import age\n"
            "paths, name, back = Paths(Path.cwd()), sys.argv[1], timedelta(days=int(sys.argv[2]))\n"
            "one = store.read(paths, name, age.find(paths.root))\n"
            "old = {k: replace(e, set_at=e.set_at - back) for k, e in one.entries.items()}\n"
            "turns = {k: replace(r, at=r.at - back) for k, r in one.rotations.items()}\n"
            "text = store.write(replace(one, entries=old, rotations=turns), one.recipients)\n"
            "write_atomically(store.file_of(paths, name), text)\n"
        )
        subprocess.run(
            [sys.executable, "-c", code, name, str(days)],
            cwd=self.root,
            env={**self.env, "PYTHONPATH": str(Path(__file__).parents[1])},
            check=True,
        )


@pytest.fixture(scope="module")
def template() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        # Started by root, PostgreSQL runs as another user, out of this checkout's environment.
        Path(folder).chmod(0o755)
        root = make_checkout(Path(folder))
        subprocess.run(["git", "init", "--quiet", root], check=True)
        argv = ["git", "remote", "add", "origin", "git@github.com:octo/app.git"]
        subprocess.run(argv, cwd=root, check=True)
        yield root


SERVE = """
import sys, tempfile, warnings
warnings.simplefilter("ignore")
try:
    import pgserver
except ImportError:
    sys.exit()
from pathlib import Path
with tempfile.TemporaryDirectory() as folder:
    server = pgserver.get_server(folder, cleanup_mode="delete")
    server.psql(f"CREATE ROLE app SUPERUSER LOGIN PASSWORD '{sys.argv[1]}'")
    server.psql("CREATE DATABASE app OWNER app")
    (Path(folder) / "pg_hba.conf").write_text("local all all scram-sha-256")
    place = server.get_uri().partition("host=")[2]
    print(place, Path(pgserver.__file__).parent / "pginstall" / "bin", flush=True)
    sys.stdin.readline()
    server.cleanup()
"""


@pytest.fixture
def postgres(project: Project) -> Iterator[str]:
    """The folder of the socket of a database that asks `app` for CANARY."""
    project.run("init", "-e", "production")  # which installs the backend
    argv = [str(project.root / "app/backend/.venv/bin/python"), "-c", SERVE, CANARY]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        said = server.stdout.readline().split()
        if not said:
            pytest.skip("pgserver is not installed: it has wheels for Python 3.11 and 3.12")
        project.env["PATH"] = f"{said[1]}{os.pathsep}{project.env['PATH']}"
        url = f"postgresql://app:{CANARY}@/app?host={said[0]}"
        reload = subprocess.run(
            ["psql", "--no-psqlrc", "-tAc", "SELECT pg_reload_conf()", url],
            env=project.env,
            check=True,
            capture_output=True,
            text=True,
        )
        assert reload.stdout.strip() == "t"
        yield url
        server.communicate("\n")


@pytest.fixture
def server() -> Iterator[GitHub]:
    with GitHub() as one:
        for name in ("development", "staging", "production"):
            one.routes.environments[name] = {"name": name}
            one.routes.add_store(name)
        yield one


@pytest.fixture
def project(template: Path, server: GitHub, tmp_path: Path) -> Iterator[Project]:
    yield Project(template, tmp_path / "home", server)
    shutil.rmtree(template / "secrets", ignore_errors=True)
    for file in (template / ".refctl/runs").glob("secrets-*"):
        file.unlink()


def backend(project: Project, code: str, given: Any) -> Any:
    """Ask the application itself."""
    said = subprocess.run(
        [project.root / "app/backend/.venv/bin/python", "-c", code],
        cwd=project.root / "app/backend",
        env=project.env,
        input=json.dumps(given),
        capture_output=True,
        check=True,
        text=True,
    )
    return json.loads(said.stdout)


def test_init_makes_what_the_application_needs_and_then_nothing(project: Project) -> None:
    shown = project.run("init", "--dry-run")
    assert shown.returncode == 0, shown.stderr
    assert "production: would make DATABASE_URL, JWT_SECRET_KEY" in shown.stdout
    assert not (project.root / "secrets").exists()
    assert not project.identity.exists()

    said = project.run("init")
    assert said.returncode == 0, said.stderr
    assert f"Your identity is {project.identity}" in said.stdout
    assert project.identity.stat().st_mode & 0o777 == 0o600
    assert set(project.kept("production")) == {"DATABASE_URL", "JWT_SECRET_KEY"}
    assert set(project.kept("development")) == {"DEMO_PASSWORD", "JWT_SECRET_KEY"}
    stores = ("development", "staging", "production")
    assert len({project.kept(name)["JWT_SECRET_KEY"] for name in stores}) == 3
    file = project.root / "secrets/production.age"
    assert file.stat().st_mode & 0o777 == 0o600
    before = file.read_bytes()
    assert project.data("init")["made"] == {}
    assert file.read_bytes() == before
    text = "".join(project.said)
    for name in ("development", "staging", "production"):
        assert not [value for value in project.kept(name).values() if value in text]


def test_the_application_takes_what_was_made(project: Project) -> None:
    project.run("init", "-e", "production")
    code = (
        "import json, os, sys; os.environ.update(json.load(sys.stdin), ENVIRONMENT='production',"
        "BACKEND_CORS_ORIGINS='https://x.test')\n"
        "from app.core.config import load; print(json.dumps(load(files=()).settings.is_deployed))"
    )
    assert backend(project, code, project.kept("production")) is True


def test_set_takes_a_pipe_a_file_and_a_prompt(project: Project, tmp_path: Path) -> None:
    project.run("init", "-e", "production")
    said = project.run("set", "API_TOKEN", "-e", "production", given=f"{CANARY}\n")
    assert said.returncode == 0, said.stderr
    assert project.kept("production")["API_TOKEN"] == CANARY
    assert project.data("set", "API_TOKEN", "-e", "production", given=CANARY)["changed"] is False
    file = tmp_path / "value"
    file.write_text(OTHER)
    project.run("set", "API_TOKEN", "-e", "production", "--file", str(file))
    assert project.kept("production")["API_TOKEN"] == OTHER

    ours, theirs = pty.openpty()
    typed = subprocess.Popen(
        [sys.executable, "-m", "refctl", "secrets", "set", "API_TOKEN", "-e", "production"],
        cwd=project.root,
        env=project.env,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    seen = b""
    while b"API_TOKEN: " not in seen:
        seen += os.read(ours, 1000)
    os.write(ours, f"{CANARY}\n".encode())
    while typed.poll() is None or b"is set" not in seen:
        try:
            seen += os.read(ours, 1000)
        except OSError:  # the other end is closed
            break
    assert typed.wait(timeout=30) == 0
    os.close(ours)
    assert CANARY.encode() not in seen
    assert project.kept("production")["API_TOKEN"] == CANARY


@pytest.mark.parametrize("words", [["API_TOKEN", CANARY], [f"API_TOKEN={CANARY}"]])
def test_a_value_on_the_command_line_is_refused_and_not_repeated(
    project: Project, words: list[str]
) -> None:
    said = project.run("set", *words, "-e", "production")
    assert said.returncode == 2
    assert "which others and the shell's history see" in said.stderr
    assert CANARY not in said.stdout + said.stderr


def test_list_tells_ages_and_keys_by_the_application_s_own_names(project: Project) -> None:
    project.run("init")
    project.age("production", 30)
    rows = {(one["store"], one["name"]): one for one in project.data("list")["secrets"]}
    row = rows["production", "JWT_SECRET_KEY"]
    assert (row["age_days"], row["due_in_days"] in {59, 60}, row["state"]) == (30, True, "in use")
    code = (
        "import json, sys; from app.core.security import name_key\n"
        "print(json.dumps(name_key(json.load(sys.stdin))))"
    )
    assert row["kid"] == backend(project, code, project.kept("production")["JWT_SECRET_KEY"])
    first = project.run("list").stdout.splitlines()[1]
    assert first.startswith("production")  # the first that is due


def test_check_refuses_and_says_what_to_do(project: Project) -> None:
    empty = project.run("check")
    assert empty.returncode == 1
    assert "refctl secrets init -e production" in empty.stdout
    project.run("init")
    assert project.run("check").returncode == 0
    project.run("set", "JWT_SECRET_KEY", "-e", "staging", given="changeme" * 5)
    project.run("set", "JWT_SECRET_KEY", "-e", "production", given="short")
    project.age("development", 91)
    found = {
        (one["store"], one["name"]): one["problem"]
        for one in project.data("check")["findings"]
        if one["grave"]
    }
    assert found == {
        ("staging", "JWT_SECRET_KEY"): "a placeholder",
        ("production", "JWT_SECRET_KEY"): "weak: 5 characters, of 32",
        ("development", "JWT_SECRET_KEY"): "expired 1 day ago",
        ("development", "DEMO_PASSWORD"): "expired 1 day ago",
    }
    assert project.run("check", "-e", "production", "--json").returncode == 1


def test_a_replaced_key_signs_nobody_out(project: Project, server: GitHub) -> None:
    project.run("init", "-e", "production")
    assert project.run("sync", "-e", "production").returncode == 0
    states = [project.kept("production")]
    for phase in ("announced", "swapped", "done"):
        if phase == "done":
            early = project.run("rotate", "JWT_SECRET_KEY", "-e", "production")
            assert (early.returncode, "is good until" in early.stderr) == (2, True)
            project.age("production", 1)
        data = project.data("rotate", "JWT_SECRET_KEY", "-e", "production")
        assert data["phase"] == phase
        again = project.run("rotate", "JWT_SECRET_KEY", "-e", "production")
        if phase != "done":
            assert (again.returncode, "does not know the new key yet" in again.stderr) == (2, True)
        assert project.run("sync", "-e", "production").returncode == 0
        states.append(project.kept("production"))
        if phase == "done":
            states[-1] = server.routes.stores["environment:production"].values
    names = ("JWT_SECRET_KEY", "JWT_SECRET_KEY_PREVIOUS")
    keys = [[one.get(name) for name in names] for one in states[:4]]
    code = """
import json, sys
from app.core.config import Settings
from app.core.security import create_access_token, read_access_token
some = [Settings(jwt_secret_key=a, jwt_secret_key_previous=b) for a, b in json.load(sys.stdin)]
for one, other in zip(some, some[1:]):  # two replicas, while the newer is rolled out
    for signs, reads in ((one, other), (other, one), (one, one), (other, other)):
        assert read_access_token(create_access_token(7, "f", signs), reads).user_id == 7
print("true")
"""
    assert backend(project, code, keys[:3]) is True
    assert keys[0][0] != keys[2][0]


def test_after_a_leak_a_key_is_replaced_at_once(project: Project) -> None:
    project.run("init", "-e", "production")
    before = project.kept("production")
    said = project.run("rotate", "JWT_SECRET_KEY", "-e", "production", "--at-once")
    assert said.returncode == 0, said.stderr
    after = project.kept("production")
    assert set(after) == set(before)
    assert after["JWT_SECRET_KEY"] != before["JWT_SECRET_KEY"]
    foreign = project.run("rotate", "NPM_TOKEN", "-e", "production")
    assert (foreign.returncode, "is not made here" in foreign.stderr) == (2, True)


def signs_in(project: Project, url: str, sql: str = "SELECT 1") -> str:
    said = subprocess.run(
        ["psql", "--no-psqlrc", "--no-password", "-tAc", sql, url],
        env=project.env,
        capture_output=True,
        check=False,
        text=True,
    )
    return said.stdout.strip() if said.returncode == 0 else said.stderr


def test_a_database_s_password_is_replaced_while_the_old_one_stays_good(
    project: Project, postgres: str
) -> None:
    project.run("set", "DATABASE_URL", "-e", "production", given=postgres)
    assert project.run("check", "-e", "production", "--database").returncode == 0
    assert signs_in(project, postgres, "CREATE TABLE one (); SELECT 1").endswith("1")

    said = project.run("rotate", "DATABASE_URL", "-e", "production", "--verbose")
    assert said.returncode == 0, said.stderr
    new = project.kept("production")["DATABASE_URL"]
    assert "app_next:" in new
    assert signs_in(project, postgres) == signs_in(project, new) == "1"
    # What either makes belongs to both.
    signs_in(project, new, "CREATE TABLE two (); DROP TABLE one")
    owners = "SELECT string_agg(relname || ' ' || relowner::regrole, ',') FROM pg_class"
    assert signs_in(project, new, f"{owners} WHERE relname IN ('one', 'two')") == "two app"
    early = project.run("rotate", "DATABASE_URL", "-e", "production")
    assert (early.returncode, "may be in use until" in early.stderr) == (2, True)

    project.age("production", 1)
    assert project.data("rotate", "DATABASE_URL", "-e", "production")["phase"] == "done"
    assert "password authentication failed" in signs_in(project, postgres)
    assert signs_in(project, new) == "1"
    assert project.data("rotate", "DATABASE_URL", "-e", "production")["phase"] == "swapped"
    back = project.kept("production")["DATABASE_URL"]
    assert "app:" in back
    assert signs_in(project, back) == "1"
    said = project.run("rotate", "DATABASE_URL", "-e", "production", "--at-once")
    assert said.returncode == 0, said.stderr
    assert "password authentication failed" in signs_in(project, back)
    assert signs_in(project, project.kept("production")["DATABASE_URL"]) == "1"
    assert CANARY not in "".join(project.said)
    assert not list((project.root / ".refctl").glob(".rotate-*"))


def test_a_database_that_was_initialised_with_another_password_is_found(
    project: Project, postgres: str
) -> None:
    place = postgres.partition("@")[2]
    url = f"postgresql://app:Zt7xRk29QmVn4LpYc8WsHd3@{place}"
    project.run("set", "DATABASE_URL", "-e", "production", given=url)
    data = project.data("check", "-e", "production", "--database")
    (found,) = data["findings"]
    assert found["problem"] == "the database was initialised with another password"
    assert "remove the volume, which loses its data" in found["hint"]
    said = project.run("rotate", "DATABASE_URL", "-e", "production")
    assert (said.returncode, "password authentication failed" in said.stderr) == (5, True)
    assert project.kept("production")["DATABASE_URL"] == url  # nothing was kept that nobody took

    gone = "postgresql://app:Zt7xRk29QmVn4LpYc8WsHd3@/app?host=/nowhere"
    project.run("set", "DATABASE_URL", "-e", "production", given=gone)
    data = project.data("check", "-e", "production", "--database")
    assert data["findings"] == []
    assert data["notes"] == ["production: the database did not answer: not asked for its password"]


def test_sync_sends_what_changed_and_takes_away_what_is_no_longer_kept(
    project: Project, server: GitHub
) -> None:
    project.run("init", "-e", "production")
    theirs = server.routes.stores["environment:production"]
    theirs.values["THEIRS"], theirs.dates["THEIRS"] = "x", "2020"
    shown = project.data("sync", "-e", "production", "--dry-run")
    assert (set(shown["set"]), shown["applied"]) == ({"DATABASE_URL", "JWT_SECRET_KEY"}, False)
    assert server.writes() == []
    project.data("sync", "-e", "production")
    assert theirs.values == {**project.kept("production"), "THEIRS": "x"}
    assert server.writes() == [f"PUT {ENVIRONMENT}/{n}" for n in ("DATABASE_URL", "JWT_SECRET_KEY")]
    assert project.data("sync", "-e", "production")["set"] == {}
    assert len(server.writes()) == 2

    theirs.dates["DATABASE_URL"] = "2030"
    del theirs.values["JWT_SECRET_KEY"]
    assert project.data("sync", "-e", "production")["set"] == {
        "DATABASE_URL": "was set there by somebody else",
        "JWT_SECRET_KEY": "was removed there",
    }
    assert theirs.values == {**project.kept("production"), "THEIRS": "x"}


@pytest.fixture
def amazon(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """The variables of an AWS on loopback."""
    one = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    one.start()
    host, port = one.get_host_and_port()
    env = {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_REGION": "eu-central-1",
        "AWS_ACCESS_KEY_ID": "made-up",
        "AWS_SECRET_ACCESS_KEY": "made-up",
        "NO_PROXY": host,
    }
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    # What it holds is the process's, not the server's.
    reset = urllib.request.Request(f"http://{host}:{port}/moto-api/reset", method="POST")
    urllib.request.build_opener(urllib.request.ProxyHandler({})).open(reset).close()
    yield env
    one.stop()


def test_aws_has_one_secret_an_environment_and_keeps_what_others_put_there(
    project: Project, amazon: dict[str, str]
) -> None:
    manager = boto3.client("secretsmanager", region_name="eu-central-1")

    def there() -> dict[str, str]:
        text = manager.get_secret_value(SecretId="refapp/production")["SecretString"]
        values: dict[str, str] = json.loads(text)
        return values

    project.env |= amazon
    project.run("init", "-e", "production")
    project.run("set", "API_TOKEN", "-e", "production", given=CANARY)
    words = ("sync", "-e", "production", "--to", "aws")
    shown = project.data(*words, "--dry-run")
    assert (set(shown["set"]), shown["applied"]) == (set(project.kept("production")), False)
    with pytest.raises(manager.exceptions.ResourceNotFoundException):
        there()
    with watched(CANARY) as seen:
        done = project.run(*words, "--verbose")
    assert (done.returncode, seen) == (0, set()), done.stderr
    assert there() == project.kept("production")
    assert project.data(*words)["set"] == {}

    values = {**there(), "THEIRS": "x", "API_TOKEN": "changed by hand"}
    manager.put_secret_value(SecretId="refapp/production", SecretString=json.dumps(values))
    assert project.data(*words)["set"] == {"API_TOKEN": "differs there"}
    assert there() == {**project.kept("production"), "THEIRS": "x"}
    assert project.run("rotate", "JWT_SECRET_KEY", "-e", "production").returncode == 0
    early = project.run("rotate", "JWT_SECRET_KEY", "-e", "production")
    assert "aws does not know the new key yet" in early.stderr
    journals = [file.read_text() for file in (project.root / ".refctl/runs").glob("secrets-*")]
    assert CANARY not in "".join([*project.said, *journals])
    assert "CreateSecret refapp/production" in "".join(journals)


def test_what_aws_does_not_take_is_told(project: Project, amazon: dict[str, str]) -> None:
    project.env |= amazon
    project.run("init", "-e", "production")
    words = ("sync", "-e", "production", "--to", "aws")
    manager = boto3.client("secretsmanager", region_name="eu-central-1")
    manager.create_secret(Name="refapp/production", SecretString="not JSON")
    said = project.run(*words)
    assert (said.returncode, "is no JSON object of secrets" in said.stderr) == (3, True)
    manager.delete_secret(SecretId="refapp/production")
    said = project.run(*words)
    assert (said.returncode, "restore-secret" in said.stderr) == (6, True), said.stderr
    del project.env["AWS_REGION"]
    said = project.run(*words)
    assert (said.returncode, "no region of AWS" in said.stderr) == (3, True), said.stderr
    project.env |= amazon
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        del project.env[name]
    said = project.run(*words, AWS_EC2_METADATA_DISABLED="true")
    assert (said.returncode, "no credentials for AWS" in said.stderr) == (3, True), said.stderr
    project.env |= amazon
    said = project.run(*words, AWS_ENDPOINT_URL="http://127.0.0.1:9", AWS_MAX_ATTEMPTS="1")
    assert (said.returncode, "AWS did not answer" in said.stderr) == (6, True), said.stderr
    said = project.run("sync", "-e", "repository", "--to", "aws")
    assert (said.returncode, "is GitHub's own" in said.stderr) == (2, True)


def test_each_place_has_secrets_and_a_key_of_its_own(project: Project, server: GitHub) -> None:
    project.run("init", "-e", "staging")
    project.run("set", "NPM_TOKEN", "-e", "repository", given=CANARY)
    project.run("set", "NPM_TOKEN", "-e", "dependabot", given=OTHER)
    for name in ("staging", "repository", "dependabot"):
        assert project.run("sync", "-e", name, "--to", "github").returncode == 0
    stores = server.routes.stores
    assert stores["actions"].values == {"NPM_TOKEN": CANARY}
    assert stores["dependabot"].values == {"NPM_TOKEN": OTHER}
    assert stores["environment:staging"].values == project.kept("staging")
    assert stores["environment:production"].values == {}


def test_an_environment_that_github_lacks_is_told_how_to_make(
    project: Project, server: GitHub
) -> None:
    project.run("init", "-e", "production")
    del server.routes.environments["production"]
    said = project.run("sync", "-e", "production")
    assert said.returncode == 6
    assert "make the environment first: refctl github environments" in said.stderr


def test_a_team_reads_what_it_is_named_for(project: Project) -> None:
    project.run("init", "-e", "production")
    new = x25519.Identity.generate()
    theirs = {"REFCTL_AGE_IDENTITY": str(new)}
    said = project.run("list", **theirs)
    assert (said.returncode, str(new.to_public()) in said.stderr) == (3, True)
    said = project.run("set", "X", "-e", "staging", given=CANARY, **theirs)
    assert (said.returncode, "you could not read" in said.stderr) == (3, True)
    with (project.root / "secrets/recipients.txt").open("a") as file:
        file.write(f"{new.to_public()} # new\n")
    assert project.run("init", "-e", "production").returncode == 0
    assert project.run("list", **theirs).returncode == 0
    assert project.run("set", "X", "-e", "staging", given=CANARY, **theirs).returncode == 0


def test_without_an_identity_it_says_how_to_get_one(project: Project, tmp_path: Path) -> None:
    project.run("init", "-e", "production")
    said = project.run("list", XDG_CONFIG_HOME=str(tmp_path / "elsewhere"))
    assert said.returncode == 3
    assert "there is no age identity" in said.stderr
    assert "secrets/recipients.txt" in said.stderr


def test_two_at_once_both_arrive(project: Project) -> None:
    project.run("init", "-e", "production")
    threads = [
        threading.Thread(
            target=project.run, args=("set", f"T{n}", "-e", "production"), kwargs={"given": CANARY}
        )
        for n in range(4)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert {f"T{n}" for n in range(4)} <= set(project.kept("production"))


@contextlib.contextmanager
def watched(word: str) -> Iterator[set[str]]:
    """Look at every process's command line and environment, all the while."""
    seen: set[str] = set()
    over = threading.Event()

    def watch() -> None:
        proc = Path("/proc")
        while not over.is_set():
            for file in (*proc.glob("[0-9]*/cmdline"), *proc.glob("[0-9]*/environ")):
                with contextlib.suppress(OSError):
                    if word.encode() in file.read_bytes():
                        seen.add(str(file))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()


def test_a_secret_is_in_no_output_no_journal_no_process_and_not_in_git(
    project: Project, server: GitHub
) -> None:
    with watched(CANARY) as seen:
        project.run("init", "-e", "production", "--verbose")
        url = f"postgresql://u:{CANARY}@127.0.0.1:9/x"
        for name, value in (("JWT_SECRET_KEY", CANARY), ("DATABASE_URL", url)):
            project.run("set", name, "-e", "production", "--verbose", given=value)
        server.fail(422, {"message": f"no {CANARY}"}, method="PUT")
        for words in (
            ("sync", "-e", "production", "--dry-run"),
            ("sync", "-e", "production"),
            ("sync", "-e", "production", "--verbose"),
            ("list", "--json"),
            ("check", "--json"),
            ("rotate", "JWT_SECRET_KEY", "-e", "production", "--verbose"),
        ):
            project.run(*words)
    assert seen == set()
    assert server.routes.stores["environment:production"].values["JWT_SECRET_KEY"] == CANARY
    assert CANARY not in "".join(project.said)
    subprocess.run(["git", "add", "--all", "--force", "secrets"], cwd=project.root, check=True)
    left = [*(project.root / ".refctl").rglob("*"), *(project.root / "secrets").rglob("*")]
    left += [*(project.root / ".git").rglob("*")]
    for file in left:
        assert not file.is_file() or CANARY.encode() not in file.read_bytes(), file
    assert [file for file in left if file.name.startswith("secrets-")], "there is a journal"
    assert not any(CANARY.encode() in one.raw for one in server.requests)


def test_the_watch_sees_what_is_on_a_command_line() -> None:
    with watched(f"{CANARY}-seen") as seen:
        subprocess.run(
            [sys.executable, "-c", "import time; time.sleep(1)", f"{CANARY}-seen"], check=True
        )
    assert bool(seen) is Path("/proc/self").exists()
