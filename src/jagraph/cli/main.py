"""The entry point: the verbs, and what becomes of an error."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from importlib import import_module

import click

from jagraph.cli.interrupt import stoppable
from jagraph.cli.standard_streams import ReaderGoneError, forget_stdout
from jagraph.cli.terminal_text import visibly
from jagraph.core.errors import JagraphError
from jagraph.core.faults import alone, fault
from jagraph.core.version import __version__

_COMPLETION = "_JAGRAPH_COMPLETE"
_REPORT = "https://github.com/jagraph/jagraph/issues"


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


def run(words: list[str]) -> int:
    """Run the command line ``words`` and return the exit code of its contract."""
    with visibly():
        try:
            with stoppable():
                code = _invoked(words)
                sys.stdout.flush()
        except SystemExit:
            raise
        except BaseException as reason:
            return ended(reason, words)
        return code


def _invoked(words: list[str]) -> int:
    """Run the verb; its errors go through as they are, which click's own ``main`` changes."""
    if _COMPLETION in os.environ:
        cli.main(prog_name="jagraph")  # answers the shell, and exits
    try:
        with cli.make_context("jagraph", list(words), obj=words) as context:
            cli.invoke(context)
    except click.exceptions.Exit as asked:
        return asked.exit_code
    return 0


def ended(reason: BaseException, words: list[str]) -> int:
    """Say on stderr what ended the command ``words``, and return its exit code."""
    text, code = _told(reason, words)
    with suppress(OSError, ValueError):  # nobody hears it, but the exit code counts
        if text:
            click.echo(text, err=True)
    try:
        sys.stdout.flush()
    except Exception:
        forget_stdout()
    return code


def _told(reason: BaseException, words: list[str]) -> tuple[str, int]:
    """Return what to say of ``reason``, and the exit code."""
    reason = alone(reason)
    if isinstance(reason, ReaderGoneError):
        return "", 0
    if isinstance(reason, click.ClickException):
        command = getattr(reason, "ctx", None)
        path = command.command_path if command else "jagraph"
        return f"error[usage]: {reason.format_message()}\n  help: `{path} --help` shows how", 2
    if isinstance(reason, click.Abort | KeyboardInterrupt):
        return "stopped", 130
    wrong = fault(reason, "\n".join(words))
    if wrong is reason or wrong.exit_code != JagraphError.exit_code:
        return str(wrong), wrong.exit_code
    import traceback

    trace = "".join(traceback.format_exception(reason))
    said = f"error[bug]: jagraph {__version__} failed in a way it should not"
    return f"{trace}{said}\n  help: please report this with the command you typed: {_REPORT}", 70
