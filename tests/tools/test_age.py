"""age: identities in files, variables and the keyring; files that only recipients open."""

from __future__ import annotations

import subprocess
from pathlib import Path

import keyring
import pytest
from pyrage import x25519

from refctl.core.errors import ConfigurationError
from refctl.core.redact import REDACTOR, Secret
from refctl.tools import age
from tests.tools.github.test_tokens import Vault

CANARY = "canary-Qm7xRk29ZtVn4LpYc8WsHd3Jf6Gb1Ea5"
ONE = x25519.Identity.generate()
OTHER = x25519.Identity.generate()


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return {"XDG_CONFIG_HOME": str(tmp_path / "home"), "HOME": str(tmp_path)}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "project").mkdir()
    return tmp_path / "project"


def test_an_identity_is_made_outside_the_repository_for_its_owner_alone(
    root: Path, env: dict[str, str]
) -> None:
    assert age.find(root, env) is None
    made = age.create(root, env)
    file = Path(env["XDG_CONFIG_HOME"]) / "refctl/identity.txt"
    assert made.source == str(file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert file.parent.stat().st_mode & 0o777 == 0o700
    found = age.find(root, env)
    assert found is not None
    assert found.recipient == made.recipient
    assert made.recipient in file.read_text().splitlines()[0]
    assert REDACTOR(made.value.reveal()) == "[REDACTED]"


def test_a_file_that_others_may_read_is_refused(root: Path, env: dict[str, str]) -> None:
    file = Path(age.create(root, env).source)
    file.chmod(0o640)
    with pytest.raises(ConfigurationError, match="others may read") as no:
        age.find(root, env)
    assert no.value.hint == f"chmod 600 {file}"


@pytest.mark.parametrize("make", [age.create, age.find])
def test_an_identity_is_not_kept_beside_what_it_opens(root: Path, make: object) -> None:
    file = root / "identity.txt"
    file.write_text(str(ONE))
    file.chmod(0o600)
    with pytest.raises(ConfigurationError, match="inside the repository"):
        make(root, {age.FILE_VARIABLE: str(file)})  # type: ignore[operator]  # either function


def test_a_variable_comes_first_then_a_file_then_the_keyring(
    root: Path, env: dict[str, str], tmp_path: Path
) -> None:
    vault, before = Vault(), keyring.get_keyring()
    vault.set_password(age.SERVICE, age.ACCOUNT, str(OTHER))
    keyring.set_keyring(vault)
    try:
        found = age.find(root, env)
        assert found is not None
        assert (found.source, found.recipient) == ("the keyring", str(OTHER.to_public()))
        file = tmp_path / "key.txt"
        file.write_text(f"# a comment\n{ONE}\n")
        file.chmod(0o600)
        named = {**env, age.FILE_VARIABLE: str(file)}
        found = age.find(root, named)
        assert found is not None
        assert (found.source, found.recipient) == (str(file), str(ONE.to_public()))
        found = age.find(root, {**named, age.VARIABLE: f"{OTHER}\n"})
        assert found is not None
        assert (found.source, found.recipient) == (age.VARIABLE, str(OTHER.to_public()))
    finally:
        keyring.set_keyring(before)


def test_what_is_no_identity_is_not_shown(root: Path, env: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="REFCTL_AGE_IDENTITY holds no age identity") as no:
        age.find(root, {**env, age.VARIABLE: f"AGE-SECRET-KEY-1{CANARY}"})
    assert CANARY not in str(no.value) + no.value.hint
    with pytest.raises(ConfigurationError, match="which is not there"):
        age.find(root, {**env, age.FILE_VARIABLE: str(tmp_path / "none")})


def test_each_recipient_opens_and_nobody_else(tmp_path: Path) -> None:
    file = tmp_path / "x.age"
    third = x25519.Identity.generate()
    file.write_text(age.encrypt(Secret(CANARY), [str(ONE.to_public()), str(OTHER.to_public())]))
    assert file.read_text().startswith("-----BEGIN AGE ENCRYPTED FILE-----")
    assert CANARY not in file.read_text()
    for key in (ONE, OTHER):
        assert age.decrypt(file, age.Identity(Secret(str(key)), "x")).reveal() == CANARY
    with pytest.raises(ConfigurationError, match="cannot be read with the identity of x") as no:
        age.decrypt(file, age.Identity(Secret(str(third)), "x"))
    assert str(third.to_public()) in no.value.hint
    lines = file.read_text().splitlines()
    lines[-3] = lines[-3][:-2] + ("AA" if lines[-3][-2:] != "AA" else "BB")
    whole = file.read_text()
    conflict = f"<<<<<<< HEAD\n{whole}=======\n{whole}>>>>>>> other\n"
    for text in ("\n".join(lines), whole[:300], whole[:40], conflict, ""):
        file.write_text(text)
        with pytest.raises(ConfigurationError, match="is damaged") as no:
            age.decrypt(file, age.Identity(Secret(str(ONE)), "x"))
        assert "git log -- secrets" in no.value.hint


def test_a_wrong_public_key_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="is not an age public key"):
        age.encrypt(Secret(CANARY), ["age1nonsense"])


@pytest.mark.skipif(
    subprocess.run(["which", "age"], capture_output=True, check=False).returncode != 0,
    reason="age's own program is not installed: https://age-encryption.org",
)
def test_age_s_own_program_opens_it(tmp_path: Path) -> None:
    file, key = tmp_path / "x.age", tmp_path / "key.txt"
    file.write_text(age.encrypt(Secret(CANARY), [str(ONE.to_public())]))
    key.write_text(str(ONE))
    said = subprocess.run(
        ["age", "--decrypt", "--identity", key, file], capture_output=True, check=True, text=True
    )
    assert said.stdout == CANARY
