"""The verb `fmt`: the records in their plain form."""

from __future__ import annotations

import click

from jagraph.cli.options import common
from jagraph.cli.settings import Settings
from jagraph.core.atomic_write import write_whole
from jagraph.core.bounded_reader import FaultyError
from jagraph.core.findings import Issue
from jagraph.records.formatter import tidy
from jagraph.records.reader import read_record


@click.command("fmt")
@click.option("--check", is_flag=True, help="Change nothing; exit 1 when a record would change.")
@common
def command(settings: Settings, check: bool) -> None:
    """Tidy the records: composed Unicode (NFC), no blanks at line ends, one newline at the end.

    Lines keep their order and their comments, and a text on several lines all of its blanks: what a
    record says stays the same. A file that is not YAML stays as it is, and is named; exit code 1.
    """
    project = settings.project() if check else settings.own_project()
    changed = unreadable = 0
    for path in project.records():
        try:
            text = read_record(path)
            tidied = tidy(text)
        except FaultyError as wrong:
            unreadable += 1
            fault = wrong.fault
            place = fault.at(project.relative(path))
            click.echo(Issue(place, fault.code, fault.what, fault.remedy), err=True)
            continue
        if tidied != text:
            changed += 1
            click.echo(project.relative(path))
            if not check:
                write_whole(path, tidied)
    settings.say(f"{changed} {'would change' if check else 'changed'}")
    raise click.exceptions.Exit(1 if unreadable or (check and changed) else 0)
