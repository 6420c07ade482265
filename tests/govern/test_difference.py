"""What differs, from what GitHub answers."""

from __future__ import annotations

from typing import Any

from refctl.core.config_github import GitHub
from refctl.govern import desired, difference
from refctl.govern.desired import Environment

PRODUCTION = Environment("production", ("alice",), True, 5, (("branch", "main"),))


def fields(actual: dict[str, Any], policies: list[dict[str, Any]]) -> dict[str, tuple[str, str]]:
    changes = difference.environments(
        "/repos/o/r",
        (PRODUCTION,),
        {"production": actual},
        {"production": policies},
        {"alice": {"type": "User", "id": 1}},
    )
    return {one.name: (one.before, one.after) for change in changes for one in change.fields}


def test_a_reviewer_that_nobody_asked_for_is_called_by_name() -> None:
    some = [
        {"type": "User", "reviewer": {"id": 1, "login": "alice"}},
        {"type": "Team", "reviewer": {"id": 2, "slug": "ops"}},
        {"type": "User", "reviewer": {"id": 3}},
    ]
    found = fields(
        {
            "protection_rules": [
                {"type": "required_reviewers", "reviewers": some, "prevent_self_review": True},
                {"type": "wait_timer", "wait_timer": 5},
            ],
            "deployment_branch_policy": {"protected_branches": True},
        },
        [],
    )
    assert found == {
        "reviewers": ("User 3, alice, ops", "alice"),
        "deploys_from": ("protected branches", "branch main"),
    }


def test_what_only_administrators_see_is_no_difference() -> None:
    (branch, *_) = desired.rulesets(GitHub(), ["test"])
    seen = {**branch, "id": 1}
    del seen["bypass_actors"]
    assert difference.rulesets("/repos/o/r", [branch], [seen]) == []


def test_the_order_of_lists_is_no_difference() -> None:
    (branch, *_) = desired.rulesets(GitHub(), ["a", "b"])
    (other, *_) = desired.rulesets(GitHub(), ["b", "a"])
    other["rules"] = other["rules"][::-1]
    assert difference.rulesets("/repos/o/r", [branch], [{**other, "id": 1}]) == []


def test_a_rule_that_is_switched_off_goes() -> None:
    config = GitHub.model_validate(
        {"protection": {"linear_history": False, "signatures": True, "tags": ""}}
    )
    (now, *_) = desired.rulesets(GitHub(), ["a"])
    (change,) = difference.rulesets(
        "/repos/o/r", desired.rulesets(config, ["a"]), [{**now, "id": 1}]
    )
    assert {one.name: (one.before, one.after) for one in change.fields} == {
        "required_linear_history": ("yes", "-"),
        "required_signatures": ("-", "yes"),
    }
    assert (change.calls[0].method, change.calls[0].path) == ("PUT", "/repos/o/r/rulesets/1")


def test_merging_by_merge_commits_says_nothing_of_squashed_ones() -> None:
    config = GitHub.model_validate({"merging": {"methods": ["merge"]}})
    wanted = desired.settings(config)
    assert (wanted["allow_merge_commit"], wanted["allow_squash_merge"]) == (True, False)
    assert "squash_merge_commit_title" not in wanted
