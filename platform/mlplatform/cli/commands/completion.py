"""`mlplatform completion`."""

from __future__ import annotations

import click


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the completion script of SHELL.

    \b
    Examples:
      eval "$(mlplatform completion bash)"           # in ~/.bashrc
      eval "$(mlplatform completion zsh)"            # in ~/.zshrc
      mlplatform completion fish | source            # in ~/.config/fish/config.fish
    """
    from click.shell_completion import get_completion_class

    kind = get_completion_class(shell)
    assert kind is not None  # click ships all three
    script = kind(ctx.find_root().command, {}, "mlplatform", "_MLPLATFORM_COMPLETE")
    # not click's `source()`, which first runs the shell to learn its version
    click.echo(script.source_template % script.source_vars())
