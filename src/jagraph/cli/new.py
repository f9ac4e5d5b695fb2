"""The verb `new`: an empty record to fill in."""

from __future__ import annotations

import os

import click

from jagraph.cli.options import common
from jagraph.cli.settings import Settings
from jagraph.core.atomic_write import write_whole
from jagraph.core.errors import OutsideError, RequestError, suggestion
from jagraph.records.record_types import KINDS, is_id
from jagraph.records.templates import TEMPLATES


@click.command("new")
@click.argument("kind")
@click.argument("identifier", metavar="ID")
@click.option("--name", help="The name; default: the id.")
@common
def command(settings: Settings, kind: str, identifier: str, name: str | None) -> None:
    """Write an empty record of a KIND (models, datasets, licenses, …) to fill in."""
    folders = [known.folder for known in KINDS]
    if kind not in folders:
        raise RequestError(
            "unknown-kind",
            f"there is no kind of record {kind!r}",
            remedy=suggestion(kind, folders, "one of: " + ", ".join(folders)),
        )
    if not is_id(identifier):
        raise RequestError(
            "bad-id",
            f"{identifier!r} cannot be an id",
            remedy="use small letters, digits, '.', '_' and '-'",
        )
    path = settings.own_project().data / kind / f"{identifier}.yaml"
    if os.path.lexists(path):
        raise RequestError(
            "exists",
            f"{path} exists already",
            where=str(path),
            remedy="edit it, or choose another id",
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as reason:
        raise OutsideError(
            "not-written",
            f"the folder cannot be made: {reason.strerror}",
            where=str(path.parent),
            remedy="free some space or give yourself the right; nothing was changed",
        ) from reason
    write_whole(path, TEMPLATES[kind].format(id=identifier, name=name or identifier))
    click.echo(path)
