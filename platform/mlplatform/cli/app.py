"""The root command: a subcommand is imported when it is called, and every failure ends in one clear message."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib import import_module
from typing import NoReturn

import click

from mlplatform.cli.streams import give_up_output, open_streams, output_trouble, say
from mlplatform.similar import nearest_names

BAD_INPUT = 2
"""Exit code of refused input."""
INTERNAL = 70
"""Exit code of a bug in mlplatform itself (EX_SOFTWARE)."""
INTERRUPTED = 130
"""Exit code after Ctrl-C."""
CLOSED_PIPE = 141
"""Exit code where the reader of the output closed it, as a shell tells it of other programs (128 + SIGPIPE)."""

_COMPLETING = "_MLPLATFORM_COMPLETE"
"""Variable that a shell sets while it completes."""

_COMMANDS = {
    "init": "Write a project of your own: spec, stacks, program, tests, CI.",
    "validate": "Check a spec and report every problem in it.",
    "doctor": "Look whether tools, logins and accounts have what a spec needs.",
    "bootstrap": "Print what an account needs before the first `up`, and the rights to run it.",
    "explain": "Explain a field: meaning, default, support; or where a value of a spec comes from.",
    "plan": "Show the resources of a spec, without an account or credentials.",
    "diff": "Show the differences of two specs, revisions, plans or states.",
    "comment": "Write the review comment of a pull request.",
    "risk": "List the risks of a change, worst first.",
    "check": "Check a plan against the security rules.",
    "promote": "Release a model version to an endpoint, or return to the former one.",
    "import-model": "Pin a published model for a pipeline, or mirror what is pinned.",
    "retrain": "Ask the door of a pipeline for a run.",
    "lineage": "Print where a model comes from, and where it serves.",
    "reproduce": "Write the run that trains a released version again.",
    "inventory": "List all models with owner, data class, versions and last review.",
    "releases": "Hold the record of releases, the store and the live traffic against each other.",
    "copy-record": "Copy the record of releases to where gates read it.",
    "name-images": "Write the digests of built images into the files of a spec.",
    "audit": "Print who released what, and who took it back.",
    "access": "List who may do what, by person and by data.",
    "rehearse": "Play a stack's whole life on Pulumi's engine, without an account.",
    "accelerators": "List machines with accelerators: what they have, where, and their prices.",
    "machines": "List machines without accelerator: for pools, system nodes, endpoints.",
    "cost": "Estimate the cost of a month, or of a change.",
    "graph": "Draw a plan by network and capability.",
    "report": "Write one offline HTML page with everything about a plan.",
    "schema": "Print the spec's JSON Schema for editors, or its reference.",
    "matrix": "Show which spec fields each cloud supports.",
    "render": "Write files for other tools from a spec.",
    "dashboards": "Put the platform's dashboards into its Grafana.",
    "digest": "Print the digest of a preview, and compare it with an approved one.",
    "migrate": "Rewrite a spec of an earlier version.",
    "provenance": "Print the version of a spec: commit or digest.",
    "export": "Write a stack's outputs for other tools.",
    "import": "Take over what an account has already, with `pulumi import`.",
    "adopt": "Use networks, clusters, repositories and more that Terraform created.",
    "new": "Write a package of your own: a cloud, a capability, a check, a risk rule.",
    "completion": "Print the completion script of a shell.",
}


_MODULES = {"import": "import_existing"}
"""Modules of commands whose names are words of Python."""


class _Lazy(click.Group):
    """Commands by name; a command's module is imported when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in _COMMANDS:
            return None
        module = _MODULES.get(cmd_name, cmd_name.replace("-", "_"))
        command = import_module(f"mlplatform.cli.commands.{module}").command
        assert isinstance(command, click.Command)
        command.short_help = _COMMANDS[cmd_name]
        if _COMPLETING in os.environ:
            from mlplatform.cli.completing import complete_parameters

            complete_parameters(command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        # a shell that completes asks about lines that are not whole
        if name not in _COMMANDS and not name.startswith("-") and not ctx.resilient_parsing:
            close = nearest_names(name, _COMMANDS)
            hint = f"did you mean '{close[0]}'?" if close else f"commands are {', '.join(_COMMANDS)}"
            ctx.fail(f"no command '{name[:40]}'; {hint}")
        return super().resolve_command(ctx, args)


def _version(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    del param
    if value and not ctx.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"mlplatform {version('mlplatform')}")
        ctx.exit()


@click.command(
    cls=_Lazy,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="A SPEC is a Python, YAML or JSON file, or the name of a stack in the project's stacks/ folder.",
)
@click.option("--version", is_flag=True, expose_value=False, is_eager=True, callback=_version, help="Show the version.")
def cli() -> None:
    """One typed spec becomes a complete, secure ML platform on AWS, GCP or Azure, through Pulumi.

    \b
    Examples:
      mlplatform validate stacks/prod.py
      mlplatform plan prod --target aws
      mlplatform plan prod --target gcp --format json -o plan.json
      mlplatform schema > mlplatform.schema.json
    """


def run(args: Sequence[str] | None = None) -> NoReturn:
    """Run the command and exit: 0 done, 2 refused or cannot write, 70 a bug, 130 interrupted, 141 closed pipe."""
    open_streams()
    stdout = sys.stdout
    try:
        code = cli.main(
            args=list(args) if args is not None else None,
            prog_name="mlplatform",
            standalone_mode=False,
            color=False if os.environ.get("NO_COLOR") else None,
        )
        sys.stdout.flush()
    except click.ClickException as error:
        with suppress(OSError):
            _in_our_words(error).show()
        sys.exit(BAD_INPUT)
    except (click.Abort, KeyboardInterrupt):
        say("interrupted; nothing was changed")
        sys.exit(INTERRUPTED)
    except BrokenPipeError:
        give_up_output()
        sys.exit(CLOSED_PIPE)
    except SystemExit:
        # click ends the process itself where the reader of its output is gone, and wraps the streams before
        if sys.stdout is not stdout:
            give_up_output()
            sys.exit(CLOSED_PIPE)
        raise
    except OSError as error:
        trouble = output_trouble(error)
        if not trouble:
            _report_bug(error)
            sys.exit(INTERNAL)
        give_up_output()
        say(f"Error: {trouble}")
        sys.exit(BAD_INPUT)
    except Exception as error:
        from mlplatform.discovery import BrokenExtension

        if isinstance(error, BrokenExtension):
            say(f"Error: {error}")
            sys.exit(BAD_INPUT)
        if isinstance(error, NotImplementedError):
            from mlplatform.components.not_built import NotBuilt

            if isinstance(error, NotBuilt):
                say(
                    f"Error: {error}: use a target on another cloud for this, or write that part of the cloud's package"
                )
                sys.exit(BAD_INPUT)
        _report_bug(error)
        sys.exit(INTERNAL)
    sys.exit(code if isinstance(code, int) else 0)


def _in_our_words(error: click.ClickException) -> click.ClickException:
    if not isinstance(error, click.BadParameter):
        return error
    from mlplatform.cli.refused import reworded

    text = reworded(error)
    return click.UsageError(text, ctx=error.ctx) if text else error


def _report_bug(error: Exception) -> None:
    if os.environ.get("MLPLATFORM_DEBUG") == "1":
        import traceback

        traceback.print_exception(error)
    text = " ".join(str(error).split())[:300]
    say(
        f"internal error: {type(error).__name__}: {text}\n"
        "This is a bug in mlplatform, not in your input. Send its maintainers the output of the same command "
        "with MLPLATFORM_DEBUG=1."
    )
