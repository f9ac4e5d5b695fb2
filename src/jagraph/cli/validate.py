"""The verbs of those who keep the records: validate, build, stats, new, fmt."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NoReturn

import click

from jagraph.cli.options import Settings, asking, common, deliver, target_format, terminal, width
from jagraph.core import findings
from jagraph.core.atomic_write import write_whole
from jagraph.core.bounded_reader import FaultyError
from jagraph.core.errors import OutsideError, RequestError, suggestion
from jagraph.core.findings import Issue
from jagraph.core.rdf_text import Value
from jagraph.query import result_formats
from jagraph.records.formatter import tidy
from jagraph.records.reader import read_record
from jagraph.records.record_types import KINDS, is_id
from jagraph.store.base import Solutions

_TEMPLATES = {
    "models": """\
name: {name}
listed: {{section: SECTION, row: {name}, line: LINE}}
announcement: https://…
developers: [DEVELOPER]
models:
  {id}: {{name: {name}, hub: OWNER/{name}, variant: VARIANT, parameters: 7b}}
licenses: [{{license: LICENSE, words: WORDS OF THE CELL, stated: license-cell}}]
derivations:
  - {{relation: continuallyPretrainedFrom, from: PARENT, words: WORDS, stated: base-cell}}
stages: [{{stage: pre-training, datasets: [DATASET], words: WORDS, stated: training-cell}}]
""",
    "base-models": """\
name: {name}
developers: [DEVELOPER]
models:
  {id}: {{name: {name}, hub: OWNER/{name}, parameters: 7b}}
licenses: [{{license: LICENSE, stated: outside, source: https://…}}]
""",
    "datasets": "name: {name}\naliases: [OTHER NAME]\nurl: https://…\n",
    "developers": "name: {name}\nkind: organization\n",
    "licenses": """\
name: {name}
url: https://…
licenseClass: unknown
confidence: low
terms:
  - {{rule: permission, action: commercial-use, clause: "1", reach: [weights], confidence: low}}
""",
    "benchmarks": """\
name: {name}
listed: {{section: SECTION, row: {name}, line: LINE}}
developers: [DEVELOPER]
description: in your own words
""",
    "architectures": "name: {name}\n",
    "sections": "name: {name}\nanchor: ANCHOR\norder: 1\n",
    "footnotes": "name: {name}\nnumber: 1\ndescription: in your own words\n",
    "editions": "name: {name}\nlanguage: en\ndate: 2025-01-27\nurl: https://…\n",
}
_STATS = """
SELECT ?what (COUNT(DISTINCT ?thing) AS ?count) WHERE {
  VALUES (?class ?what) {
    (jag:ModelFamily "families") (jag:Model "models") (jag:Dataset "datasets")
    (jag:Developer "developers") (jag:License "licenses") (jag:Benchmark "benchmarks")
    (jag:Architecture "architectures") (jag:LicenseStatement "licence statements")
    (jag:DerivationStatement "derivations") (jag:TrainingStage "training stages")
  }
  ?thing a ?class .
}
GROUP BY ?what ORDER BY ?what
"""
_SECTIONS = """
SELECT (?label AS ?what) (COUNT(DISTINCT ?thing) AS ?count) WHERE {
  ?section a jag:Section ; jag:order ?order ; rdfs:label ?name .
  BIND(CONCAT("rows: ", ?name) AS ?label)
  OPTIONAL { ?thing jag:listing/jag:section ?section }
}
GROUP BY ?label ?order ORDER BY ?order
"""


@click.command("validate")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    metavar="|".join(findings.FORMATS),
    default="table",
    help="github annotates a pull request.",
)
@click.option(
    "--store",
    "checked",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Check the store that `jagraph import-hub` wrote to DIR instead.",
)
@common
def validate_verb(
    settings: Settings, paths: tuple[Path, ...], form: str, checked: Path | None
) -> None:
    """Check the records; each finding has its file, line and column. Exit code 1 on an error.

    PATHs limit what is reported, not what is read: a reference may point anywhere. An imported
    store has no lines: each constraint that fails is a row, with its count and one example.
    """
    if checked is not None:
        if paths:
            raise RequestError(
                "paths-of-a-store",
                "PATHs are files of records, which a store does not have",
                where=str(paths[0]),
                remedy="leave the PATHs out, or --store",
            )
        _validate_store(settings, checked, form)
    from jagraph.graph.validation import validate

    asked = target_format(form, None, findings.FORMATS, "table")
    found = validate(settings.project(), paths, settings.say)
    if found or asked == "json":
        click.echo(findings.render(found, asked))
    errors = sum(issue.severity == "error" for issue in found)
    settings.say(f"{errors} errors, {len(found) - errors} warnings")
    raise click.exceptions.Exit(1 if errors else 0)


def _validate_store(settings: Settings, checked: Path, form: str) -> NoReturn:
    """Print the constraints that fail in an imported store, and end with the exit code."""
    import pyoxigraph as ox

    from jagraph.sources.hub.check import COLUMNS, check
    from jagraph.sources.hub.imported_store import open_store

    asked = target_format(form, None, result_formats.FORMATS, "table")
    failures = check(open_store(checked, settings.project(), settings.say), settings.say)
    if failures or asked == "json":
        rows: list[tuple[Value, ...]] = [
            tuple(ox.Literal(cell) for cell in one) for one in failures
        ]
        found = result_formats.render(Solutions([*COLUMNS], rows), asked, width=width())
        deliver(found, None, settings)
    settings.say(f"{len(failures)} constraints fail")
    raise click.exceptions.Exit(1 if failures else 0)


@click.command("build")
@common
def build_verb(settings: Settings) -> None:
    """Build the graph again, even when nothing changed. Other verbs build when they must."""
    graph = settings.built(fresh=True)
    click.echo(graph.folder or "in memory only: the records changed while they were read")


@click.command()
@click.option("--format", "form", metavar="|".join(result_formats.FORMATS))
@asking
@common
def stats(settings: Settings, form: str | None) -> None:
    """Count what the graph holds, and the rows per section of the list."""
    asked = target_format(form, None, result_formats.FORMATS, "table" if terminal() else "tsv")
    store = settings.graph().store
    counted, rows = store.select(_STATS), store.select(_SECTIONS)
    both = Solutions(counted.variables, [*counted.rows, *rows.rows])
    deliver(result_formats.render(both, asked, width=width()), None, settings)


@click.command()
@click.argument("kind")
@click.argument("identifier", metavar="ID")
@click.option("--name", help="The name; default: the id.")
@common
def new(settings: Settings, kind: str, identifier: str, name: str | None) -> None:
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
    write_whole(path, _TEMPLATES[kind].format(id=identifier, name=name or identifier))
    click.echo(path)


@click.command()
@click.option("--check", is_flag=True, help="Change nothing; exit 1 when a record would change.")
@common
def fmt(settings: Settings, check: bool) -> None:
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
