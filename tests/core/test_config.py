from pathlib import Path

import pytest

from refctl.core.config import Config, load
from refctl.core.errors import ConfigurationError


def write(folder: Path, text: str) -> Path:
    path = folder / "refctl.toml"
    path.write_text(text)
    return path


def test_an_empty_file_gives_the_defaults(tmp_path: Path) -> None:
    assert load(write(tmp_path, "")) == Config()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[dev]\nbackend_port = 0", r"refctl.toml: dev.backend_port = 0: .*greater than or equal"),
        ("[dev]\nport = 1", "refctl.toml: dev.port: no such key"),
        ("[dev", "refctl.toml: not valid TOML: .*"),
    ],
)
def test_a_wrong_file_is_named_with_its_path(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message) as caught:
        load(write(tmp_path, text))
    assert caught.value.exit_code == 3


def test_a_wrong_file_says_where_to_edit(tmp_path: Path) -> None:
    for text, hint in (("[dev", " at that place"), ("[dev]\nport = 1\n[a]\n", "")):
        path = write(tmp_path, text)
        with pytest.raises(ConfigurationError) as caught:
            load(path)
        assert caught.value.hint == f"edit {path}{hint}"
    assert caught.value.message == "refctl.toml: dev.port: no such key\nrefctl.toml: a: no such key"


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load(tmp_path / "refctl.toml")
    assert caught.value.message == "refctl.toml: No such file or directory"


def test_a_file_is_read_as_utf_8_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "refctl.toml"
    path.write_bytes('[check]\nmade_up_secrets = ["pässword"]\n'.encode())
    assert load(path).check.made_up_secrets == ["pässword"]
    path.write_bytes(b'[check]\nmade_up_secrets = ["\xff"]\n')
    with pytest.raises(ConfigurationError, match="not valid TOML"):
        load(path)


def test_a_share_of_mutants_is_a_share(tmp_path: Path) -> None:
    assert load(write(tmp_path, "[test.mutation]\nscore = 90.5\n")).test.mutation.score == 90.5
    with pytest.raises(ConfigurationError, match=r"test.mutation.score = 101.0: .*less than"):
        load(write(tmp_path, "[test.mutation]\nscore = 101.0\n"))
    accepted = '[[test.mutation.accepted]]\nfile = "*"\nchange = "*"\nreason = ""\n'
    with pytest.raises(ConfigurationError, match=r"accepted.0.reason"):
        load(write(tmp_path, accepted))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('tag_format = "v"', "error, must have {version} in it, once"),
        ('initial_version = "1.0"', "error, must be three numbers"),
        ('initial_version = "01.0.0"', "must be three numbers"),
        ('message = "release"', "error, must have {version} in it"),
        ('types = {feat = "huge"}', "release.types.feat"),
        ('branches = {x = {match = "("}}', "not a regular expression"),
        ('branches = {x = {match = "x", prerelease = "r c"}}', "release.branches.x.prerelease"),
        ('files = [{path = "a"}]', "needs either key or pattern"),
        ('files = [{path = "a", key = "b", pattern = "c"}]', "needs either key or pattern"),
        ('files = [{path = "a", key = "b", value = "c"}]', "value must have {version} in it"),
        ('files = [{path = "a", pattern = "["}]', "not a regular expression"),
        ('mode = "pull"', "release.mode"),
        ("push = true", "release.push: no such key"),
    ],
)
def test_a_release_that_makes_no_sense_is_named(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "refctl.toml"
    path.write_text(f"[release]\n{text}\n")
    with pytest.raises(ConfigurationError) as caught:
        load(path)
    assert words in caught.value.message


def test_a_release_may_say_all_that_it_can(tmp_path: Path) -> None:
    path = tmp_path / "refctl.toml"
    path.write_text(
        '[release]\ntag_format = "shop-{version}"\ninitial_version = "1.0.0"\n'
        'message = "release {version}"\n'
        'types = {docs = "none"}\nbranches = {x = {match = "x/.+", prerelease = "rc"}}\n'
        'files = [{path = "a", pattern = "v(.+)", value = "v{version}"}]\n'
    )
    release = load(path).release
    assert (release.tag_format, release.branches["x"].prerelease) == ("shop-{version}", "rc")
    assert release.files[0].value == "v{version}"


def test_the_environments_on_github_have_defaults_of_their_own(tmp_path: Path) -> None:
    text = "[github.environments.production]\nwait_minutes = 30\n"
    some = load(write(tmp_path, text)).github.environments
    assert (some.development.wait_minutes, some.development.branches) == (0, [])
    assert (some.staging.wait_minutes, some.staging.branches, some.staging.tags) == (
        0,
        ["main"],
        [],
    )
    production = some.production
    assert (production.wait_minutes, production.branches, production.tags) == (30, ["main"], ["v*"])
    assert (production.reviewers, production.prevent_self_review) == (None, True)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[github.protection]\nreviews = 11", r"github\.protection\.reviews = 11"),
        ("[github.merging]\nmethods = []", r"github\.merging\.methods = \[\]"),
        ('[github.merging]\nmethods = ["push"]', r"github\.merging\.methods\.0 = 'push'"),
        ("[github.environments.test]\n", r"github\.environments\.test: no such key"),
        ('[github.labels]\nx = { color = "red" }', r"github\.labels\.x\.color = 'red'"),
        (
            '[github.environments.staging]\nreviewers = ["a", "b", "c", "d", "e", "f", "g"]',
            r"github\.environments\.staging\.reviewers = ",
        ),
    ],
)
def test_what_github_would_not_take_is_refused_here(
    tmp_path: Path, text: str, message: str
) -> None:
    with pytest.raises(ConfigurationError, match=message):
        load(write(tmp_path, text))
