"""The options of verbs that make a picture: target, language, theme."""

from __future__ import annotations

from pathlib import Path

import click

from jagraph.drawing.messages import LANGUAGES
from jagraph.drawing.style import THEMES

TARGET = click.option("-o", "--output", type=click.Path(path_type=Path), help="The file to write.")
LANGUAGE = click.option(
    "--lang",
    "language",
    type=click.Choice(LANGUAGES),
    default="en",
    show_default=True,
    help="The language of title, legend and names.",
)
THEME = click.option("--theme", type=click.Choice(list(THEMES)), default="light", show_default=True)
