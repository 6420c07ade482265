"""What differs between a repository and what it shall be, and the calls that change it: pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from refctl.core.plan import Call

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from refctl.govern.desired import Environment

ABSENT = "-"


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that differs, in words."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """Something that differs, and what changes it."""

    area: str
    what: str
    fields: tuple[Field, ...]
    calls: tuple[Call, ...]


def settings(path: str, wanted: Mapping[str, Any], actual: Mapping[str, Any]) -> list[Change]:
    """Return what differs in how the repository merges."""
    fields = _fields(wanted, {key: actual.get(key) for key in wanted})
    if not fields:
        return []
    body = {field.name: wanted[field.name] for field in fields}
    return [Change("settings", "merging", fields, (Call("PATCH", path, body),))]


def rulesets(
    path: str, wanted: Iterable[Mapping[str, Any]], actual: Sequence[Mapping[str, Any]]
) -> list[Change]:
    """Return what differs in the rulesets of these names; others are let be."""
    changes = []
    for one in wanted:
        there = next((other for other in actual if other["name"] == one["name"]), None)
        flat = _flat_ruleset(one)
        if there is None:
            fields, call = _fields(flat, {}), Call("POST", f"{path}/rulesets", one)
        else:
            now = _flat_ruleset(there)
            # GitHub answers with parameters of its own beside those that were said.
            known = {key: now.get(key) for key in flat}
            foreign = {key: now[key] for key in now if key.endswith("()") and key not in flat}
            if "bypass_actors" not in there:  # shown to administrators alone
                known["bypass_actors"] = flat["bypass_actors"]
            fields = _fields({**flat, **dict.fromkeys(foreign)}, {**known, **foreign})
            call = Call("PUT", f"{path}/rulesets/{there['id']}", one)
        if fields:
            changes.append(Change("rulesets", str(one["name"]), fields, (call,)))
    return changes


def _flat_ruleset(ruleset: Mapping[str, Any]) -> dict[str, Any]:
    """Return a ruleset as one level of names, lists in an order of their own."""
    refs = ruleset.get("conditions", {}).get("ref_name", {})
    flat: dict[str, Any] = {
        "target": ruleset.get("target"),
        "enforcement": ruleset.get("enforcement"),
        "bypass_actors": _actors(ruleset.get("bypass_actors") or ()),
        "include": sorted(refs.get("include", [])),
        "exclude": sorted(refs.get("exclude", [])),
    }
    for rule in ruleset.get("rules", []):
        flat[f"{rule['type']}()"] = True
        for name, value in (rule.get("parameters") or {}).items():
            known = [_check(one) for one in value] if name == "required_status_checks" else value
            flat[f"{rule['type']}.{name}"] = sorted(known) if isinstance(known, list) else known
    return flat


def _actors(actors: Iterable[Mapping[str, Any]]) -> list[str]:
    return sorted(
        f"{one.get('actor_type')} {one.get('actor_id')} {one.get('bypass_mode')}" for one in actors
    )


def _check(check: Mapping[str, Any]) -> str:
    source = check.get("integration_id")
    return f"{check['context']} [{source}]" if source else str(check["context"])


def environments(
    path: str,
    wanted: Iterable[Environment],
    actual: Mapping[str, Mapping[str, Any]],
    policies: Mapping[str, Sequence[Mapping[str, Any]]],
    reviewers: Mapping[str, Mapping[str, Any]],
) -> list[Change]:
    """Return what differs in the environments; `reviewers` has a type and id for each name."""
    changes = []
    names = {(one["type"], one["id"]): name for name, one in reviewers.items()}
    for one in wanted:
        there = actual.get(one.name)
        now = _flat_actual(there, policies.get(one.name, ()), names) if there is not None else {}
        fields = _fields(_flat_wanted(one), now)
        if fields:
            calls = _environment_calls(path, one, policies.get(one.name, ()), reviewers)
            changes.append(Change("environments", one.name, fields, calls))
    return changes


def _flat_wanted(one: Environment) -> dict[str, Any]:
    return {
        "wait_minutes": one.wait_minutes,
        "reviewers": sorted(one.reviewers),
        # GitHub keeps it with the reviewers: without any, there is nothing to keep.
        "prevent_self_review": one.prevent_self_review and bool(one.reviewers),
        "deploys_from": sorted(f"{kind} {name}" for kind, name in one.policies) or ["anything"],
    }


def _flat_actual(
    there: Mapping[str, Any],
    policies: Sequence[Mapping[str, Any]],
    names: Mapping[tuple[str, int], str],
) -> dict[str, Any]:
    rules = {rule["type"]: rule for rule in there.get("protection_rules", [])}
    review = rules.get("required_reviewers", {})
    some = [(one["type"], one["reviewer"]) for one in review.get("reviewers", [])]
    policy = there.get("deployment_branch_policy")
    if policy is None:
        origin = ["anything"]
    elif policy.get("protected_branches"):
        origin = ["protected branches"]
    else:
        origin = sorted(f"{one.get('type') or 'branch'} {one['name']}" for one in policies)
    return {
        "wait_minutes": rules.get("wait_timer", {}).get("wait_timer", 0),
        "reviewers": sorted(names.get((t, one["id"])) or _called(t, one) for t, one in some),
        "prevent_self_review": bool(review.get("prevent_self_review")),
        "deploys_from": origin,
    }


def _called(kind: str, reviewer: Mapping[str, Any]) -> str:
    """Return what to call a reviewer that nobody asked for."""
    return str(reviewer.get("login") or reviewer.get("slug") or f"{kind} {reviewer['id']}")


def _environment_calls(
    path: str,
    one: Environment,
    policies: Sequence[Mapping[str, Any]],
    reviewers: Mapping[str, Mapping[str, Any]],
) -> tuple[Call, ...]:
    where = f"{path}/environments/{quote(one.name, safe='')}"
    custom = {"protected_branches": False, "custom_branch_policies": True}
    body = {
        "wait_timer": one.wait_minutes,
        "prevent_self_review": one.prevent_self_review,
        "reviewers": [dict(reviewers[name]) for name in one.reviewers],
        "deployment_branch_policy": custom if one.policies else None,
    }
    calls = [Call("PUT", where, body)]
    if one.policies:
        there = {(p.get("type") or "branch", p["name"]): p["id"] for p in policies}
        at = f"{where}/deployment-branch-policies"
        for kind, name in one.policies:
            if (kind, name) not in there:
                calls.append(Call("POST", at, {"name": name, "type": kind}))
        for policy, number in there.items():
            if policy not in one.policies:
                calls.append(Call("DELETE", f"{at}/{number}"))
    return tuple(calls)


def labels(
    path: str, wanted: Mapping[str, Mapping[str, str]], actual: Sequence[Mapping[str, Any]]
) -> list[Change]:
    """Return the labels that are missing or look otherwise; more of them are let be."""
    there = {str(one["name"]).lower(): one for one in actual}  # GitHub ignores case
    changes = []
    for name, look in wanted.items():
        one = there.get(name.lower())
        if one is None:
            call = Call("POST", f"{path}/labels", {"name": name, **look})
            fields = _fields({"name": name, **look}, {})
        else:
            # By what case its name is written is nobody's concern.
            now = {
                "name": name,
                "color": str(one["color"]).lower(),
                "description": one["description"] or "",
            }
            fields = _fields({"name": name, **look}, now)
            new = {field.name: look[field.name] for field in fields}
            at = f"{path}/labels/{quote(str(one['name']), safe='')}"
            call = Call("PATCH", at, new)
        if fields:
            changes.append(Change("labels", name, fields, (call,)))
    return changes


def _fields(wanted: Mapping[str, Any], actual: Mapping[str, Any]) -> tuple[Field, ...]:
    return tuple(
        Field(name.removesuffix("()"), written(actual.get(name)), written(value))
        for name, value in wanted.items()
        if actual.get(name) != value
    )


def written(value: Any) -> str:
    """Return a value as people read it."""
    if value is None:
        return ABSENT
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value)) or "none"
    return str(value)
