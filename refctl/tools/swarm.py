"""Secrets of a Docker Swarm, by Docker's own client: values stand in request bodies alone."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from refctl.core.errors import ConfigurationError, MissingToolError, RemoteRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from refctl.core.redact import Secret

HINTS = {
    400: "a name may have 64 characters: PROJECT_ENVIRONMENT_NAME and what tells values apart",
    409: "somebody made or uses it since: run the same command again",
    503: "on its first machine: docker swarm init; elsewhere ask a manager: export DOCKER_CONTEXT",
}


@dataclass(frozen=True, slots=True)
class Held:
    """A secret as it is there: its value is never told."""

    id: str
    name: str
    labels: Mapping[str, str]
    users: tuple[str, ...] = ()
    """The services that have it, or would have it again after a rollback."""


class Swarm:
    """Speaks with the engine of DOCKER_HOST, DOCKER_CONTEXT or docker's current context."""

    def __init__(self) -> None:
        try:
            import docker
        except ImportError:
            raise MissingToolError(
                "Docker's client is not installed", hint="uv tool install 'refctl[swarm]'"
            ) from None
        with _refusals("the engine"):
            self._api = docker.from_env(timeout=30).api
            swarm = self._api.info().get("Swarm") or {}
        if not swarm.get("ControlAvailable"):
            raise ConfigurationError(
                f"Docker at {self._api.base_url} is no manager of a swarm",
                hint=HINTS[503],
            )
        self.address = str(swarm["Cluster"]["ID"])

    def read(self, labels: Mapping[str, str]) -> tuple[Held, ...]:
        """Return the secrets that have all of these labels."""
        with _refusals("secrets"):
            wanted = [f"{name}={value}" for name, value in labels.items()]
            found = self._api.secrets(filters={"label": wanted})
            services = self._api.services() if found else []
        users: dict[str, list[str]] = {}
        for service in services:
            for secret in _used(service):
                users.setdefault(secret, []).append(service["Spec"]["Name"])
        return tuple(
            Held(
                one["ID"],
                one["Spec"]["Name"],
                one["Spec"].get("Labels") or {},
                tuple(sorted(users.get(one["ID"], ()))),
            )
            for one in found
        )

    def create(self, name: str, value: Secret, labels: Mapping[str, str]) -> None:
        """Make a secret; it never changes."""
        with _refusals(name):
            self._api.create_secret(name, value.reveal(), dict(labels))

    def remove(self, name: str) -> None:
        """Remove a secret; the engine refuses while a service has it."""
        with _refusals(name):
            self._api.remove_secret(name)


def _used(service: Mapping[str, Any]) -> set[str]:
    specs = (service.get("Spec"), service.get("PreviousSpec"))
    return {
        one["SecretID"]
        for spec in specs
        if spec
        for one in spec["TaskTemplate"].get("ContainerSpec", {}).get("Secrets") or ()
    }


@contextmanager
def _refusals(what: str) -> Iterator[None]:
    from docker.errors import APIError, DockerException
    from requests import RequestException

    try:
        yield
    except APIError as no:
        said = " ".join(str(no.explanation or no).split())
        status = int(no.status_code or 0)
        raise RemoteRefusedError(
            f"Docker refused {what}: {status} {said}", hint=HINTS.get(status, "docker info")
        ) from None
    except (DockerException, RequestException) as error:
        raise RemoteRefusedError(
            f"Docker did not answer for {what}: {error}",
            hint="start it, or name the right one: docker context ls, export DOCKER_CONTEXT",
        ) from None
