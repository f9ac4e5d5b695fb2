"""The verb that takes in what others publish: import-hub."""

from __future__ import annotations

from pathlib import Path

import click

from jagraph.cli.options import common
from jagraph.cli.settings import Settings

_MOST_SHOWN = 5


@click.command("import-hub")
@click.argument("dump", type=click.Path(path_type=Path), metavar="FILE.json[l][.gz]")
@click.option(
    "--store",
    "target",
    metavar="DIR",
    type=click.Path(path_type=Path),
    default="hub.store",
    show_default=True,
    help="Write the store to DIR.",
)
@common
def command(settings: Settings, dump: Path, target: Path) -> None:
    """Import metadata of models as the Hub's API gives it: arrays, or one JSON object per line.

    \b
    jagraph import-hub models.jsonl.gz --store hub.store
    jagraph query descendants --base meta-llama/Llama-2-7b-hf --store hub.store

    The store holds the records beside it. A killed import goes on where it was. Lines that cannot
    be used are counted and named, and kept in current/import.json of the store. When none can, the
    store stays as it was.
    """
    from jagraph.sources.hub.importer import import_hub

    report = import_hub(settings.project(), dump, target, settings.say)
    for fault in report.faults[:_MOST_SHOWN]:
        what = "skipped" if fault.lost else "kept without this"
        settings.say(f"{dump}:{fault.line}: {what}: {fault.why}")
    if len(report.faults) > _MOST_SHOWN:
        settings.say(
            f"… {len(report.faults) - _MOST_SHOWN:,} more in {target / 'current/import.json'}"
        )
    click.echo(
        f"{report.lines:,} lines: {report.repositories:,} repositories, {report.in_the_list:,} of "
        f"them in the list; {report.named_only:,} only named as a parent; {report.lost:,} lines "
        f"skipped, {len(report.faults) - report.lost:,} remarks"
    )
