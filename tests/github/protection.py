"""The repository, its rulesets, environments and labels."""

from __future__ import annotations

import itertools
import json
import re
from typing import Any

from tests.github import schemas
from tests.github.messages import Reply, Request
from tests.github.schemas import RefusedError, invalid
from tests.github.stores import Store


class Protection:
    """What is set for the repository `octo/app` of an organisation."""

    def __init__(self) -> None:
        self._ids = itertools.count(101)
        self.stores: dict[str, Store] = {}
        self.settings: dict[str, Any] = {
            "id": 1,
            "full_name": "octo/app",
            "private": False,
            "default_branch": "main",
            "permissions": {"admin": True, "push": True, "pull": True},
            "allow_squash_merge": True,
            "allow_merge_commit": True,
            "allow_rebase_merge": True,
            "allow_auto_merge": False,
            "delete_branch_on_merge": False,
            "allow_update_branch": False,
            "squash_merge_commit_title": "COMMIT_OR_PR_TITLE",
            "squash_merge_commit_message": "COMMIT_MESSAGES",
        }
        self.users = {"alice": 11, "bob": 12}
        self.teams = {"ops": 21}
        self.rulesets: dict[int, dict[str, Any]] = {}
        self.environments: dict[str, dict[str, Any]] = {}
        self.policies: dict[str, list[dict[str, Any]]] = {}
        self.labels: dict[str, dict[str, Any]] = {
            "bug": {"name": "bug", "color": "d73a4a", "description": "Something isn't working"},
            "Docs": {"name": "Docs", "color": "0075ca", "description": None},
        }

    def add_store(self, environment: str) -> None:
        self.stores.setdefault(f"environment:{environment}", Store(key_id=f"{environment}-key"))

    def new_id(self) -> int:
        return next(self._ids)

    # The repository

    def _repository(self) -> dict[str, Any]:
        if self.settings["permissions"]["admin"]:
            return self.settings
        return {k: v for k, v in self.settings.items() if "merge" not in k and "allow" not in k}

    def _configure(self, request: Request) -> Reply:
        body = request.json()
        schemas.SETTINGS.check(body)
        new = {**self.settings, **body}
        kinds = ("allow_squash_merge", "allow_merge_commit", "allow_rebase_merge")
        if not any(new[kind] for kind in kinds):
            raise RefusedError(
                422,
                "Validation Failed",
                [{"resource": "Repository", "code": "custom", "message": "No merge method"}],
            )
        self.settings = new
        return Reply(200, self.settings)

    def _user(self, _: Request, login: str) -> Reply:
        if login not in self.users:
            raise RefusedError(404, "Not Found")
        return Reply(200, {"login": login, "id": self.users[login], "type": "User"})

    def _team(self, _: Request, slug: str) -> Reply:
        if slug not in self.teams:
            raise RefusedError(404, "Not Found")
        return Reply(200, {"slug": slug, "id": self.teams[slug]})

    # Rulesets

    def _list_rulesets(self, request: Request) -> Reply:
        own = [
            {key: one[key] for key in ("id", "name", "target", "source_type", "enforcement")}
            for one in self.rulesets.values()
        ]
        parents = {"id": 7, "name": "main", "target": "branch", "source_type": "Organization"}
        with_parents = request.query.get("includes_parents", "true") == "true"
        return Reply(200, own + ([{**parents, "enforcement": "active"}] if with_parents else []))

    def _create_ruleset(self, request: Request) -> Reply:
        body = request.json()
        schemas.check_ruleset(body)
        if any(one["name"] == body["name"] for one in self.rulesets.values()):
            raise RefusedError(422, "Validation Failed", ["Name must be unique"])
        return Reply(201, self._keep_ruleset(self.new_id(), body))

    def _keep_ruleset(self, number: int, body: dict[str, Any]) -> dict[str, Any]:
        rules = json.loads(json.dumps(body.get("rules", [])))
        for rule in rules:
            if rule["type"] == "pull_request":
                # GitHub fills in what was not said, also with what its documentation lacks.
                given = rule["parameters"]
                given.setdefault("allowed_merge_methods", ["merge", "squash", "rebase"])
                given["require_extra_approval_for_unattributed_changes"] = False
            if rule["type"] == "required_status_checks":
                rule["parameters"].setdefault("do_not_enforce_on_create", False)
        self.rulesets[number] = {
            "target": "branch",
            "bypass_actors": [],
            "conditions": {"ref_name": {"include": [], "exclude": []}},
            **body,
            "rules": rules,
            "id": number,
            "source_type": "Repository",
            "source": "octo/app",
        }
        return self.rulesets[number]

    def _get_ruleset(self, _: Request, number: str) -> Reply:
        if int(number) not in self.rulesets:
            raise RefusedError(404, "Not Found")
        return Reply(200, self.rulesets[int(number)])

    def _update_ruleset(self, request: Request, number: str) -> Reply:
        old = self._get_ruleset(request, number).body
        body = request.json()
        kept = {key: old[key] for key in schemas.RULESET.fields if key in old}
        schemas.check_ruleset({"name": "", "enforcement": "active", **body})
        return Reply(200, self._keep_ruleset(int(number), {**kept, **body}))

    # Environments

    def _list_environments(self, _: Request) -> Reply:
        some = list(self.environments.values())
        return Reply(200, {"total_count": len(some), "environments": some})

    def _get_environment(self, _: Request, name: str) -> Reply:
        if name not in self.environments:
            raise RefusedError(404, "Not Found")
        return Reply(200, self.environments[name])

    def _put_environment(self, request: Request, name: str) -> Reply:
        body = request.json() if request.raw else {}
        schemas.ENVIRONMENT.check(body)
        if not 0 <= body.get("wait_timer", 0) <= 43_200:
            raise RefusedError(422, "Invalid request.\n\nwait_timer is not in 0..43200")
        reviewers = body.get("reviewers") or []
        ids = {("User", number) for number in self.users.values()}
        ids |= {("Team", number) for number in self.teams.values()}
        if len(reviewers) > 6 or any((r.get("type"), r.get("id")) not in ids for r in reviewers):
            raise RefusedError(422, "Failed to create the environment protection rule.")
        protected = bool(reviewers or body.get("wait_timer"))
        if self.settings["private"] and protected:
            raise RefusedError(
                422,
                "Failed to create the environment protection rule. Please ensure the billing plan "
                "supports the required reviewers protection rule.",
            )
        policy = body.get("deployment_branch_policy")
        if policy is not None and policy.get("protected_branches") == policy.get(
            "custom_branch_policies"
        ):
            raise RefusedError(422, "protected_branches and custom_branch_policies are the same")
        rules: list[dict[str, Any]] = []
        if body.get("wait_timer"):
            rules.append({"id": 1, "type": "wait_timer", "wait_timer": body["wait_timer"]})
        if reviewers:
            rules.append(
                {
                    "id": 2,
                    "type": "required_reviewers",
                    "prevent_self_review": body.get("prevent_self_review", False),
                    "reviewers": [
                        {"type": r["type"], "reviewer": {"id": r["id"]}} for r in reviewers
                    ],
                }
            )
        if policy:
            rules.append({"id": 3, "type": "branch_policy"})
        self.environments[name] = {
            "id": self.new_id(),
            "name": name,
            "protection_rules": rules,
            "deployment_branch_policy": policy,
        }
        self.add_store(name)
        self.policies.setdefault(name, [])
        if not policy or policy.get("protected_branches"):
            self.policies[name] = []
        return Reply(200, self.environments[name])

    def _policies(self, request: Request, name: str) -> Reply:
        self._get_environment(request, name)
        some = self.policies[name]
        return Reply(200, {"total_count": len(some), "branch_policies": some})

    def _add_policy(self, request: Request, name: str) -> Reply:
        environment = self._get_environment(request, name).body
        if not (environment["deployment_branch_policy"] or {}).get("custom_branch_policies"):
            raise RefusedError(404, "Not Found")
        body = request.json()
        schemas.BRANCH_POLICY.check(body)
        one = {"id": self.new_id(), "name": body["name"], "type": body.get("type", "branch")}
        if any((o["name"], o["type"]) == (one["name"], one["type"]) for o in self.policies[name]):
            # As documented: a name that is there is answered by a look at the list of them.
            raise RefusedError(303, "See Other")
        self.policies[name].append(one)
        return Reply(200, one)

    def _delete_policy(self, request: Request, name: str, number: str) -> Reply:
        self._get_environment(request, name)
        self.policies[name] = [one for one in self.policies[name] if one["id"] != int(number)]
        return Reply(204)

    # Labels

    def _find_label(self, name: str) -> dict[str, Any] | None:
        return next((v for k, v in self.labels.items() if k.lower() == name.lower()), None)

    def _check_colour(self, body: dict[str, Any]) -> None:
        if not re.fullmatch(r"[0-9A-Fa-f]{6}", body.get("color", "ededed")):
            raise invalid("color", "Label")
        if len(body.get("description", "")) > 100:
            raise invalid("description", "Label")

    def _create_label(self, request: Request) -> Reply:
        body = request.json()
        schemas.LABEL.check(body)
        self._check_colour(body)
        if self._find_label(body["name"]):
            raise invalid("name", "Label", "already_exists")
        self.labels[body["name"]] = {"color": "ededed", "description": None, **body}
        return Reply(201, self.labels[body["name"]])

    def _update_label(self, request: Request, name: str) -> Reply:
        body = request.json()
        schemas.LABEL_UPDATE.check(body)
        self._check_colour(body)
        label = self._find_label(name)
        if label is None:
            raise RefusedError(404, "Not Found")
        new = body.pop("new_name", label["name"])
        del self.labels[label["name"]]
        self.labels[new] = {**label, **body, "name": new}
        return Reply(200, self.labels[new])
