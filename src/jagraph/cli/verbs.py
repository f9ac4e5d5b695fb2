"""The verbs as click has them: the one definition of every command line."""

from __future__ import annotations

import os
from importlib import import_module

import click

from jagraph.cli.plain_arguments import COMPLETION, PLAIN, recalled
from jagraph.core.version import __version__

# in the order of the help; each has a module of its name, loaded when it is asked for
VERBS = (
    "query",
    "sparql",
    "show",
    "search",
    "terms",
    "compatible",
    "check",
    "lineage",
    "draw",
    "chart",
    "export",
    "load",
    "serve",
    "mcp",
    "import-hub",
    "validate",
    "build",
    "verify",
    "stats",
    "new",
    "fmt",
)


class _Verbs(click.Group):
    """A group that loads a verb's module when the verb is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002, the name is click's
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002, click's
        if cmd_name not in VERBS:
            return None
        module = import_module(f"jagraph.cli.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command


@click.group(
    cls=_Verbs,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 done, 1 the data is wrong or a check says no, 2 asked wrongly, "
    "3 something outside is missing or broken, 70 a bug.",
)
@click.version_option(__version__, prog_name="jagraph")
def cli() -> None:
    """Ask the Japanese language-model ecosystem about lineage and licences.

    \b
    jagraph query                                     the saved queries
    jagraph query descendants-with-terms --base llama-2
    jagraph show "Swallow 13B"                        one card, with sources
    jagraph terms "KARAKURI LM" --use ship            may I, and by which clause
    jagraph lineage houou-7b --up                     what a model comes from
    jagraph draw llama-2 --down -o lineage.svg        a picture of it
    jagraph load --endpoint URL                       put the graph into an engine of your own

    Any ID may be an id, a name, an alias or a Hugging Face id.
    """


def invoke(words: list[str]) -> int:
    """Run the command line ``words`` and return its exit code, or answer a shell's completion.

    Errors go through as they are, which click's own ``main`` changes.
    """
    if COMPLETION in os.environ:
        cli.main(prog_name="jagraph")  # answers the shell, and exits
    try:
        with cli.make_context("jagraph", list(words)) as context:
            cli.invoke(context)
    except click.exceptions.Exit as asked:
        return asked.exit_code
    if words[0] in PLAIN and recalled() is None:
        from jagraph.cli.plain_tables import remember_tables

        remember_tables(cli)
    return 0


def told(reason: BaseException) -> tuple[str, int] | None:
    """Return what to say of an error of click's own, and the exit code; None for another one."""
    if isinstance(reason, click.Abort):
        return "stopped", 130
    if not isinstance(reason, click.ClickException):
        return None
    command = getattr(reason, "ctx", None)
    path = command.command_path if command else "jagraph"
    return f"error[usage]: {reason.format_message()}\n  help: `{path} --help` shows how", 2
