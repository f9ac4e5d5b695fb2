"""The options of verbs that print a table: its format, and the file to write."""

from __future__ import annotations

from pathlib import Path

import click

from jagraph.query import result_formats

FORMAT = click.option(
    "--format",
    "form",
    metavar="|".join(result_formats.FORMATS),
    help="Default: table on a terminal, tsv when piped.",
)
OUTPUT = click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Write to a file; its extension tells the format.",
)
