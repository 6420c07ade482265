"""What GitHub lets a request's body say, as its REST documentation has it (2022-11-28)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

RULES: dict[str, dict[str, bool]] = {
    # A rule's parameters, and whether each must be given.
    "deletion": {},
    "non_fast_forward": {},
    "creation": {},
    "update": {"update_allows_fetch_and_merge": False},
    "required_linear_history": {},
    "required_signatures": {},
    "pull_request": {
        "allowed_merge_methods": False,
        "dismiss_stale_reviews_on_push": True,
        "require_code_owner_review": True,
        "require_last_push_approval": True,
        "required_approving_review_count": True,
        "required_review_thread_resolution": True,
    },
    "required_status_checks": {
        "do_not_enforce_on_create": False,
        "required_status_checks": True,
        "strict_required_status_checks_policy": True,
    },
}


class RefusedError(Exception):
    """GitHub's answer to a request that it does not do."""

    def __init__(
        self, status: int, message: str, errors: list[Any] | None = None, **headers: str
    ) -> None:
        super().__init__(message)
        self.status = status
        self.body: dict[str, Any] = {
            "message": message,
            "documentation_url": "https://docs.github.com/rest",
            "status": str(status),
        }
        if errors is not None:
            self.body["errors"] = errors
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def invalid(field: str, resource: str, code: str = "invalid") -> RefusedError:
    return RefusedError(
        422, "Validation Failed", [{"resource": resource, "code": code, "field": field}]
    )


@dataclass(frozen=True, slots=True)
class Shape:
    """The fields of a body, those that it must have, and their types."""

    fields: dict[str, type | tuple[type, ...]]
    required: tuple[str, ...] = ()

    def check(self, body: dict[str, Any]) -> None:
        """Refuse a body of another shape, in GitHub's words."""
        for name in self.required:
            if name not in body:
                raise RefusedError(422, f'Invalid request.\n\n"{name}" wasn\'t supplied.')
        for name, value in body.items():
            if name not in self.fields:
                raise RefusedError(422, f'Invalid request.\n\n"{name}" is not a permitted key.')
            kinds = self.fields[name]
            wrong = isinstance(value, bool) and kinds is int
            if wrong or not isinstance(value, kinds):
                raise RefusedError(
                    422,
                    f"Invalid request.\n\nFor 'properties/{name}', {value!r} is of a wrong type.",
                )


NONE = type(None)
RULESET = Shape(
    {
        "name": str,
        "target": str,
        "enforcement": str,
        "bypass_actors": list,
        "conditions": dict,
        "rules": list,
    },
    ("name", "enforcement"),
)
ENVIRONMENT = Shape(
    {
        "wait_timer": int,
        "prevent_self_review": bool,
        "reviewers": (list, NONE),
        "deployment_branch_policy": (dict, NONE),
    }
)
BRANCH_POLICY = Shape({"name": str, "type": str}, ("name",))
LABEL = Shape({"name": str, "color": str, "description": str}, ("name",))
LABEL_UPDATE = Shape({"new_name": str, "color": str, "description": str})
SETTINGS = Shape(
    {
        **dict.fromkeys(
            (
                *("allow_squash_merge", "allow_merge_commit", "allow_rebase_merge"),
                *("allow_auto_merge", "delete_branch_on_merge", "allow_update_branch"),
            ),
            bool,
        ),
        **dict.fromkeys(("squash_merge_commit_title", "squash_merge_commit_message"), str),
        **dict.fromkeys(("name", "description", "homepage", "default_branch"), str),
    }
)
SECRET = Shape({"encrypted_value": str, "key_id": str}, ("encrypted_value", "key_id"))
_RELEASE: dict[str, type | tuple[type, ...]] = {
    **dict.fromkeys(("tag_name", "target_commitish", "name", "body", "make_latest"), str),
    **dict.fromkeys(("draft", "prerelease", "generate_release_notes"), bool),
}
RELEASE = Shape(_RELEASE, ("tag_name",))
RELEASE_UPDATE = Shape(_RELEASE)
DISPATCH = Shape({"ref": str, "inputs": dict}, ("ref",))
PULL = Shape(
    {
        **dict.fromkeys(("title", "head", "base", "body"), str),
        **dict.fromkeys(("draft", "maintainer_can_modify"), bool),
    },
    ("head", "base"),
)
PULL_UPDATE = Shape(
    {**dict.fromkeys(("title", "body", "state", "base"), str), "maintainer_can_modify": bool}
)


def check_ruleset(body: dict[str, Any]) -> None:
    """Refuse a ruleset that GitHub would."""
    RULESET.check(body)
    if body["enforcement"] not in {"active", "disabled", "evaluate"}:
        raise RefusedError(422, "Invalid request.\n\nenforcement is not a member of the list.")
    for rule in body.get("rules", []):
        _check_rule(rule)
    names = body.get("conditions", {}).get("ref_name", {})
    prefixes = ("refs/", "~DEFAULT_BRANCH", "~ALL")
    if not all(one.startswith(prefixes) for one in names.get("include", [])):
        raise RefusedError(422, "Validation Failed", ["Invalid target patterns"])


def _check_rule(rule: dict[str, Any]) -> None:
    kind = rule.get("type")
    if kind not in RULES or set(rule) - {"type", "parameters"}:
        raise RefusedError(422, "Validation Failed", [f"Invalid rules: '{kind}'"])
    known, given = RULES[kind], rule.get("parameters", {})
    if unknown := sorted(set(given) - set(known)):
        raise RefusedError(422, "Validation Failed", [f"Invalid parameters for {kind}: {unknown}"])
    for name, required in known.items():
        if required and name not in given:
            raise RefusedError(
                422, f'Invalid request.\n\nInvalid property /rules: "{name}" wasn\'t supplied.'
            )
    if not 0 <= given.get("required_approving_review_count", 0) <= 10:
        raise RefusedError(
            422, "Validation Failed", ["Required approving review count must be 0 to 10"]
        )
    for check in given.get("required_status_checks", []):
        if set(check) - {"context", "integration_id"} or not check.get("context"):
            raise RefusedError(422, "Validation Failed", ["Invalid status check"])


def check_secret_name(name: str) -> None:
    """Refuse the name of a secret that GitHub would."""
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name):
        raise RefusedError(
            422, "Secret names can only contain alphanumeric characters or underscores."
        )
    if name.upper().startswith("GITHUB_"):
        raise RefusedError(422, "Secret names must not start with GITHUB_.")
