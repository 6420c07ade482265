"""One run of `refctl github`: look, show what differs, change it, read it back."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from refctl.core.errors import ConfigurationError, RemoteRefusedError
from refctl.core.executor import PrintingExecutor, RealExecutor
from refctl.core.journal import Journal
from refctl.core.lock import hold
from refctl.core.plan import Call, Plan, Step
from refctl.core.progress import StepProgress
from refctl.core.result import Result, Table
from refctl.govern import desired, difference, files
from refctl.govern.required import Checks, required
from refctl.tools.github import address, tokens
from refctl.tools.github.client import Client
from refctl.tools.github.repository import Repository
from refctl.tools.proc import Processes, interrupts
from refctl.workspace import workflows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from refctl.core.config import Config
    from refctl.core.console import Console
    from refctl.core.paths import Paths
    from refctl.govern.difference import Change

AREAS = ("settings", "rulesets", "environments", "labels")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the files here ask for."""

    settings: dict[str, Any]
    checks: Checks
    owners: tuple[str, ...] | None
    environments: tuple[desired.Environment, ...]
    labels: dict[str, Any]


def run(
    paths: Paths, config: Config, console: Console, areas: Sequence[str], *, dry_run: bool
) -> Result:
    """Bring these areas of the repository to what is wanted, and return what differed."""
    where = address.find(paths.root, repository=config.github.repository, api=config.github.api_url)
    with (
        interrupts(),
        hold(paths.state / "locks", "github", purpose="configuring GitHub"),
        Client(tokens.find_token(where.host), url=where.api, on_wait=console.progress) as client,
    ):
        repository = Repository(client, where)
        look = Look(paths, config, repository, tuple(areas))
        changes = look.differences()
        result = _shown(where.slug, changes, look.notes)
        if dry_run or not changes:
            printing = PrintingExecutor()
            printing.execute(plan(changes))
            done = {"applied": False, "plan": plan(changes).as_json()}
            lines = (*result.lines, *(printing.lines if dry_run else ()))
            return Result(data={**result.data, **done}, table=result.table, lines=lines)
        for change in changes:
            for field in change.fields:
                console.progress(f"  {change.what}: {field.name}: {field.before} → {field.after}")
        _do(paths, console, client, plan(changes))
        _require_kept(look.differences())
    lines = (f"{where.slug}: {len(changes)} changed, and read back.", *look.notes)
    return Result(data={**result.data, "applied": True}, table=result.table, lines=lines)


class Look:
    """What is wanted and what is there, for some areas."""

    def __init__(
        self, paths: Paths, config: Config, repository: Repository, areas: tuple[str, ...]
    ) -> None:
        self._config = config.github
        self._repository = repository
        self._areas = areas
        self.notes: list[str] = []
        actual = repository.settings()
        self._require_rights(actual)
        self._branch = str(actual["default_branch"])
        self._owners = files.owners(paths.root)
        self._checks = Checks(tuple(self._config.protection.checks or ()))
        if "rulesets" in areas:
            self._look_at_rules(paths)
        self._labels = desired.labels(self._config, files.labels(paths.root))
        self._reviewers: dict[str, dict[str, Any]] = {}
        self._environments: tuple[desired.Environment, ...] = ()
        if "environments" in areas:
            self._environments = self._look_at_environments()

    def _require_rights(self, actual: dict[str, Any]) -> None:
        """Make sure that the token may change what is to be changed.

        Raises:
            RemoteRefusedError: it may not; nothing was changed.

        """
        needs = "push" if self._areas == ("labels",) else "admin"
        rights = actual.get("permissions") or {}
        if rights and not rights.get(needs):
            raise RemoteRefusedError(
                f"the token may not change {self._repository.address.slug}: it has no {needs} "
                "rights there",
                hint="ask an administrator of the repository, or use a token of one",
            )

    def _look_at_rules(self, paths: Paths) -> None:
        if self._config.protection.code_owners and self._owners is None:
            raise ConfigurationError(
                "owners shall review, and no CODEOWNERS says who they are",
                hint='write .github/CODEOWNERS ("* @you"), or protection.code_owners = false',
            )
        if self._config.protection.checks is None:
            self._checks = required(workflows.read(paths), self._branch)
        for job, why in self._checks.left_out:
            self.notes.append(f"not required: {job}: {why}")
        if not self._checks.names:
            self.notes.append("no check is required: no workflow runs on every pull request")

    def _look_at_environments(self) -> tuple[desired.Environment, ...]:
        """Return the environments, with owners as reviewers only where GitHub knows them."""
        said = self._config.environments.production.reviewers is not None
        owners = []
        for name in () if said else self._owners or ():
            try:
                self._reviewers[name] = self._repository.reviewer(name)
            except ConfigurationError as unknown:
                self.notes.append(f"production: {unknown.message}: not a reviewer")
            else:
                owners.append(name)
        some = desired.environments(self._config, owners[:6])
        for one in some:
            for name in one.reviewers:
                self._reviewers.setdefault(name, {})
        for name, known in self._reviewers.items():
            if not known:
                self._reviewers[name] = self._repository.reviewer(name)
        if not some[-1].reviewers:
            self.notes.append(
                "production: nobody has to approve: github.environments.production.reviewers"
            )
        return some

    def differences(self) -> list[Change]:
        """Return what differs now."""
        repository, path = self._repository, self._repository.address.path
        changes: list[Change] = []
        if "settings" in self._areas:
            wanted = desired.settings(self._config)
            changes += difference.settings(path, wanted, repository.settings())
        if "rulesets" in self._areas:
            rules = desired.rulesets(self._config, self._checks.names)
            changes += difference.rulesets(path, rules, repository.rulesets())
        if "environments" in self._areas:
            actual = {one["name"]: one for one in repository.environments()}
            policies = {
                one.name: repository.branch_policies(one.name)
                for one in self._environments
                if (actual.get(one.name, {}).get("deployment_branch_policy") or {}).get(
                    "custom_branch_policies"
                )
            }
            changes += difference.environments(
                path, self._environments, actual, policies, self._reviewers
            )
        if "labels" in self._areas:
            changes += difference.labels(path, self._labels, repository.labels())
        return changes


def plan(changes: Sequence[Change]) -> Plan:
    """Return the plan that makes the changes, one after another, as GitHub asks for."""
    steps: list[Step] = []
    for number, change in enumerate(changes, start=1):
        needs = (steps[-1].id,) if steps else ()
        title = f"{change.area}: {change.what}"
        steps.append(Step(f"{number}-{change.area}", title, change.calls, needs=needs))
    return Plan("github", tuple(steps))


def _do(paths: Paths, console: Console, client: Client, todo: Plan) -> None:
    def call(action: Call) -> None:
        client.request(action.method, action.path, body=action.body)

    with StepProgress(console) as show:
        RealExecutor(
            Processes(),
            console,
            lambda: Journal.begin(paths.state / "runs", "github"),
            on_event=show,
            on_call=call,
        ).execute(todo)


def _require_kept(left: Sequence[Change]) -> None:
    if left:
        told = "; ".join(
            f"{change.what}: {field.name} is {field.before}, not {field.after}"
            for change in left
            for field in change.fields
        )
        raise RemoteRefusedError(
            f"GitHub took the changes and did not keep all of them: {told}",
            hint="an organisation's own policy may decide: ask its owner",
        )


def _shown(slug: str, changes: Sequence[Change], notes: Sequence[str]) -> Result:
    rows = tuple(
        (change.area, change.what, field.name, field.before, field.after)
        for change in changes
        for field in change.fields
    )
    data = {
        "repository": slug,
        "changes": [
            {
                "area": change.area,
                "what": change.what,
                "fields": [asdict(field) for field in change.fields],
            }
            for change in changes
        ],
        "notes": list(notes),
    }
    columns = ("area", "what", "field", "is", "shall be")
    lines = notes if changes else (f"{slug}: nothing to do.", *notes)
    return Result(data=data, table=Table(columns, rows) if rows else None, lines=tuple(lines))
