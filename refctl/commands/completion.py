"""`refctl completion SHELL`."""

from __future__ import annotations

from typing import Annotated

import typer

from refctl.cli.command import application, command
from refctl.cli.options import Context
from refctl.core.errors import UsageError
from refctl.core.result import Result

app = application()

SHELLS = ("bash", "zsh", "fish")


@command(app, name="completion", example='eval "$(refctl completion bash)"', effects=False)
def completion(
    context: Context,  # noqa: ARG001 - every command has one
    shell: Annotated[str, typer.Argument(help="bash, zsh or fish.")],
) -> Result:
    """Print the completion script of a shell."""
    from typer._completion_shared import get_completion_script

    if shell not in SHELLS:
        raise UsageError(f"no completion for {shell!r}", hint="refctl completion bash")
    script = get_completion_script(prog_name="refctl", complete_var="_REFCTL_COMPLETE", shell=shell)
    return Result(data={"shell": shell, "script": script}, lines=tuple(script.splitlines()))
