"""Where pydantic gets the values from."""

from collections.abc import Sequence
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, EnvSettingsSource

from app.core.variables import Found, Problem


class ConfigurationError(Exception):
    """The configuration is not valid; says of every problem which variable, where and why."""

    def __init__(self, found: Found, problems: Sequence[Problem]) -> None:
        self.found = found
        self.problems = tuple(problems)
        super().__init__(
            "\n".join(
                (
                    f"The configuration of {found.environment} is not valid:",
                    *(f"  {problem}" for problem in self.problems),
                    *(f"  Note: {note}" for note in found.notes),
                    "All values and where they come from: python -m scripts.config show",
                )
            )
        )


class VariablesSource(EnvSettingsSource):
    """Gives pydantic what was found."""

    def __init__(self, settings_cls: type[BaseSettings], found: Found) -> None:
        super().__init__(settings_cls)
        self.env_vars = {name.lower(): one.text for name, one in found.variables.items()}

    def decode_complex_value(self, field_name: str, field: FieldInfo, value: Any) -> Any:
        """Leave what is not JSON to the field's own validation, which names it."""
        try:
            return super().decode_complex_value(field_name, field, value)
        except ValueError:
            return value
