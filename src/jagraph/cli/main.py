"""The entry point: the verbs, and what becomes of an error."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from jagraph import __version__
from jagraph.cli.interrupt import stoppable
from jagraph.cli.writing import visibly
from jagraph.errors import JagraphError

_REPORT = "https://github.com/jagraph/jagraph/issues"


# where each verb is; a module is loaded when one of its verbs is asked for
_VERBS = {
    "query": ("ask", "query"),
    "sparql": ("ask", "sparql"),
    "show": ("look", "show"),
    "search": ("look", "search"),
    "terms": ("judge", "terms_verb"),
    "check": ("judge", "check_verb"),
    "lineage": ("trace", "lineage_verb"),
    "draw": ("paint", "draw_verb"),
    "chart": ("paint", "chart_verb"),
    "export": ("trace", "export_verb"),
    "load": ("fill", "load_verb"),
    "serve": ("web", "serve"),
    "mcp": ("assist", "mcp_verb"),
    "import-hub": ("intake", "import_verb"),
    "validate": ("curate", "validate_verb"),
    "build": ("curate", "build_verb"),
    "verify": ("audit", "verify_verb"),
    "stats": ("curate", "stats"),
    "new": ("curate", "new"),
    "fmt": ("curate", "fmt"),
}


class _Verbs(click.Group):
    """A group that loads a verb's module when the verb is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002, the name is click's
        return list(_VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        if cmd_name not in _VERBS:
            return None
        module, name = _VERBS[cmd_name]
        command: click.Command = getattr(import_module(f"jagraph.cli.{module}"), name)
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
    jagraph terms "KARAKURI LM" --use commercial      may I, and by which clause
    jagraph lineage houou-7b --up                     what a model comes from
    jagraph draw llama-2 --down -o lineage.svg        a picture of it
    jagraph load --endpoint URL                       put the graph into an engine of your own

    Any ID may be an id, a name, an alias or a Hugging Face id.
    """


def run(words: list[str]) -> int:
    """Run the command line ``words`` and return the exit code of its contract.

    Raises BrokenPipeError when the reader of stdout went away.
    """
    with visibly():
        return _run(words)


def _run(words: list[str]) -> int:
    try:
        # the code of click's Exit, else None
        with stoppable():
            code = cli.main(words, prog_name="jagraph", standalone_mode=False, obj=words)
            sys.stdout.flush()
    except click.UsageError as wrong:
        command = wrong.ctx.command_path if wrong.ctx else "jagraph"
        said = f"error[usage]: {wrong.format_message()}\n  help: `{command} --help` shows how"
        return _failed(said, 2)
    except JagraphError as wrong:
        return _failed(str(wrong), wrong.exit_code)
    except (click.Abort, KeyboardInterrupt):
        return _failed("stopped", 130)
    except BrokenPipeError:
        raise
    except Exception:
        import traceback

        said = (
            f"{traceback.format_exc()}error[bug]: jagraph {__version__} failed in a way it should "
            f"not\n  help: please report this with the command you typed: {_REPORT}"
        )
        return _failed(said, 70)
    return code or 0


def _failed(text: str, code: int) -> int:
    click.echo(text, err=True)
    return code
