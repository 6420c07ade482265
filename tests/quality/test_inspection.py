"""Each real tool finds what was planted, and nothing once it is gone."""

import json
import os
import random
import shutil
import sys
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from sarif_pydantic import Sarif

from refctl.core.paths import Paths
from refctl.core.plan import Run
from refctl.quality import sarif
from refctl.quality.checks import Check, Site, Tree, files, plan
from refctl.quality.findings import SKIPPED
from refctl.quality.inspection import Look, look
from refctl.quality.kinds import KINDS
from refctl.tools.actionlint import find_actionlint
from refctl.tools.finding import Finding
from refctl.tools.node import environment, find_node
from refctl.tools.proc import Processes
from tests.checkout import ROOT

HERE = Paths(ROOT)
ask = Processes().ask
STATE = HERE.state / "tools"
BY_NAME = {kind.name: kind for kind in KINDS}

SETTINGS = """
[tool.ruff.lint]
select = ["F"]
[tool.mypy]
packages = ["shop"]
[tool.importlinter]
root_package = "shop"
[[tool.importlinter.contracts]]
name = "down"
type = "layers"
layers = ["shop.high", "shop.low"]
"""
PACKAGE = {"pyproject.toml": SETTINGS, "shop/__init__.py": "", "shop/high.py": "X = 1\n"}
WORKFLOW = """\
name: test
on: push
permissions: {}
concurrency: { group: test, cancel-in-progress: true }
jobs:
  test:
    name: Test
    timeout-minutes: 5
    permissions: {}
    runs-on: RUNNER
    steps:
      - run: echo "STEP"
"""
GOOD_WORKFLOW = WORKFLOW.replace("RUNNER", "ubuntu-latest").replace("STEP", "good")
# In two halves: here it must not be found.
TOKEN = "ghp_" + "x7Kq9ZtR2mVb4NwLs8YpJd3HfGc6Xa1TuEe0"

FAULTS = [
    ("refctl-ruff", "shop/low.py", "import os\n", "", (1, "F401")),
    ("refctl-ruff", "shop/low.py", "def\n", "", (1, "invalid-syntax")),
    ("refctl-format", "shop/low.py", "x=1\n", "x = 1\n", (1, "unformatted")),
    ("refctl-mypy", "shop/low.py", "\nx: int = ''\n", "", (2, "assignment")),
    ("refctl-imports", "shop/low.py", "import shop.high\n", "", (1, "contract")),
    ("markdown", "a.md", "# A\n\n```\nx\n```\n", "# A\n", (3, "MD040")),
    ("links", "a.md", "# A\n\nSee [b](b.md).\n", "# A\n\nSee [a](#a).\n", (3, "link")),
    ("shellcheck", "run.sh", "#!/bin/sh\necho $1\n", '#!/bin/sh\necho "$1"\n', (2, "SC2086")),
    ("hadolint", "Dockerfile", "FROM debian\n", "FROM debian:12.1\n", (1, "DL3006")),
    (
        "workflows",
        ".github/workflows/a.yml",
        GOOD_WORKFLOW.replace("ubuntu-latest", "ubuntu-nowhere"),
        GOOD_WORKFLOW,
        (10, "actionlint/runner-label"),
    ),
    (
        "workflows",
        ".github/workflows/a.yml",
        GOOD_WORKFLOW.replace("    timeout-minutes: 5\n", ""),
        GOOD_WORKFLOW,
        (6, "refctl/timeout"),
    ),
    (
        "workflows",
        ".github/workflows/a.yml",
        WORKFLOW.replace("RUNNER", "ubuntu-latest").replace(
            "STEP", "${{ github.event.pull_request.title }}"
        ),
        GOOD_WORKFLOW,
        (12, "zizmor/template-injection"),
    ),
    ("yaml", "a.yaml", "---\na: 1\na: 2\n", "---\na: 1\n", (3, "key-duplicates")),
    ("syntax", "a.json", '{"a": 1,}\n', '{"a": 1}\n', (1, "")),
    ("syntax", "a.toml", "\na = \n", "a = 1\n", (2, "")),
    (
        "schema-github-workflows",
        ".github/workflows/a.yml",
        GOOD_WORKFLOW.replace("jobs", "jbos"),
        GOOD_WORKFLOW,
        (0, "schema"),
    ),
    (
        "schema-dependabot",
        ".github/dependabot.yml",
        "version: 1\nupdates: []\n",
        "version: 2\nupdates: []\n",
        (0, "schema"),
    ),
    (
        "secrets",
        "a.txt",
        f'token = "{TOKEN}"\n',
        'token = "made-up"\n',
        (1, "betterleaks.github-pat"),
    ),
]


def site(root: Path) -> Site:
    node = find_node(STATE)
    return Site(
        root=root,
        bins={
            "refctl": Path(sys.executable).parent,
            "backend": Path(sys.executable).parent,
            "tools": STATE / "checks" / "bin",
            "frontend": HERE.frontend / "node_modules" / ".bin",
        },
        programs={"python": Path(sys.executable)},
        env={"frontend": environment(node)},
        # The compiled rules of this checkout: it takes half a minute to make them.
        words={"state": str(HERE.state), "first_load_kb": "1", "made_up_secrets": "^$"},
    )


def planned(name: str, root: Path) -> Check:
    some = (file for file in root.rglob("*") if file.is_file() and "node_modules" not in str(file))
    tree = Tree(tuple(sorted(str(file.relative_to(root)) for file in some)))
    return plan(BY_NAME[name], files(BY_NAME[name], tree), site(root))


def looked(name: str, root: Path) -> Look:
    return look(planned(name, root), root, ask)


def write(root: Path, some: dict[str, str]) -> None:
    for name, text in some.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


@pytest.mark.usefixtures("tools")
@pytest.mark.parametrize(
    ("name", "file", "bad", "good", "expected"),
    FAULTS,
    ids=[f"{name}-{rule}" for name, *_, (_, rule) in FAULTS],
)
def test_a_planted_fault_is_found_where_it_is_and_nothing_once_it_is_gone(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    file: str,
    bad: str,
    good: str,
    expected: tuple[int, str],
) -> None:
    if name == "workflows":
        actionlint = find_actionlint(STATE)
        if actionlint is None:
            pytest.skip("actionlint is not here: put Go or actionlint on PATH")
        monkeypatch.setenv("PATH", str(actionlint.parent), prepend=os.pathsep)
        write(tmp_path, {"refctl.toml": ""})
    if name.startswith("refctl-"):
        write(tmp_path, PACKAGE)
    write(tmp_path, {file: bad})
    found = looked(name, tmp_path)
    assert found.status == "failed", found
    assert {(one.path, one.line, one.rule) for one in found.findings} >= {(file, *expected)}, found
    assert found.faults >= 1
    write(tmp_path, {file: good})
    after = looked(name, tmp_path)
    assert (after.status, after.findings) == ("passed", ())


def test_workflows_that_cannot_be_read_are_a_finding(tmp_path: Path) -> None:
    write(tmp_path, {"refctl.toml": "", ".github/workflows/a.yml": "on: push\njobs: [\n"})
    found = looked("workflows", tmp_path)
    assert found.status == "failed"
    # A linter that is not here is one, too.
    (one,) = [finding for finding in found.findings if finding.path]
    assert (one.path, one.line, one.rule) == (".github/workflows/a.yml", 3, "syntax")
    assert one.message.startswith("not YAML: ")


def lint_said(code: int, *findings: Finding, missing: dict[str, str]) -> Look:
    data = {"findings": [asdict(one) for one in findings], "missing": missing}
    answer = json.dumps({"ok": not code, "data": data, "errors": []})
    return said(code, answer, form="workflows")


def test_workflows_without_a_linter_are_no_green_and_hide_no_finding() -> None:
    note = "actionlint is not here: get it"
    found = lint_said(0, missing={"actionlint": "get it"})
    assert (found.status, found.note) == ("skipped", note)
    bad = Finding("bad", "refctl/timeout", "a.yml", 1)
    found = lint_said(1, bad, missing={"actionlint": "get it"})
    assert (found.status, found.findings) == ("failed", (Finding(note), bad))


FRONTEND = "app/frontend"
CONFIGURATION = ("eslint.config.mjs", "package.json", "tsconfig.json")


@pytest.fixture
def frontend(tmp_path: Path) -> Path:
    """Give a project the frontend's settings and dependencies."""
    if not (HERE.frontend / "node_modules").is_dir():
        pytest.skip("the frontend is not installed: refctl test frontend")
    folder = tmp_path / FRONTEND
    folder.mkdir(parents=True)
    for name in CONFIGURATION:
        shutil.copy2(HERE.frontend / name, folder)
    (folder / "node_modules").symlink_to(HERE.frontend / "node_modules")
    return tmp_path


def test_eslint_finds_cycles_and_what_reaches_across_its_zone(frontend: Path) -> None:
    write(
        frontend / FRONTEND / "src",
        {
            "lib/a.ts": 'import { b } from "./b";\n\nexport const a = (): number => b();\n',
            "lib/b.ts": 'import { a } from "./a";\n\nexport const b = (): number => a();\n',
            "components/ui/c.ts": 'import { d } from "../../services/d";\n\nexport const c = d;\n',
            "services/d.ts": "export const d = 1;\n",
        },
    )
    found = looked("frontend-eslint", frontend)
    assert {(one.path.removeprefix(f"{FRONTEND}/src/"), one.rule) for one in found.findings} == {
        ("lib/a.ts", "import-x/no-cycle"),
        ("lib/b.ts", "import-x/no-cycle"),
        ("components/ui/c.ts", "import-x/no-restricted-paths"),
    }


def test_prettier_finds_what_is_not_formatted_or_cannot_be_read(frontend: Path) -> None:
    write(frontend / FRONTEND, {"a.ts": "const a=1\n", "b.ts": "const b = ;\n", "c.md": "# C\n"})
    found = looked("frontend-prettier", frontend)
    own = [one for one in found.findings if one.path.endswith(".ts")]
    assert [(one.path, one.line, one.rule) for one in own] == [
        (f"{FRONTEND}/a.ts", 0, "unformatted"),
        (f"{FRONTEND}/b.ts", 1, "syntax"),
    ]


def test_tsc_finds_a_wrong_type(frontend: Path) -> None:
    write(frontend / FRONTEND, {"a.ts": 'export const a: number = "a";\n'})
    (frontend / FRONTEND / "tsconfig.json").write_text(
        '{"compilerOptions": {"noEmit": true, "types": []}, "files": ["a.ts"]}'
    )
    check = planned("frontend-tsc", frontend)
    found = look(replace(check, commands=check.commands[1:2]), frontend, ask)
    assert [(one.path, one.line, one.column, one.rule) for one in found.findings] == [
        (f"{FRONTEND}/a.ts", 1, 14, "TS2322")
    ]


def test_a_page_over_the_budget_is_found_in_a_build(tmp_path: Path) -> None:
    build = tmp_path / FRONTEND / ".next"
    manifest = {"entryJSFiles": {"[project]/src/app/login/page": ["static/own.js"]}}
    write(
        tmp_path / FRONTEND,
        {"package.json": "{}", "src/app/login/page.tsx": ""},
    )
    assert "there is no build" in looked("frontend-bundle", tmp_path).note
    write(
        build,
        {
            "BUILD_ID": "x",
            "build-manifest.json": json.dumps({"rootMainFiles": ["static/all.js"]}),
            "server/app/login/page_client-reference-manifest.js": (
                f'globalThis.__RSC_MANIFEST["/login/page"] = {json.dumps(manifest)};'
            ),
            "static/all.js": "x",
            "static/own.js": "x",
        },
    )
    found = looked("frontend-bundle", tmp_path)
    assert found.status == "passed", found
    (build / "static/own.js").write_bytes(random.Random(1).randbytes(3000))  # noqa: S311 - noise
    found = looked("frontend-bundle", tmp_path)
    assert [(one.path, one.rule) for one in found.findings] == [
        (f"{FRONTEND}/src/app/login/page.tsx", "bundle")
    ]
    write(tmp_path / FRONTEND, {"src/app/login/page.tsx": "newer"})
    found = looked("frontend-bundle", tmp_path)
    assert (found.status, "older than the source" in found.note) == ("skipped", True)


def test_a_build_in_which_no_page_is_known_is_no_green(tmp_path: Path) -> None:
    build = tmp_path / FRONTEND / ".next"
    write(tmp_path / FRONTEND, {"package.json": "{}"})
    write(build, {"BUILD_ID": "x", "build-manifest.json": '{"rootMainFiles": []}'})
    write(build, {"server/app/login/page_other-manifest.js": ""})
    found = looked("frontend-bundle", tmp_path)
    assert found.status == "failed"
    assert "no page has a page_client-reference-manifest.js" in found.findings[0].message


def said(code: int, out: str = "", err: str = "", *, form: str = "lines") -> Look:
    program = "import sys; print(sys.argv[1]); print(sys.argv[2], file=sys.stderr); exit(%d)"
    run = Run((sys.executable, "-c", program % code, out, err), cwd=ROOT)
    return look(Check("one", (run,), (), form, "refctl", 1), ROOT, ask)


def test_words_that_cannot_be_read_are_shown_as_they_are() -> None:
    found = said(3, "it broke", "badly")
    assert (found.status, found.note, found.said) == (
        "failed",
        "exit code 3",
        ("it broke", "badly"),
    )


def test_a_check_that_cannot_look_is_neither_good_nor_bad_but_in_ci_needs_its_tool(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = said(SKIPPED, "there is no build")
    assert (found.status, found.note) == ("skipped", "there is no build")
    missing = Run(("/nowhere/no-such-tool",), cwd=ROOT)
    check = Check("one", (missing,), (), "lines", "frontend", 1)
    note = "no-such-tool is not here: put it on PATH, or into app/frontend/package.json"
    monkeypatch.delenv("CI", raising=False)
    found = look(check, ROOT, ask)
    assert (found.status, found.note) == ("skipped", note)
    # Nobody reads a skip there.
    monkeypatch.setenv("CI", "true")
    found = look(check, ROOT, ask)
    assert (found.status, found.note) == ("failed", note)
    assert said(SKIPPED, "there is no build").status == "skipped"


FLAW = {"id": "PYSEC-1", "fix_versions": ["2"]}


@pytest.mark.parametrize(
    ("packages", "status"),
    [
        ([{"name": "a", "version": "1", "vulns": []}], "passed"),
        ([{"name": "a", "skip_reason": "not found"}], "skipped"),
        # What is known to be bad is not hidden by what is unknown.
        (
            [
                {"name": "a", "skip_reason": "not found"},
                {"name": "b", "version": "1", "vulns": [FLAW]},
            ],
            "failed",
        ),
    ],
)
def test_an_audit_that_could_not_ask_is_no_green(
    packages: list[dict[str, object]], status: str
) -> None:
    found = said(int(status == "failed"), json.dumps({"dependencies": packages}), form="pip-audit")
    assert found.status == status
    if status == "failed":
        assert found.findings == (Finding("b 1: fixed in 2", "PYSEC-1", "uv.lock"),)


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("Traceback\nrequests.exceptions.ProxyError: refused", "skipped"),
        ("Traceback\npip_audit._service.interface.ServiceError", "skipped"),
        ("ERROR: no feed\nERROR: Tip: your network may be blocking this service.", "skipped"),
        ("ERROR:pip_audit._cli:requirement file x contains invalid specifier", "failed"),
        # uv's, before it.
        ("error: Unable to find lockfile at `uv.lock`", "failed"),
    ],
)
def test_only_an_index_that_does_not_answer_lets_an_audit_skip(words: str, status: str) -> None:
    found = said(1, err=words, form="pip-audit")
    assert found.status == status
    told = found.note if status == "skipped" else found.findings[0].message
    assert told == words.splitlines()[-1]


@pytest.mark.parametrize(
    ("words", "status", "shown"),
    [
        # As pnpm breaks its lines.
        ("The audit endpoint (at x) responded\n  │ with 405:", "skipped", "(HTTP 405)"),
        (
            "ERR_PNPM_AUDIT_BAD_RESPONSE\n\n  \xd7 Failed to request\n  ╰─▶ Connection refused",
            "skipped",
            "(ERR_PNPM_AUDIT_BAD_RESPONSE Failed to request Connection refused)",
        ),
        ("getaddrinfo ENOTFOUND example.com", "skipped", "ENOTFOUND"),
        (
            "Error: ERR_PNPM_AUDIT_NO_LOCKFILE\n\n  \xd7 No pnpm-lock.yaml found",
            "failed",
            "ERR_PNPM_AUDIT_NO_LOCKFILE No pnpm-lock.yaml found",
        ),
        ("Error: ERR_PNPM_BROKEN_LOCKFILE", "failed", "ERR_PNPM_BROKEN_LOCKFILE"),
    ],
)
def test_only_a_registry_that_does_not_answer_lets_an_audit_skip(
    words: str, status: str, shown: str
) -> None:
    found = said(1, err=words, form="pnpm-audit")
    assert found.status == status
    told = found.note if status == "skipped" else found.findings[0].describe()
    assert shown in told


def test_an_audit_with_another_answer_than_advisories_is_no_green() -> None:
    assert said(0, "{}", form="pnpm-audit").status == "failed"
    assert said(0, "[]", form="pnpm-audit").status == "failed"


def test_each_advisory_is_a_finding() -> None:
    advisory = {"module_name": "x", "title": "bad", "github_advisory_id": "GHSA-1", "id": 1}
    found = said(1, json.dumps({"advisories": {"1": advisory}}), form="pnpm-audit")
    assert [one.describe() for one in found.findings] == ["pnpm-lock.yaml: x: bad  [GHSA-1]"]


def test_the_log_of_all_checks_keeps_to_the_form_of_sarif() -> None:
    findings = {
        "one": (
            Finding("a", "R1", "a b.py", 3, 7),
            Finding("b", "", "c.py", 1, level="warning"),
            Finding("c", "R2", "d.py", level="note"),
            Finding("no place"),
        ),
        "two": (),
    }
    log = json.dumps(sarif.log(findings))
    Sarif.model_validate_json(log)
    runs = json.loads(log)["runs"]
    assert [len(run["results"]) for run in runs] == [4, 0]
    place = runs[0]["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "a%20b.py"
    assert place["region"] == {"startLine": 3, "startColumn": 7}


@pytest.mark.usefixtures("tools")
def test_a_key_that_was_removed_is_found_in_its_commit(tmp_path: Path) -> None:
    def git(*arguments: str) -> str:
        name = ("-c", "user.name=a", "-c", "user.email=a@example.com")
        said = ask(Run(("git", *name, *arguments), cwd=tmp_path))
        assert said.code == 0, said.err
        return said.out.strip()

    git("init", "--quiet")
    write(tmp_path, {"a.txt": f'token = "{TOKEN}"\n'})
    git("add", ".")
    git("commit", "--quiet", "-m", "one")
    commit = git("rev-parse", "HEAD")
    git("rm", "--quiet", "a.txt")
    git("commit", "--quiet", "-m", "two")
    here = site(tmp_path)
    where = replace(here, words={**here.words, "git": str(tmp_path / ".git")})
    seen = look(plan(BY_NAME["history"], (), where), tmp_path, ask)
    (found,) = seen.findings
    assert (seen.status, found.path, found.line) == ("failed", "a.txt", 1)
    assert found.message.endswith(f"(in commit {commit[:12]})")
    assert TOKEN not in str(seen)
