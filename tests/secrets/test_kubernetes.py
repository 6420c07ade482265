"""Secrets sent to a real Kubernetes."""

from __future__ import annotations

import json
import subprocess
import time
from base64 import b64decode, b64encode
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from kubernetes import client, config

from tests.checkout import beside
from tests.secrets.project import CANARY, OTHER, Project, watched

if TYPE_CHECKING:
    from collections.abc import Iterator

PLACE = "refapp-production"
WORDS = ("sync", "-e", "production", "--to", "kubernetes")
MANAGED = "app.kubernetes.io/managed-by"


class Cluster:
    """The Secret that refctl sends, seen as others see it."""

    def __init__(self, kubeconfig: Path) -> None:
        self.kubeconfig = kubeconfig
        self.api = client.CoreV1Api(config.new_client_from_config(str(kubeconfig)))

    def make(self) -> None:
        self.api.create_namespace({"metadata": {"name": PLACE}})

    def take_away(self) -> None:
        self.api.delete_namespace(PLACE)
        over = time.monotonic() + 60
        while PLACE in {one.metadata.name for one in self.api.list_namespace().items}:
            assert time.monotonic() < over, f"the namespace {PLACE} does not go"
            time.sleep(0.2)

    def create(self, values: dict[str, str], labels: dict[str, str], **more: Any) -> None:
        about = {"metadata": {"name": PLACE, "labels": labels}, "stringData": values}
        self.api.create_namespaced_secret(PLACE, {**about, **more})

    def change(self, values: dict[str, str]) -> None:
        """Set keys, as kubectl and people do."""
        data = {name: b64encode(value.encode()).decode() for name, value in values.items()}
        self.api.patch_namespaced_secret(PLACE, PLACE, {"data": data}, field_manager="kubectl-edit")

    def secret(self) -> dict[str, Any]:
        answer = self.api.read_namespaced_secret(PLACE, PLACE, _preload_content=False)
        found: dict[str, Any] = json.loads(answer.data)
        return found

    def values(self) -> dict[str, str]:
        return {name: b64decode(one).decode() for name, one in self.secret()["data"].items()}


@pytest.fixture
def cluster(project: Project) -> Iterator[Cluster]:
    program = beside("kubernetes/cluster")
    if program is None:
        pytest.skip("no shared/kubernetes/cluster beside the repository: it starts a Kubernetes")
    said = subprocess.run([program, "kubeconfig"], capture_output=True, check=True, text=True)
    file = Path(said.stdout.strip())
    try:
        one = Cluster(file)
        one.api.get_api_resources(_request_timeout=5)
    except Exception as error:  # noqa: BLE001 - whatever it is, there is no cluster
        pytest.skip(f"no Kubernetes ({type(error).__name__}): {program} up")
    one.make()
    project.env |= {"KUBECONFIG": str(file), "NO_PROXY": "127.0.0.1"}
    yield one
    one.take_away()


def test_kubernetes_has_one_secret_an_environment_and_keeps_what_others_put_there(
    project: Project, cluster: Cluster
) -> None:
    project.run("init", "-e", "production")
    project.run("set", "API_TOKEN", "-e", "production", given=CANARY)
    project.run("set", "OTHER_TOKEN", "-e", "production", given=OTHER)
    shown = project.data(*WORDS, "--dry-run")
    assert (set(shown["set"]), shown["applied"]) == (set(project.kept("production")), False)
    with pytest.raises(client.ApiException, match="404"):
        cluster.secret()
    with watched(CANARY) as seen, watched(b64encode(CANARY.encode()).decode()) as encoded:
        done = project.run(*WORDS, "--verbose")
    assert (done.returncode, seen, encoded) == (0, set(), set()), done.stderr
    assert cluster.values() == project.kept("production")
    assert cluster.secret()["metadata"]["labels"] == {
        MANAGED: "refctl",
        "app.kubernetes.io/instance": "refapp-production",
        "app.kubernetes.io/part-of": "refapp",
    }
    before = cluster.secret()["metadata"]["resourceVersion"]
    assert project.data(*WORDS)["set"] == {}
    assert cluster.secret()["metadata"]["resourceVersion"] == before

    cluster.change({"THEIRS": "x", "API_TOKEN": "changed by hand"})
    assert project.data(*WORDS)["set"] == {"API_TOKEN": "differs there"}
    assert cluster.values() == {**project.kept("production"), "THEIRS": "x"}
    listed = project.data("list", "-e", "production")["secrets"]
    assert {tuple(one["sent"]) for one in listed} == {("kubernetes",)}
    project.forget("production", "OTHER_TOKEN")
    assert project.data(*WORDS)["removed"] == ["OTHER_TOKEN"]
    assert cluster.values() == {**project.kept("production"), "THEIRS": "x"}
    assert "OTHER_TOKEN" not in cluster.values()

    journals = [file.read_text() for file in (project.root / ".refctl/runs").glob("secrets-*")]
    told = "".join([*project.said, *journals])
    assert f"apply secret {PLACE}/{PLACE}" in told
    for value in (CANARY, OTHER):
        assert value not in told
        assert b64encode(value.encode()).decode() not in told


def test_a_secret_of_somebody_else_is_let_be_until_it_is_handed_over(
    project: Project, cluster: Cluster
) -> None:
    project.run("init", "-e", "production")
    cluster.create({"THEIRS": "x", "JWT_SECRET_KEY": "theirs"}, {MANAGED: "Helm"})
    said = project.run(*WORDS)
    assert said.returncode == 6
    assert "refctl did not make it" in said.stderr
    assert f"{MANAGED}=refctl" in said.stderr
    assert cluster.values() == {"THEIRS": "x", "JWT_SECRET_KEY": "theirs"}
    labels = {"metadata": {"labels": {MANAGED: "refctl"}}}
    cluster.api.patch_namespaced_secret(PLACE, PLACE, labels)
    assert project.run(*WORDS).returncode == 0
    assert cluster.values() == {**project.kept("production"), "THEIRS": "x"}

    labels["metadata"]["labels"] = {"app.kubernetes.io/instance": "refapp-staging"}
    cluster.api.patch_namespaced_secret(PLACE, PLACE, labels)
    said = project.run(*WORDS)
    assert (said.returncode, "holds what refapp-staging has" in said.stderr) == (6, True)


def test_what_kubernetes_does_not_take_is_told(
    project: Project, cluster: Cluster, tmp_path: Path
) -> None:
    project.run("init", "-e", "production")
    project.run("init", "-e", "staging")
    said = project.run("sync", "-e", "staging", "--to", "kubernetes")
    assert said.returncode == 6
    assert "kubectl create namespace refapp-staging" in said.stderr
    cluster.create({"JWT_SECRET_KEY": "old"}, {MANAGED: "refctl"}, immutable=True)
    said = project.run(*WORDS)
    assert (said.returncode, "immutable" in said.stderr) == (6, True), said.stderr
    for value in project.kept("production").values():
        assert b64encode(value.encode()).decode() not in said.stderr

    file = tmp_path / "kubeconfig"
    text = cluster.kubeconfig.read_text()
    token = cluster.api.create_namespaced_service_account_token(
        "default", PLACE, {"spec": {"expirationSeconds": 600}}
    ).status.token
    head, _, rest = text.partition("token: ")
    file.write_text(f"{head}token: {token}{rest[rest.index('}') :]}")
    said = project.run(*WORDS, KUBECONFIG=str(file))
    assert (said.returncode, "403" in said.stderr) == (6, True), said.stderr
    assert f"kubectl auth can-i patch secrets -n {PLACE}" in said.stderr
    file.write_text(f"{head}token: made-up{rest[rest.index('}') :]}")
    said = project.run(*WORDS, KUBECONFIG=str(file))
    assert (said.returncode, "kubectl auth whoami" in said.stderr) == (6, True), said.stderr


def test_without_a_cluster_it_is_told_what_to_do(project: Project, tmp_path: Path) -> None:
    project.run("init", "-e", "production")
    said = project.run(*WORDS, KUBECONFIG=str(tmp_path / "none"))
    assert (said.returncode, "export KUBECONFIG=FILE" in said.stderr) == (3, True), said.stderr
    file = tmp_path / "kubeconfig"
    file.write_text(
        "apiVersion: v1\nkind: Config\n"
        "clusters: [{name: a, cluster: {server: 'http://127.0.0.1:9'}}]\n"
        "users: [{name: a, user: {}}]\n"
        "contexts: [{name: a, context: {cluster: a, user: a}}]\ncurrent-context: a\n"
    )
    said = project.run(*WORDS, KUBECONFIG=str(file), NO_PROXY="127.0.0.1")
    assert (said.returncode, "did not answer" in said.stderr) == (6, True), said.stderr
    said = project.run("sync", "-e", "repository", "--to", "kubernetes")
    assert (said.returncode, "is GitHub's own" in said.stderr) == (2, True)
