"""The command table: data only, with no import at all, so that `--help` is instant."""

COMMANDS = {
    "dev": ("Run the application with hot reload.", "refctl.commands.dev"),
    "test": ("Run the suites and report.", "refctl.commands.test"),
    "check": ("Look at the source with every linter and audit.", "refctl.commands.check"),
    "hooks": ("Check each commit and its message by git's hooks.", "refctl.commands.hooks"),
    "config": ("Show, check and compare the configuration.", "refctl.commands.config"),
    "db": ("Migrate, fill, empty, save and restore the database.", "refctl.commands.db"),
    "docs": ("Bring what is generated from the code up to date.", "refctl.commands.docs"),
    "ci": ("List, check and run the workflows here.", "refctl.commands.ci"),
    "release": ("Find the next version and release it.", "refctl.commands.release"),
    "changelog": ("Show what changed, release by release.", "refctl.commands.changelog"),
    "github": ("Configure the repository on GitHub.", "refctl.commands.github"),
    "secrets": ("Keep, check, replace and send secrets.", "refctl.commands.secrets"),
    "completion": ("Print the completion script of a shell.", "refctl.commands.completion"),
}
"""A command's one-line help and module, by name; a group's module has its sub-commands."""

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
    width = max(map(len, COMMANDS))
    lines = "\n".join(f"  {name.ljust(width)}   {text}" for name, (text, _) in COMMANDS.items())
    return USAGE.format(commands=lines)
