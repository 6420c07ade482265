"""A repository on GitHub: what is read of it, each list whole."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from refctl.core.errors import ConfigurationError

if TYPE_CHECKING:
    from refctl.tools.github.address import Address
    from refctl.tools.github.client import Client


@dataclass(frozen=True, slots=True)
class Repository:
    """One repository, through one client."""

    client: Client
    address: Address

    def at(self, *parts: str | int) -> str:
        """Return the path of something in it; names may hold anything."""
        return "/".join((self.address.path, *(quote(str(part), safe="") for part in parts)))

    def settings(self) -> dict[str, Any]:
        """Return its settings; how it merges is shown to administrators alone."""
        found: dict[str, Any] = self.client.get(self.address.path)
        return found

    def rulesets(self) -> list[dict[str, Any]]:
        """Return its own rulesets, with their rules; not those of its organisation."""
        some = self.client.all(self.at("rulesets"), {"includes_parents": "false"})
        return [self.client.get(self.at("rulesets", one["id"])) for one in some]

    def environments(self) -> list[dict[str, Any]]:
        """Return its environments with their protection."""
        return list(self.client.all(self.at("environments"), key="environments"))

    def branch_policies(self, environment: str) -> list[dict[str, Any]]:
        """Return the patterns of branches and tags that may deploy to an environment."""
        path = self.at("environments", environment, "deployment-branch-policies")
        return list(self.client.all(path, key="branch_policies"))

    def labels(self) -> list[dict[str, Any]]:
        """Return its labels."""
        return list(self.client.all(self.at("labels")))

    def reviewer(self, name: str) -> dict[str, Any]:
        """Return the type and id of a user or, with a slash, of an organisation's team.

        Raises:
            ConfigurationError: there is no such user or team.

        """
        organisation, _, team = name.lstrip("@").rpartition("/")
        if organisation:
            path = f"/orgs/{quote(organisation, safe='')}/teams/{quote(team, safe='')}"
        else:
            path = f"/users/{quote(team, safe='')}"
        found = self.client.find(path)
        if found is None:
            raise ConfigurationError(
                f"GitHub knows no {'team' if organisation else 'user'} {name}, or does not show it",
                hint="correct the reviewers in refctl.toml or the first line of CODEOWNERS",
            )
        return {"type": "Team" if organisation else "User", "id": int(found["id"])}
