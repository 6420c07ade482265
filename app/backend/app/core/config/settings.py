"""All sections together."""

import os
from pathlib import Path
from typing import get_args

from pydantic import SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from app.core.config.application import ApplicationSettings
from app.core.config.database import DatabaseSettings
from app.core.config.logs import LogSettings
from app.core.config.serving import ServingSettings
from app.core.config.sign_in import SignInSettings
from app.core.config.source import ConfigurationError, VariablesSource
from app.core.config.stream import StreamSettings
from app.core.config.tokens import TokenSettings
from app.core.variables import FILES, Names, collect


class Settings(
    # The last one's variables come first where they are listed.
    ServingSettings,
    LogSettings,
    StreamSettings,
    SignInSettings,
    TokenSettings,
    DatabaseSettings,
    ApplicationSettings,
):
    """Everything the environment can decide, validated once at start-up."""

    model_config = SettingsConfigDict(env_file=FILES, defer_build=False)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read the variables in this project's order, whatever files are given."""
        assert isinstance(dotenv_settings, DotEnvSettingsSource)
        given = dotenv_settings.env_file or ()
        files = (given,) if isinstance(given, str | Path) else given
        found = collect(cls.names(), os.environ, [Path(file) for file in files])
        if found.problems:
            raise ConfigurationError(found, found.problems)
        return init_settings, VariablesSource(settings_cls, found)

    @classmethod
    def names(cls) -> Names:
        """Return the variables that there are."""
        fields = cls.model_fields.items()
        return Names(
            known=frozenset(name.upper() for name, _ in fields),
            secrets=frozenset(name.upper() for name, field in fields if is_secret(field)),
        )


def is_secret(field: FieldInfo) -> bool:
    """Return whether the field's value must not be shown."""
    return not field.repr or SecretStr in {field.annotation, *get_args(field.annotation)}
