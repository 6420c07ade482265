from pathlib import Path

import pytest

from refctl.core.errors import ConfigurationError
from refctl.core.paths import Paths, find_project, make_folder, templates, write_atomically


def test_every_place_is_below_the_root() -> None:
    paths = Paths(Path("/p"))
    assert {
        "marker": paths.marker,
        "backend": paths.backend,
        "frontend": paths.frontend,
        "env": paths.env,
        "python": paths.backend_python,
        "state": paths.state,
    } == {
        "marker": Path("/p/refctl.toml"),
        "backend": Path("/p/app/backend"),
        "frontend": Path("/p/app/frontend"),
        "env": Path("/p/.env"),
        "python": Path("/p/app/backend/.venv/bin/python"),
        "state": Path("/p/.refctl"),
    }


def test_a_project_is_found_from_any_folder_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "refctl.toml").touch()
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    assert find_project() == Paths(tmp_path)
    assert find_project(tmp_path) == Paths(tmp_path)


def test_outside_of_a_project_the_error_says_where_it_looked(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        find_project(tmp_path)
    assert caught.value.message == f"no refctl.toml in {tmp_path} or any folder above it"
    assert caught.value.hint == "change into a refctl project and run the command again"


def test_the_templates_are_beside_the_package_of_a_checkout() -> None:
    assert (templates() / "env.j2").is_file()


def test_the_templates_of_a_wheel_are_inside_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "site-packages" / "refctl"
    monkeypatch.setattr("refctl.core.paths.__file__", str(package / "core" / "paths.py"))
    assert templates() == package.parent / "templates"
    packed = package / "_data" / "templates"
    packed.mkdir(parents=True)
    assert templates() == packed


def test_a_file_is_written_whole_into_new_folders(tmp_path: Path) -> None:
    file = tmp_path / "a" / "b" / "c.txt"
    write_atomically(file, "räder\n")
    assert file.read_bytes() == "räder\n".encode()
    assert file.stat().st_mode & 0o777 == 0o644
    write_atomically(file, "x", mode=0o600)
    assert file.read_text() == "x"
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(file.parent.iterdir()) == [file]


def test_what_cannot_be_written_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    file = tmp_path / "c.txt"
    file.write_text("old")
    with pytest.raises(UnicodeEncodeError):
        write_atomically(file, "\ud800")
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_a_failure_to_write_is_told_though_its_file_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose(self: Path, _target: Path) -> None:
        self.unlink()
        raise OSError("disk went away")

    monkeypatch.setattr(Path, "replace", lose)
    with pytest.raises(OSError, match="disk went away"):
        write_atomically(tmp_path / "c.txt", "x")


@pytest.mark.parametrize("place", [".refctl/locks", ".refctl", ".refctl/tools/a-1.0"])
def test_whoever_first_makes_the_state_folder_keeps_it_out_of_git(
    tmp_path: Path, place: str
) -> None:
    make_folder(tmp_path / place)
    assert (tmp_path / ".refctl" / ".gitignore").read_text() == "*\n"
    (tmp_path / ".refctl" / ".gitignore").write_text("mine\n")
    write_atomically(tmp_path / place / "a", "x")
    assert (tmp_path / ".refctl" / ".gitignore").read_text() == "mine\n"


def test_no_other_folder_gets_a_file_of_its_own(tmp_path: Path) -> None:
    make_folder(tmp_path / "a" / "b")
    assert [one.name for one in tmp_path.rglob("*")] == ["a", "b"]
