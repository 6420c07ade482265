"""The repository on GitHub: its rules, environments, labels and settings."""
