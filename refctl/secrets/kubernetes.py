"""Secrets in Kubernetes: one Secret an environment, of which refctl owns the keys that it set.

It is applied by the cluster (server-side apply): the cluster itself keeps who set which key, so
keys that others put there stay, and a key that is no longer kept goes.
"""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

from refctl.core.errors import RemoteRefusedError
from refctl.core.plan import Call, Step
from refctl.core.redact import REDACTOR
from refctl.secrets import sending
from refctl.tools.kubernetes import MANAGER, Cluster, Place

if TYPE_CHECKING:
    from typing import Any

    from refctl.core.config import Config
    from refctl.core.result import Result
    from refctl.secrets.session import Session
    from refctl.secrets.store import Store
    from refctl.tools.kubernetes import Held

TARGET = "kubernetes"
MANAGED = "app.kubernetes.io/managed-by"
INSTANCE = "app.kubernetes.io/instance"


def place_of(config: Config, name: str) -> Place:
    """Return where a store's Secret is."""

    def fill(pattern: str) -> str:
        return pattern.replace("{project}", config.project.name).replace("{environment}", name)

    where = config.secrets.kubernetes
    return Place(fill(where.namespace), fill(where.name))


def labels(config: Config, name: str) -> dict[str, str]:
    """Return by what a store's Secret is known."""
    project = config.project.name
    return {
        MANAGED: MANAGER,
        INSTANCE: f"{project}-{name}",
        "app.kubernetes.io/part-of": project,
    }


def check_owner(place: Place, held: Held, wanted: dict[str, str]) -> None:
    """Refuse a Secret that somebody else made, or that another store is sent to.

    Raises:
        RemoteRefusedError: it is not this store's.

    """
    choose = "set another secrets.kubernetes.name or namespace in refctl.toml"
    if held.labels.get(MANAGED) != MANAGER:
        raise RemoteRefusedError(
            f"the Secret {place} is there and refctl did not make it",
            hint=f"{choose}, or hand it over: kubectl label secret --overwrite "
            f"-n {place.namespace} {place.name} {MANAGED}={MANAGER}",
        )
    if held.labels.get(INSTANCE, wanted[INSTANCE]) != wanted[INSTANCE]:
        raise RemoteRefusedError(
            f"the Secret {place} holds what {held.labels[INSTANCE]} has", hint=choose
        )


def due(store: Store, held: Held | None) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return what has to be set and why, and what has to go."""
    if held is None:
        return sending.differing(_encoded(store), {}), ()
    gone = tuple(sorted(held.ours & held.data.keys() - store.entries.keys()))
    return sending.differing(_encoded(store), held.data), gone


def sync(session: Session, name: str) -> Result:
    """Bring the environment's Secret to what is kept."""
    sending.only_environments(name)
    place, wanted = place_of(session.config, name), labels(session.config, name)
    with session.locked():
        store = session.require(name)
        cluster = Cluster(session.config.secrets.kubernetes.context)
        held = cluster.read(place)
        if held is not None:
            check_owner(place, held, wanted)
        put, gone = due(store, held)
        lines: tuple[str, ...] = ()
        if put or gone:
            call = Call("apply", f"secret {place}", _body(place, wanted, store))

            def apply(action: Call) -> None:
                # One that somebody made since is not taken over: its labels are in the way.
                cluster.apply(place, action.body or {}, force=held is not None)

            step = Step(TARGET, f"Send {name} to Kubernetes", (call,))
            lines = session.do([step], on_call=apply)
        if not session.dry_run:
            sending.remember(session, store, TARGET, dict.fromkeys(store.entries, ""))
    return sending.told(session, TARGET, f"{cluster.address}, {place}", put, gone, lines)


def _encoded(store: Store) -> dict[str, str]:
    found = {}
    for name, entry in store.entries.items():
        found[name] = b64encode(entry.value.reveal().encode()).decode()
        # A refusal may repeat it.
        REDACTOR.add(found[name])
    return found


def _body(place: Place, wanted: dict[str, str], store: Store) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "type": "Opaque",
        "metadata": {"name": place.name, "namespace": place.namespace, "labels": wanted},
        "data": _encoded(store),
    }
