"""Sealed boxes: the test server has the private keys and opens them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from refctl.core.redact import Secret
from refctl.tools.github import vault
from refctl.tools.github.refusals import GitHubError
from refctl.tools.github.vault import Place

if TYPE_CHECKING:
    from refctl.tools.github.repository import Repository
    from tests.github.server import GitHub

CANARY = "canary-Qm7xRk29ZtVn4LpYc8WsHd3Jf6Gb1Ea5-ü"
REPO = "/repos/octo/app"


@pytest.mark.parametrize(
    ("place", "store"),
    [
        (Place("actions"), "actions"),
        (Place("dependabot"), "dependabot"),
        (Place("environment", "production"), "environment:production"),
    ],
)
def test_each_place_s_own_key_seals_what_it_opens(
    server: GitHub, repository: Repository, place: Place, store: str
) -> None:
    repository.client.request("PUT", repository.at("environments", "production"), body={})
    key = vault.public_key(repository, place)
    assert vault.put(repository, place, key, "JWT_SECRET_KEY", Secret(CANARY)) is True
    assert vault.put(repository, place, key, "JWT_SECRET_KEY", Secret(CANARY + "2")) is False
    assert server.routes.stores[store].values == {"JWT_SECRET_KEY": CANARY + "2"}
    assert list(vault.names(repository, place)) == ["JWT_SECRET_KEY"]
    assert not any(CANARY.encode() in one.raw for one in server.requests)


def test_another_place_s_key_is_refused(server: GitHub, repository: Repository) -> None:
    key = vault.public_key(repository, Place("actions"))
    with pytest.raises(GitHubError, match=r"Secret\.key_id invalid"):
        vault.put(repository, Place("dependabot"), key, "TOKEN", Secret(CANARY))
    forged = vault.PublicKey("dependabot-key", key.key)
    with pytest.raises(GitHubError, match=r"Secret\.encrypted_value invalid"):
        vault.put(repository, Place("dependabot"), forged, "TOKEN", Secret(CANARY))
    assert server.routes.stores["dependabot"].values == {}


def test_names_and_sizes_that_github_does_not_take_are_its_refusals(
    repository: Repository,
) -> None:
    key = vault.public_key(repository, Place("actions"))
    for name in ("GITHUB_THING", "1ST", "WITH-DASH"):
        with pytest.raises(GitHubError, match="Secret names"):
            vault.put(repository, Place("actions"), key, name, Secret(CANARY))
    with pytest.raises(GitHubError, match="too large"):
        vault.put(repository, Place("actions"), key, "BIG", Secret("x" * 50_000))


def test_an_environment_that_is_not_there_has_no_key(repository: Repository) -> None:
    with pytest.raises(GitHubError, match="404 Not Found"):
        vault.public_key(repository, Place("environment", "nowhere"))
