"""The backend of the reference todo application."""

__version__ = "0.1.0"
