"""The entry point: the verbs, and what becomes of an error."""

from __future__ import annotations

import os
import sys
import traceback

import click

from jagraph import __version__
from jagraph.cli.ask import query, search, show, sparql
from jagraph.cli.curate import build_verb, fmt, new, stats, validate_verb
from jagraph.cli.judge import check_verb, terms_verb
from jagraph.cli.paint import chart_verb, draw_verb
from jagraph.cli.trace import export_verb, lineage_verb
from jagraph.errors import JagraphError

_REPORT = "https://github.com/jagraph/jagraph/issues"


@click.group(
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

    Any ID may be an id, a name, an alias or a Hugging Face id.
    """


for verb in (
    query,
    sparql,
    show,
    search,
    terms_verb,
    check_verb,
    lineage_verb,
    draw_verb,
    chart_verb,
    export_verb,
    validate_verb,
    build_verb,
    stats,
    new,
    fmt,
):
    cli.add_command(verb)


def main() -> None:
    """Run the command line and exit with the code of its contract."""
    try:
        code = cli.main(standalone_mode=False)  # the code of click's Exit, else None
        sys.stdout.flush()
    except click.UsageError as wrong:
        command = wrong.ctx.command_path if wrong.ctx else "jagraph"
        _fail(f"error[usage]: {wrong.format_message()}\n  help: `{command} --help` shows how", 2)
    except JagraphError as wrong:
        _fail(str(wrong), wrong.exit_code)
    except (click.Abort, KeyboardInterrupt):
        _fail("stopped", 130)
    except BrokenPipeError:
        # the reader went away; a second failure while Python flushes would be noise
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception:
        _fail(
            f"{traceback.format_exc()}error[bug]: jagraph {__version__} failed in a way it should "
            f"not\n  help: please report this with the command you typed: {_REPORT}",
            70,
        )
    else:
        sys.exit(code or 0)


def _fail(text: str, code: int) -> None:
    click.echo(text, err=True)
    sys.exit(code)
