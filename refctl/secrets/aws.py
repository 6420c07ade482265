"""Secrets in AWS Secrets Manager: one secret an environment, a JSON object by name.

ECS takes a key of it by `arn:…:NAME::`. AWS gives values back: they are compared as such.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from refctl.core.plan import Call, Step
from refctl.core.redact import Secret
from refctl.secrets import sending
from refctl.tools.aws import SecretsManager

if TYPE_CHECKING:
    from collections.abc import Mapping

    from refctl.core.result import Result
    from refctl.secrets.session import Session
    from refctl.secrets.store import Store

TARGET = "aws"


def due(
    store: Store, there: Mapping[str, Any] | None
) -> tuple[dict[str, str], tuple[str, ...], dict[str, Any]]:
    """Return what has to be set and why, what has to go, and all that shall be there then."""
    now = there or {}
    wanted = {name: entry.value.reveal() for name, entry in store.entries.items()}
    put = sending.differing(wanted, now)
    sent = store.sent.get(TARGET, {})
    gone = tuple(name for name in now if name in sent and name not in store.entries)
    kept = {name: value for name, value in now.items() if name not in gone}
    return put, gone, kept | wanted


def sync(session: Session, name: str) -> Result:
    """Bring the environment's secret to what is kept; names that others put there are let be."""
    sending.only_environments(name)
    place = f"{session.config.project.name}/{name}"
    with session.locked():
        store = session.require(name)
        manager = SecretsManager()
        there = manager.read(place)
        put, gone, kept = due(store, there)
        lines: tuple[str, ...] = ()
        if put or gone:
            operation = "CreateSecret" if there is None else "PutSecretValue"
            body = {"SecretString": Secret(json.dumps(kept))}
            step = Step(TARGET, f"Send {name} to AWS", (Call(operation, place, body),))
            lines = session.do(
                [step],
                on_call=lambda call: manager.perform(call.method, call.path, call.body or {}),
            )
        if not session.dry_run:
            sending.remember(session, store, TARGET, dict.fromkeys(store.entries, ""))
    return sending.told(session, TARGET, f"AWS, {place}", put, gone, lines)
