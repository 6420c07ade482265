from __future__ import annotations

import pytest

from refctl.core.record import Record


class Point(Record):
    """A point."""

    x: int
    y: int = 2
    """Down."""

    @property
    def sum(self) -> int:
        """Both."""
        return self.x + self.y

    def __str__(self) -> str:
        return f"{self.x}/{self.y}"


def test_a_record_is_a_named_tuple_with_defaults_and_methods() -> None:
    point = Point(1)
    assert (point, point._replace(x=3)) == ((1, 2), Point(3, 2))
    assert (point.sum, str(point), repr(point)) == (3, "1/2", "Point(x=1, y=2)")
    assert (Point.__name__, Point.__module__, Point.__doc__) == ("Point", __name__, "A point.")
    with pytest.raises(AttributeError):
        point.x = 4  # type: ignore[misc]
    with pytest.raises(TypeError):
        Point()  # type: ignore[call-arg]
