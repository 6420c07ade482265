from pathlib import Path

from refctl.quality.snapshots import compare, read


def test_what_is_taken_anew_is_named_by_what_became_of_it(tmp_path: Path) -> None:
    for name in ("same", "other", "old"):
        (tmp_path / f"{name}.png").write_bytes(b"before")
    before = read(tmp_path)
    (tmp_path / "other.png").write_bytes(b"now")
    (tmp_path / "new.png").write_bytes(b"now")
    (tmp_path / "old.png").unlink()
    changes = compare(before, read(tmp_path))
    assert changes.lines == ("changed: other", "new: new", "removed: old")
    assert changes.as_json() == {"changed": ("other",), "added": ("new",), "removed": ("old",)}


def test_pictures_that_are_the_same_are_said_to_be(tmp_path: Path) -> None:
    (tmp_path / "same.png").write_bytes(b"before")
    before = read(tmp_path)
    assert compare(before, read(tmp_path)).lines == ("no snapshot looks different",)
    assert read(tmp_path / "nowhere") == {}
