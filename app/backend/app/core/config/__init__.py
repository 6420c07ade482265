"""Settings, read from the environment and from `.env` files; `variables` says in which order."""

from app.core.config.loading import MASK, Loaded, get_settings, load, load_process
from app.core.config.settings import Settings, is_secret
from app.core.config.source import ConfigurationError
from app.core.config.tokens import DEVELOPMENT_JWT_SECRET
from app.core.variables import BACKEND_DIR

__all__ = [
    "BACKEND_DIR",
    "DEVELOPMENT_JWT_SECRET",
    "MASK",
    "ConfigurationError",
    "Loaded",
    "Settings",
    "get_settings",
    "is_secret",
    "load",
    "load_process",
]
