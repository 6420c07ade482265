"""Secrets in Docker Swarm: one a value, with a name that tells values apart; none ever changes.

A service names the one that it has, so it gets another by a deployment, and goes back by another.
The name is public: its digest is keyed, or a weak value could be guessed from it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from refctl.core.plan import Call, Step
from refctl.secrets import sending
from refctl.tools.swarm import Swarm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from refctl.core.result import Result
    from refctl.secrets.session import Session
    from refctl.secrets.store import Store
    from refctl.tools.swarm import Held

TARGET = "swarm"
MANAGED, STORE, NAME = "dev.refctl.managed", "dev.refctl.store", "dev.refctl.name"


@dataclass(frozen=True, slots=True)
class Due:
    """What has to be done."""

    names: dict[str, str]
    """What each secret is called there."""
    put: dict[str, str]
    """Why each is made."""
    gone: tuple[Held, ...]
    kept: tuple[Held, ...]
    """Superseded, and still had by a service."""


def due(project: str, store: Store, there: Sequence[Held]) -> Due:
    """Compare what is kept with what is there."""
    names = {one: f"{project}_{store.name}_{one}_{store.mark(one)}" for one in store.entries}
    held = {one.name for one in there}
    before = {one.labels.get(NAME) for one in there}
    put = {
        one: "changed here" if one in before else "is not there"
        for one, name in names.items()
        if name not in held
    }
    old = [one for one in there if one.name not in names.values()]
    return Due(
        names,
        put,
        tuple(one for one in old if not one.users),
        tuple(one for one in old if one.users),
    )


def sync(session: Session, name: str) -> Result:
    """Make what the swarm lacks, and remove what no service has any longer."""
    sending.only_environments(name)
    project = session.config.project.name
    labels = {MANAGED: "true", STORE: f"{project}-{name}"}
    with session.locked():
        store = session.require(name)
        steps: list[Step] = []
        if not store.salt:
            store = store.salted()
            # Kept first: with another salt, all would have other names the next time.
            steps.append(session.writing(store, "Keep a key for names of secrets"))
        swarm = Swarm()
        todo = due(project, store, swarm.read(labels))
        calls = {
            f"create-{one}": Call("create", todo.names[one], {"name": one}) for one in todo.put
        }
        calls |= {f"remove-{one.name}": Call("remove", one.name) for one in todo.gone}
        for step, call in calls.items():
            needs = (steps[-1].id,) if steps else ()
            title = f"{call.method.capitalize()} {call.path} in the swarm"
            steps.append(Step(step, title, (call,), needs=needs))

        def act(call: Call) -> None:
            if call.body is None:
                swarm.remove(call.path)
            else:
                one = call.body["name"]
                swarm.create(call.path, store.entries[one].value, {**labels, NAME: one})

        lines = session.do(steps, on_call=act) if steps else ()
        if not session.dry_run:
            sending.remember(session, store, TARGET, dict.fromkeys(store.entries, ""))
    lines += tuple(f"kept: {one.name}, of {', '.join(one.users)}" for one in todo.kept)
    gone = [one.name for one in todo.gone]
    kept = {one.name: list(one.users) for one in todo.kept}
    more = {"names": todo.names, "kept": kept}
    return sending.told(session, TARGET, f"swarm {swarm.address}", todo.put, gone, lines, more)
