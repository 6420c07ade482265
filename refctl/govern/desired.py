"""What the repository shall be, from the configuration and the files of `.github`: pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from refctl.core.config_github import Deployment, GitHub, Protection

BRANCH_RULES = "refctl: default branch"
TAG_RULES = "refctl: release tags"
"""By these names the rulesets are found again: another ruleset is somebody else's."""


@dataclass(frozen=True, slots=True)
class Environment:
    """An environment; reviewers by name, so that people can read what differs."""

    name: str
    reviewers: tuple[str, ...]
    prevent_self_review: bool
    wait_minutes: int
    policies: tuple[tuple[str, str], ...]
    """What may deploy: `branch` or `tag`, and a pattern. None of them: everything."""


def settings(config: GitHub) -> dict[str, Any]:
    """Return how it merges."""
    merging = config.merging
    return {
        "allow_squash_merge": "squash" in merging.methods,
        "allow_merge_commit": "merge" in merging.methods,
        "allow_rebase_merge": "rebase" in merging.methods,
        "allow_auto_merge": merging.auto_merge,
        "allow_update_branch": merging.update_branch,
        "delete_branch_on_merge": merging.delete_branch,
        # One pull request, one commit: its title is a Conventional Commit.
        **(
            {
                "squash_merge_commit_title": "PR_TITLE",
                "squash_merge_commit_message": "PR_BODY",
            }
            if "squash" in merging.methods
            else {}
        ),
    }


def rulesets(config: GitHub, checks: Sequence[str]) -> tuple[dict[str, Any], ...]:
    """Return the rulesets of the default branch and of the release tags."""
    rules = config.protection
    some = [_ruleset(BRANCH_RULES, "branch", "~DEFAULT_BRANCH", _branch_rules(config, checks))]
    if rules.tags:
        kept = [{"type": kind} for kind in ("deletion", "non_fast_forward", "update")]
        some.append(_ruleset(TAG_RULES, "tag", f"refs/tags/{rules.tags}", kept))
    return tuple(some)


def _ruleset(name: str, target: str, where: str, rules: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "name": name,
        "target": target,
        "enforcement": "active",
        "bypass_actors": [],
        "conditions": {"ref_name": {"include": [where], "exclude": []}},
        "rules": rules,
    }


def _branch_rules(config: GitHub, checks: Sequence[str]) -> list[dict[str, Any]]:
    rules = config.protection
    some: list[dict[str, Any]] = [{"type": "deletion"}, {"type": "non_fast_forward"}]
    if rules.linear_history:
        some.append({"type": "required_linear_history"})
    if rules.signatures:
        some.append({"type": "required_signatures"})
    some.append(
        {
            "type": "pull_request",
            "parameters": {
                "allowed_merge_methods": list(config.merging.methods),
                "required_approving_review_count": rules.reviews,
                "require_code_owner_review": rules.code_owners,
                "require_last_push_approval": rules.last_push_approval,
                "dismiss_stale_reviews_on_push": rules.dismiss_stale,
                "required_review_thread_resolution": rules.resolve_threads,
            },
        }
    )
    if checks:
        some.append({"type": "required_status_checks", "parameters": _checks(rules, checks)})
    return some


def _checks(rules: Protection, checks: Sequence[str]) -> dict[str, Any]:
    # Whose check it is counts: else any application could report what an action did not.
    source = {"integration_id": rules.checks_app} if rules.checks_app else {}
    return {
        "strict_required_status_checks_policy": rules.up_to_date,
        "required_status_checks": [{"context": name, **source} for name in checks],
    }


def environments(config: GitHub, owners: Sequence[str]) -> tuple[Environment, ...]:
    """Return the environments; production's reviewers are the code's owners, unless said."""
    some = config.environments
    return (
        _environment("development", some.development, ()),
        _environment("staging", some.staging, ()),
        _environment("production", some.production, owners),
    )


def _environment(name: str, rules: Deployment, owners: Sequence[str]) -> Environment:
    reviewers = owners if rules.reviewers is None else rules.reviewers
    policies = [("branch", one) for one in rules.branches] + [("tag", one) for one in rules.tags]
    return Environment(
        name,
        tuple(one.lstrip("@") for one in reviewers),
        rules.prevent_self_review,
        rules.wait_minutes,
        tuple(policies),
    )


def labels(config: GitHub, named: Sequence[str]) -> dict[str, Mapping[str, str]]:
    """Return the labels: those of the configuration, and those that files of `.github` name.

    Of the latter nothing but the name is asked for.
    """
    some: dict[str, Mapping[str, str]] = {name: {} for name in named}
    for name, label in config.labels.items():
        some[name] = {"color": label.color.lower(), "description": label.description}
    return some
