"""Configuration, security, logging, persistence and errors."""
