"""Secrets on GitHub: each store has a place there, with a key of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from refctl.core.plan import Call, Step
from refctl.secrets import sending
from refctl.tools.github import address, tokens, vault
from refctl.tools.github.client import NOT_FOUND, Client
from refctl.tools.github.refusals import GitHubError
from refctl.tools.github.repository import Repository
from refctl.tools.github.vault import Place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from refctl.core.result import Result
    from refctl.secrets.session import Session
    from refctl.secrets.store import Store

TARGET = "github"
PLACES = {"repository": Place("actions"), "dependabot": Place("dependabot")}


def place_of(name: str) -> Place:
    """Return where a store's secrets go."""
    return PLACES.get(name) or Place("environment", name)


def due(store: Store, there: Mapping[str, str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return what has to be sent, each with the reason, and what has to go.

    Nobody can read a secret there; that it was set by somebody else shows in its date.
    """
    sent = store.sent.get(TARGET, {})
    put = {}
    for name in store.entries:
        before = sent.get(name)
        if name not in there:
            put[name] = "is not there" if before is None else "was removed there"
        elif before is None:
            put[name] = "is somebody else's there"
        elif before.digest != store.digest(TARGET, name):
            put[name] = "changed here"
        elif before.at != there[name]:
            put[name] = "was set there by somebody else"
    return put, tuple(name for name in sent if name not in store.entries and name in there)


def sync(session: Session, name: str) -> Result:
    """Send what GitHub lacks or has otherwise; take away what was sent and is kept no longer."""
    where = address.find(
        session.paths.root,
        repository=session.config.github.repository,
        api=session.config.github.api_url,
    )
    place = place_of(name)
    with (
        session.locked(),
        Client(
            tokens.find_token(where.host), url=where.api, on_wait=session.console.progress
        ) as client,
    ):
        store = session.require(name)
        repository = Repository(client, where)
        there = _names(repository, place)
        put, gone = due(store, there)
        steps = _steps(repository, place, store, put, gone)

        def call(action: Call) -> None:
            client.request(action.method, action.path, body=action.body)

        lines = session.do(steps, on_call=call) if steps else ()
        if not session.dry_run and steps:
            # What GitHub now calls its date is how the next run knows that nobody else set it.
            sending.remember(session, store, TARGET, _names(repository, place))
    return sending.told(session, TARGET, f"{where.slug}, {place}", put, gone, lines)


def _names(repository: Repository, place: Place) -> dict[str, str]:
    try:
        return vault.names(repository, place)
    except GitHubError as no:
        if no.status == NOT_FOUND and place.environment:
            no.hint = "make the environment first: refctl github environments"
        raise


def _steps(
    repository: Repository,
    place: Place,
    store: Store,
    put: Mapping[str, str],
    gone: tuple[str, ...],
) -> list[Step]:
    calls = []
    if put:
        key = vault.public_key(repository, place)
        for name in put:
            sealed = key.seal(store.entries[name].value)
            calls.append((name, Call("PUT", repository.at(*place.parts, name), sealed)))
    calls += [(name, Call("DELETE", repository.at(*place.parts, name))) for name in gone]
    steps: list[Step] = []
    for name, call in calls:
        needs = (steps[-1].id,) if steps else ()
        verb = "Set" if call.method == "PUT" else "Remove"
        steps.append(
            Step(f"{verb.lower()}-{name}", f"{verb} {name} in {place}", (call,), needs=needs)
        )
    return steps
