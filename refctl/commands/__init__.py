"""The command table: names, one-line helps and modules. Data only, so that `--help` is instant."""

from __future__ import annotations

from refctl.cli.entry import Entry

COMMANDS = (
    Entry("dev", "Run the application with hot reload.", "refctl.commands.dev"),
    Entry("test", "Run the suites and report.", "refctl.commands.test"),
    Entry("completion", "Print the completion script of a shell.", "refctl.commands.completion"),
)

USAGE = """\
Usage: refctl COMMAND [OPTIONS]

One command for the whole life of a FastAPI + Next.js product.

Commands:
{commands}

Options:
  --version   Show the version.
  --help      Show this list.

Run 'refctl COMMAND --help' for a command's options and an example.
"""


def usage() -> str:
    """Return the top-level help."""
    width = max(len(entry.name) for entry in COMMANDS)
    lines = "\n".join(f"  {entry.name.ljust(width)}   {entry.help}" for entry in COMMANDS)
    return USAGE.format(commands=lines)
