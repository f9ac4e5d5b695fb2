"""The answer of the verb `search`: things by a part of a name."""

from __future__ import annotations

from jagraph.api.things import search
from jagraph.cli.settings import Settings
from jagraph.cli.terminal_text import echo


def answer(settings: Settings, text: str, limit: int) -> None:
    """Print at most ``limit`` things with ``text`` in a name."""
    found = search(settings.graph(), text, limit=None)
    echo("".join(f"{thing.id}\t{thing.name}\n" for thing in found[:limit]), nl=False)
    settings.say(f"{len(found)} found" + (f", {limit} shown" if len(found) > limit else ""))
