"""What the tests of whole commands need: a checkout, GitHub, AWS and PostgreSQL on this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from moto.server import ThreadedMotoServer

from tests.checkout import make_checkout
from tests.github.server import GitHub
from tests.secrets.project import CANARY, Project

if TYPE_CHECKING:
    from collections.abc import Iterator

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


@pytest.fixture(scope="session")
def template() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        # Started by root, PostgreSQL runs as another user, out of this checkout's environment.
        Path(folder).chmod(0o755)
        root = make_checkout(Path(folder))
        subprocess.run(["git", "init", "--quiet", root], check=True)
        argv = ["git", "remote", "add", "origin", "git@github.com:octo/app.git"]
        subprocess.run(argv, cwd=root, check=True)
        yield root


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
