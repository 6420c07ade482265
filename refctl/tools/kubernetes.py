"""Secrets of a Kubernetes cluster, by its own client: values stand in request bodies alone."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from refctl.core.errors import ConfigurationError, MissingToolError, RemoteRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MANAGER = "refctl"
"""What the cluster writes down as the owner of what is applied."""
APPLY = "application/apply-patch+yaml"
TIMEOUT = 30
NOT_FOUND = 404


@dataclass(frozen=True, slots=True)
class Place:
    """Where a Secret is."""

    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.namespace}/{self.name}"


@dataclass(frozen=True, slots=True)
class Held:
    """A Secret as it is there."""

    labels: Mapping[str, str]
    data: Mapping[str, str]
    """By key, in Base64 as the cluster has it."""
    ours: frozenset[str]
    """The keys that the cluster knows as set by refctl."""


class Cluster:
    """Speaks with the cluster of one context of the kubeconfig, or the one that it runs in."""

    def __init__(self, context: str = "") -> None:
        try:
            from kubernetes import client
        except ImportError:
            raise MissingToolError(
                "Kubernetes' client is not installed", hint="uv tool install 'refctl[kubernetes]'"
            ) from None
        api = _connect(context)
        self.address = str(api.configuration.host)
        self._api = client.CoreV1Api(api)

    def read(self, place: Place) -> Held | None:
        """Return a Secret; None where there is none."""
        from kubernetes.client import ApiException

        with _refusals(place):
            try:
                found = self._api.read_namespaced_secret(
                    place.name, place.namespace, _preload_content=False, _request_timeout=TIMEOUT
                )
            except ApiException as no:
                if no.status == NOT_FOUND:
                    return None
                raise
            secret = json.loads(found.data)
        about = secret["metadata"]
        return Held(about.get("labels") or {}, secret.get("data") or {}, _owned(about))

    def apply(self, place: Place, body: Mapping[str, Any], *, force: bool) -> None:
        """Have what refctl says of a Secret be so; what others say of it stays.

        `force` takes a key over that somebody else set, too.
        """
        with _refusals(place):
            self._api.patch_namespaced_secret(
                place.name,
                place.namespace,
                dict(body),
                field_manager=MANAGER,
                force=force,
                _content_type=APPLY,
                _preload_content=False,
                _request_timeout=TIMEOUT,
            )


def _connect(context: str) -> Any:
    from kubernetes import client, config

    try:
        return config.new_client_from_config(context=context or None)
    except config.ConfigException as error:
        if context or "KUBERNETES_SERVICE_HOST" not in os.environ:
            words = " ".join(str(error).split())
            raise ConfigurationError(
                f"the kubeconfig does not lead to a cluster: {words}",
                hint="export KUBECONFIG=FILE, or set secrets.kubernetes.context in refctl.toml to "
                "one of: kubectl config get-contexts",
            ) from None
    inside = client.Configuration()
    config.load_incluster_config(client_configuration=inside)
    return client.ApiClient(inside)


def _owned(about: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(
        field.removeprefix("f:")
        for one in about.get("managedFields") or ()
        if one.get("manager") == MANAGER and one.get("operation") == "Apply"
        for field in one.get("fieldsV1", {}).get("f:data", {})
        if field.startswith("f:")
    )


@contextmanager
def _refusals(place: Place) -> Iterator[None]:
    from kubernetes.client import ApiException
    from urllib3.exceptions import HTTPError

    hints = {
        401: "the credentials of the kubeconfig are wrong or have expired: kubectl auth whoami",
        403: "the identity needs get, create and patch of this Secret: "
        f"kubectl auth can-i patch secrets -n {place.namespace}",
        NOT_FOUND: f"kubectl create namespace {place.namespace}",
        409: "somebody changed it at the same time: run the same command again",
        422: "an immutable Secret has to be removed first: "
        f"kubectl delete secret -n {place.namespace} {place.name}",
    }
    try:
        yield
    except ApiException as no:
        raise RemoteRefusedError(
            f"Kubernetes refused {place}: {no.status} {_message(no)}",
            hint=hints.get(no.status or 0, "kubectl get --raw /readyz says how the cluster is"),
        ) from None
    except HTTPError as error:
        raise RemoteRefusedError(
            f"Kubernetes did not answer for {place}: {error}",
            hint="check the network, and that the context is the right one: kubectl cluster-info",
        ) from None


def _message(no: Any) -> str:
    """Return what the cluster's answer says; the client's own words repeat all of its headers."""
    try:
        said = json.loads(no.body).get("message", "")
    except (TypeError, ValueError, AttributeError):
        said = ""
    return " ".join(str(said or no.reason).split())
