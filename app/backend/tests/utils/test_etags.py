import pytest

from app.utils.etags import Versions


@pytest.mark.parametrize(
    ("header", "strong", "weak"),
    [
        ('"3"', True, True),
        ('W/"3"', False, True),
        ('"1", "3"', True, True),
        ('"1",W/"3"', False, True),
        ("*", True, True),
        (" * ", True, True),
        ('"33"', False, False),
        ("3", False, False),
        ('"three"', False, False),
        ("", False, False),
        ('"' + "9" * 5_000 + '"', False, False),
    ],
)
def test_a_tag_matches_its_version(header: str, *, strong: bool, weak: bool) -> None:
    assert (3 in Versions.parse_strong(header)) is strong
    assert (3 in Versions.parse_weak(header)) is weak
