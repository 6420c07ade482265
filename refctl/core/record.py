"""Named tuples for what must start quickly.

The same as `typing.NamedTuple`, which type checkers take it for. Importing `typing`, and letting
it look at each field, takes longer than git needs for its part of `refctl release plan`.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NamedTuple as Record
else:
    from collections import namedtuple

    class _Meta(type):
        def __new__(cls, name, bases, body):  # noqa: ANN001, ANN204 - unseen by type checkers
            if not bases:
                return super().__new__(cls, name, bases, body)
            fields = body.get("__annotations__", {})
            defaults = [body[field] for field in fields if field in body]
            made = namedtuple(name, fields, defaults=defaults, module=body["__module__"])  # noqa: PYI024 - this makes the typed ones
            for key, value in body.items():
                if key not in fields and key not in {"__module__", "__qualname__", "__dict__"}:
                    setattr(made, key, value)
            made.__qualname__ = body["__qualname__"]
            return made

    class Record(metaclass=_Meta):
        """The base of each: its annotated fields make the tuple."""


__all__ = ["Record"]
