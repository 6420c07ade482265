from ruamel.yaml import YAML

from refctl.quality.hooks import MARK, NAMES, script
from tests.checkout import ROOT


def test_a_hook_of_a_project_further_down_finds_it_from_the_top() -> None:
    before, message = script("pre-commit", "our shop/"), script("commit-msg", "our shop/")
    for hook in (before, message):
        assert hook.startswith(f"#!/bin/sh\n{MARK}\n")
        assert "refctl=$PWD/'our shop'/.venv/bin/refctl" in hook
    assert before.endswith("cd 'our shop' && exec \"$refctl\" hooks run pre-commit\n")
    # The file that git names is relative to the top: no other folder is entered.
    assert message.endswith('\nexec "$refctl" hooks run commit-msg "$1"\n')


def test_a_hook_of_a_project_at_the_top_stays_there() -> None:
    assert "if [ -x ./.venv/bin/refctl ]" in script("pre-commit")


def test_pre_commit_calls_the_same_each_at_its_time_alone() -> None:
    document = YAML().load(ROOT / ".pre-commit-config.yaml")
    hooks = [hook for repo in document["repos"] for hook in repo["hooks"]]
    assert {tuple(hook["stages"]): hook["entry"] for hook in hooks} == {
        (name,): f".venv/bin/refctl hooks run {name}" for name in NAMES
    }
