"""Which request does what."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from tests.github.messages import REPO, Reply, Request
from tests.github.protection import Protection
from tests.github.publishing import Publishing
from tests.github.schemas import RefusedError
from tests.github.stores import Store

if TYPE_CHECKING:
    from collections.abc import Callable


class Routes(Protection, Publishing):
    """All of the repository `octo/app`."""

    def __init__(self) -> None:
        Protection.__init__(self)
        Publishing.__init__(self)
        for name in ("actions", "dependabot"):
            self.stores[name] = Store(key_id=f"{name}-key")
        self._table: list[tuple[str, str, Callable[..., Reply]]] = [
            ("GET", r"/user", lambda _: Reply(200, {"login": "alice", "id": 11})),
            ("GET", r"/users/([^/]+)", self._user),
            ("GET", r"/orgs/octo/teams/([^/]+)", self._team),
            ("GET", REPO, lambda _: Reply(200, self._repository())),
            ("PATCH", REPO, self._configure),
            ("GET", rf"{REPO}/rulesets", self._list_rulesets),
            ("POST", rf"{REPO}/rulesets", self._create_ruleset),
            ("GET", rf"{REPO}/rulesets/(\d+)", self._get_ruleset),
            ("PUT", rf"{REPO}/rulesets/(\d+)", self._update_ruleset),
            ("GET", rf"{REPO}/environments", self._list_environments),
            ("GET", rf"{REPO}/environments/([^/]+)", self._get_environment),
            ("PUT", rf"{REPO}/environments/([^/]+)", self._put_environment),
            ("GET", rf"{REPO}/environments/([^/]+)/deployment-branch-policies", self._policies),
            ("POST", rf"{REPO}/environments/([^/]+)/deployment-branch-policies", self._add_policy),
            (
                "DELETE",
                rf"{REPO}/environments/([^/]+)/deployment-branch-policies/(\d+)",
                self._delete_policy,
            ),
            ("GET", rf"{REPO}/labels", lambda _: Reply(200, list(self.labels.values()))),
            ("POST", rf"{REPO}/labels", self._create_label),
            ("PATCH", rf"{REPO}/labels/([^/]+)", self._update_label),
            ("GET", rf"{REPO}/(actions|dependabot)/secrets", self._secrets),
            ("GET", rf"{REPO}/(actions|dependabot)/secrets/public-key", self._key),
            ("PUT", rf"{REPO}/(actions|dependabot)/secrets/([^/]+)", self._put_secret),
            ("DELETE", rf"{REPO}/(actions|dependabot)/secrets/([^/]+)", self._delete_secret),
            (
                "DELETE",
                rf"{REPO}/environments/([^/]+)/secrets/([^/]+)",
                lambda request, place, name: self._delete_secret(
                    request, f"environment:{place}", name
                ),
            ),
            ("GET", rf"{REPO}/environments/([^/]+)/secrets", self._environment_secrets),
            ("GET", rf"{REPO}/environments/([^/]+)/secrets/public-key", self._environment_key),
            ("PUT", rf"{REPO}/environments/([^/]+)/secrets/([^/]+)", self._put_environment_secret),
            ("GET", rf"{REPO}/releases", lambda _: Reply(200, list(self.releases.values()))),
            ("POST", rf"{REPO}/releases", self._create_release),
            ("GET", rf"{REPO}/releases/tags/(.+)", self._release_by_tag),
            ("PATCH", rf"{REPO}/releases/(\d+)", self._update_release),
            ("GET", rf"{REPO}/releases/(\d+)/assets", self._list_assets),
            ("POST", rf"/uploads{REPO}/releases/(\d+)/assets", self._upload),
            ("DELETE", rf"{REPO}/releases/assets/(\d+)", self._delete_asset),
            ("POST", rf"{REPO}/actions/workflows/([^/]+)/dispatches", self._dispatch),
            ("GET", rf"{REPO}/actions/workflows/([^/]+)/runs", self._list_runs),
            ("GET", rf"{REPO}/pulls", self._list_pulls),
            ("POST", rf"{REPO}/pulls", self._create_pull),
            ("PATCH", rf"{REPO}/pulls/(\d+)", self._update_pull),
        ]

    def serve(self, request: Request) -> Reply:
        for method, pattern, handler in self._table:
            if method == request.method and (found := re.fullmatch(pattern, request.path)):
                return handler(request, *map(unquote, found.groups()))
        raise RefusedError(404, "Not Found")

    # Secrets

    def _secrets(self, _: Request, store: str) -> Reply:
        one = self.stores[store]
        some = [{"name": name, "updated_at": one.dates[name]} for name in one.values]
        return Reply(200, {"total_count": len(some), "secrets": some})

    def _key(self, _: Request, store: str) -> Reply:
        one = self.stores[store]
        key = base64.b64encode(bytes(one.key.public_key)).decode()
        return Reply(200, {"key_id": one.key_id, "key": key})

    def _put_secret(self, request: Request, store: str, name: str) -> Reply:
        return self.stores[store].put(name, request.json())

    def _delete_secret(self, _: Request, store: str, name: str) -> Reply:
        return self.stores[store].delete(name)

    def _environment_secrets(self, request: Request, name: str) -> Reply:
        self._get_environment(request, name)
        return self._secrets(request, f"environment:{name}")

    def _environment_key(self, request: Request, name: str) -> Reply:
        self._get_environment(request, name)
        return self._key(request, f"environment:{name}")

    def _put_environment_secret(self, request: Request, environment: str, name: str) -> Reply:
        self._get_environment(request, environment)
        return self._put_secret(request, f"environment:{environment}", name)
