"""The verb that reads all that jagraph wrote for itself: verify."""

from __future__ import annotations

from pathlib import Path

import click

from jagraph.cli.options import common
from jagraph.cli.settings import Settings
from jagraph.core.disk_memo import cache_folder, inspect_notes
from jagraph.core.manifest import size
from jagraph.graph.cache_writer import kept
from jagraph.store.file_watch import inspect


@click.command("verify")
@click.option(
    "--store",
    "store",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Verify the store that `jagraph import-hub` wrote to DIR instead of the cache.",
)
@common
def command(settings: Settings, store: Path | None) -> None:
    """Read every file of the built graph, or of a store, and hold it against its digest.

    \b
    jagraph verify                            the graphs of this project, remembered questions
    jagraph verify --store hub.store          an imported store

    Other verbs read a file again only when its size, times or place on the disk have changed.
    Exit code 1 when something is damaged. Nothing is written: a question builds a damaged graph
    anew, and refuses a damaged store.
    """
    if store is None:
        damaged = sum(_graph(folder, settings) for folder in kept(settings.project()))
        damaged += _notes()
        remedy = "the next question builds the graph anew; `jagraph build` does so at once"
    else:
        from jagraph.sources.hub.imported_store import graph_of

        damaged = _graph(graph_of(store), settings)
        remedy = f"import the dump again: `jagraph import-hub FILE.jsonl.gz --store {store}`"
    settings.say(f"{damaged} damaged" + (f"\n  help: {remedy}" if damaged else ""))
    raise click.exceptions.Exit(1 if damaged else 0)


def _graph(folder: Path, settings: Settings) -> int:
    """Print what is wrong with the graph in ``folder``; return how many files are damaged."""
    found = inspect(folder, settings.say)
    for fault in found:
        click.echo(f"damaged\t{folder / fault.file}\t{fault.what}")
    if not found:
        files, length = size(folder)
        click.echo(f"sound\t{folder}\t{files} files, {length:,} bytes")
    return len(found)


def _notes() -> int:
    """Print what is wrong with what is remembered; return how many files are damaged."""
    count, damaged = inspect_notes()
    for place in damaged:
        click.echo(f"damaged\t{place}\tis not as it was written")
    if not damaged:
        click.echo(f"sound\t{cache_folder()}\t{count} remembered")
    return len(damaged)
