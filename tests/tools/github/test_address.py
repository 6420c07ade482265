"""Which repository: from real git remotes."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from refctl.core.errors import ConfigurationError
from refctl.tools.github import address
from refctl.tools.github.client import API

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    subprocess.run(["git", "init", "--quiet", tmp_path], check=True)
    return tmp_path


def add_remote(root: Path, url: str) -> None:
    subprocess.run(["git", "remote", "add", "origin", url], cwd=root, check=True)


@pytest.mark.parametrize(
    "url",
    [
        "git@github.com:octo/app.git",
        "https://github.com/octo/app",
        "https://github.com/octo/app.git/",
        "https://user:canary@github.com/octo/app.git",
        "ssh://git@github.com/octo/app.git",
        "ssh://git@ssh.github.com:443/octo/app.git",
        "github.com:octo/app",
    ],
)
def test_every_form_of_remote_names_the_repository(root: Path, url: str) -> None:
    add_remote(root, url)
    found = address.find(root, env={})
    assert (found.slug, found.host, found.api) == ("octo/app", "github.com", API)


def test_another_github_has_its_api_elsewhere(root: Path) -> None:
    add_remote(root, "git@git.example.com:octo/my.app.git")
    found = address.find(root, env={})
    assert (found.slug, found.host) == ("octo/my.app", "git.example.com")
    assert found.api == "https://git.example.com/api/v3"
    assert address.find(root, env={"GITHUB_API_URL": "https://x.test/"}).api == "https://x.test"
    own = "https://api.git.example.com/v3"
    assert address.find(root, api=own, env={}).api == own


def test_a_file_of_the_repository_sends_its_token_nowhere_else(root: Path) -> None:
    add_remote(root, "git@github.com:ada/shop.git")
    for elsewhere in ("https://evil.test", "https://github.com.evil.test/api"):
        with pytest.raises(ConfigurationError, match=r"github\.api_url"):
            address.find(root, api=elsewhere, env={})
    said = {"GITHUB_API_URL": "https://x.test"}
    assert address.find(root, api="https://evil.test", env=said).api == "https://x.test"


def test_git_s_own_abbreviations_are_followed(root: Path) -> None:
    subprocess.run(["git", "config", "url.git@github.com:.insteadOf", "gh:"], cwd=root, check=True)
    add_remote(root, "gh:octo/app")
    assert address.find(root, env={}).slug == "octo/app"


def test_what_is_configured_comes_first_then_the_remote_then_the_job(root: Path) -> None:
    job = {"GITHUB_REPOSITORY": "octo/job"}
    assert address.find(root, env=job).slug == "octo/job"
    add_remote(root, "git@github.com:octo/app.git")
    assert address.find(root, env=job).slug == "octo/app"
    assert address.find(root, repository="octo/named", env=job).slug == "octo/named"


@pytest.mark.parametrize("url", ["", "../elsewhere.git", "file:///srv/app.git"])
def test_a_remote_that_names_none_is_an_error_with_the_way_out(root: Path, url: str) -> None:
    if url:
        add_remote(root, url)
    with pytest.raises(ConfigurationError, match="which repository on GitHub this is") as no:
        address.find(root, env={})
    assert "github.repository in refctl.toml" in no.value.hint


def test_a_wrong_name_is_an_error(root: Path) -> None:
    with pytest.raises(ConfigurationError, match="nonsense is not the name of a repository"):
        address.find(root, repository="nonsense", env={})


@pytest.mark.parametrize(
    ("remote", "env", "expected"),
    [
        ("git@github.com:octo/app.git", {}, True),
        ("https://github.example.com/octo/app", {}, True),
        ("https://octo.ghe.com/octo/app", {}, True),
        ("git@git.example.com:octo/app.git", {}, False),
        (
            "git@git.example.com:octo/app.git",
            {"GITHUB_API_URL": "https://git.example.com/api/v3"},
            True,
        ),
        (
            "git@git.example.com:octo/app.git",
            {"GITHUB_SERVER_URL": "https://git.example.com"},
            True,
        ),
        ("git@gitlab.com:octo/app.git", {"GITHUB_API_URL": "https://api.github.com"}, False),
        ("/srv/git/app.git", {"GITHUB_API_URL": "https://api.github.com"}, False),
    ],
)
def test_whether_a_remote_is_on_a_github_shows_in_its_name_or_the_environment(
    remote: str, env: dict[str, str], *, expected: bool
) -> None:
    assert address.is_github(remote, env=env) is expected
    assert address.is_github(remote, configured=True, env=env)


def test_data_residency_has_its_api_at_a_name_of_its_own() -> None:
    found = address.parse("https://octo.ghe.com/octo/app.git")
    assert found is not None
    assert (found.host, found.api) == ("octo.ghe.com", "https://api.octo.ghe.com")
