"""`refctl completion SHELL`."""

from __future__ import annotations

from typing import Annotated

import typer

from refctl.cli.command import application, command
from refctl.cli.options import Context
from refctl.core.errors import UsageError
from refctl.core.result import Result

app = application()


@command(
    app, name="completion", example='eval "$(refctl completion bash)"', effects=False
)
def completion(
    context: Context,  # noqa: ARG001 - every command has one
    shell: Annotated[str, typer.Argument(help="bash, zsh or fish.")],
) -> Result:
    """Print the completion script of a shell."""
    from click.shell_completion import get_completion_class

    found = get_completion_class(shell)
    if found is None:
        raise UsageError(f"no completion for {shell!r}", hint="refctl completion bash")
    from refctl.cli.app import root
    from refctl.commands import COMMANDS, usage

    script = found(root(COMMANDS, usage()), {}, "refctl", "_REFCTL_COMPLETE").source()
    return Result(data={"shell": shell, "script": script}, lines=tuple(script.splitlines()))
