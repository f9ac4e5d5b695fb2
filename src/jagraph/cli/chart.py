"""The verb `chart`: an overview of the whole list."""

from __future__ import annotations

from pathlib import Path

import click

from jagraph.api.pictures import chart
from jagraph.cli.options import asking, common
from jagraph.cli.picture_options import LANGUAGE, TARGET, THEME
from jagraph.cli.settings import Settings, deliver, target_format
from jagraph.drawing import charts


@click.command("chart")
@click.argument("name", required=False, metavar="NAME")
@TARGET
@click.option("--format", "form", metavar="|".join(charts.FORMATS), help="Default: svg.")
@THEME
@LANGUAGE
@asking
@common
def command(
    settings: Settings,
    name: str | None,
    output: Path | None,
    form: str | None,
    theme: str,
    language: str,
) -> None:
    """Draw an overview of the whole list; without a NAME, say which there are.

    \b
    jagraph chart licenses -o licenses.svg
    jagraph chart parameters --lang ja -o parameters.png
    """
    if name is None:
        for known, about in charts.CHARTS.items():
            click.echo(f"{known}\t{about}")
        return
    asked = target_format(form, output, charts.FORMATS, "svg")
    drawn = chart(settings.graph(), name, format=asked, theme=theme, language=language)
    deliver(drawn, output, settings)
