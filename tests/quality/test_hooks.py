from refctl.quality.hooks import MARK, script


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
