"""Secrets sent to a real Docker Swarm."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from typing import TYPE_CHECKING, Any

import docker
import pytest
from docker.types import SecretReference

from tests.secrets.project import CANARY, OTHER, Project, watched

if TYPE_CHECKING:
    from collections.abc import Iterator

WORDS = ("sync", "-e", "production", "--to", "swarm")
OURS = {"label": "dev.refctl.store=refapp-production"}


@pytest.fixture
def engine() -> Iterator[Any]:
    try:
        one = docker.from_env(use_context=False)
        state = one.info()["Swarm"]
    except docker.errors.DockerException as error:
        pytest.skip(f"no Docker engine answers ({type(error).__name__}): start one")
    began = state["LocalNodeState"] == "inactive"
    if began:
        one.swarm.init(advertise_addr="127.0.0.1", listen_addr="127.0.0.1:2377")
    elif not state["ControlAvailable"]:
        pytest.skip("this machine's Docker is a worker of a swarm: it needs a manager")
    elif one.secrets.list(filters=OURS):
        pytest.skip("this swarm has secrets of refapp: docker secret ls")
    yield one
    for service in one.services.list(filters={"name": "refctl-test"}):
        service.remove()
    for secret in one.secrets.list(filters=OURS):
        secret.remove()
    if began:
        one.swarm.leave(force=True)
    one.close()


def names(engine: Any) -> set[str]:
    return {one.name for one in engine.secrets.list(filters=OURS)}


def test_a_swarm_gets_a_secret_a_value_and_keeps_what_a_service_has(
    project: Project, engine: Any
) -> None:
    project.run("init", "-e", "production")
    project.run("set", "API_TOKEN", "-e", "production", given=CANARY)
    shown = project.data(*WORDS, "--dry-run")
    assert (set(shown["set"]), names(engine)) == (set(project.kept("production")), set())
    with watched(CANARY) as seen, watched(b64encode(CANARY.encode()).decode()) as encoded:
        done = project.run(*WORDS, "--verbose")
    assert (done.returncode, seen, encoded) == (0, set(), set()), done.stderr
    again = project.data(*WORDS)
    assert (again["set"], again["removed"], again["applied"]) == ({}, [], False)
    assert names(engine) == set(again["names"].values()) == set(shown["names"].values())
    first = again["names"]["API_TOKEN"]
    assert first.startswith("refapp_production_API_TOKEN_")
    plain = {hashlib.sha256(text.encode()).hexdigest() for text in (CANARY, f"API_TOKEN\0{CANARY}")}
    assert first[-12:] not in {one[:12] for one in plain}

    secret = engine.secrets.list(filters={"name": first})[0]
    service = engine.services.create(
        "made-up:none",
        name="refctl-test",
        secrets=[SecretReference(secret.id, first)],
        mode={"Replicated": {"Replicas": 0}},
    )
    project.run("set", "API_TOKEN", "-e", "production", given=OTHER)
    changed = project.data(*WORDS)
    second = changed["names"]["API_TOKEN"]
    assert changed["set"] == {"API_TOKEN": "changed here"}
    assert (changed["removed"], changed["kept"]) == ([], {first: ["refctl-test"]})
    assert f"kept: {first}, of refctl-test" in project.run(*WORDS).stdout
    assert {first, second} <= names(engine)

    new = engine.secrets.list(filters={"name": second})[0]
    service.update(secrets=[SecretReference(new.id, second)])
    # A rollback would need it.
    assert project.data(*WORDS)["kept"] == {first: ["refctl-test"]}
    service.remove()
    assert project.data(*WORDS)["removed"] == [first]
    assert names(engine) == set(changed["names"].values())

    journals = [file.read_text() for file in (project.root / ".refctl/runs").glob("secrets-*")]
    told = "".join([*project.said, *journals])
    assert f"create {first}" in told
    for value in (CANARY, OTHER):
        assert value not in told
        assert b64encode(value.encode()).decode() not in told


def test_secrets_of_others_stay_and_what_a_swarm_refuses_is_told(
    project: Project, engine: Any
) -> None:
    theirs = engine.secrets.create(name="refapp_production_THEIRS", data=b"x")
    try:
        project.run("init", "-e", "production")
        project.run("set", "A" * 60, "-e", "production", given=CANARY)
        said = project.run(*WORDS)
        assert said.returncode == 6
        assert "64 characters" in said.stderr
        project.forget("production", "A" * 60)
        assert project.data(*WORDS)["removed"] == []
        assert engine.secrets.get(theirs.id).name == "refapp_production_THEIRS"
    finally:
        theirs.remove()


def test_without_a_swarm_it_is_told_what_to_do(project: Project) -> None:
    project.run("init", "-e", "production")
    said = project.run(*WORDS, DOCKER_HOST="tcp://127.0.0.1:9", NO_PROXY="127.0.0.1")
    assert (said.returncode, "Docker did not answer" in said.stderr) == (6, True), said.stderr
    try:
        one = docker.from_env(use_context=False)
        inactive = one.info()["Swarm"]["LocalNodeState"] == "inactive"
        one.close()
    except docker.errors.DockerException:
        pytest.skip("no Docker engine answers: start one")
    if inactive:
        said = project.run(*WORDS)
        assert (said.returncode, "no manager of a swarm" in said.stderr) == (3, True), said.stderr
        assert "docker swarm init" in said.stderr
