"""The command decorator, global options and renderers."""
