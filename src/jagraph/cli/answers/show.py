"""The answer of the verb `show`: one card, with sources."""

from __future__ import annotations

from jagraph.api.card import card
from jagraph.cli.settings import Settings
from jagraph.cli.terminal_text import echo
from jagraph.views.card_text import as_json, as_text


def answer(settings: Settings, thing: str, form: str) -> None:
    """Print the card of ``thing`` as text or as JSON."""
    graph = settings.graph()
    settings.note_unknown_places()
    content = card(graph, thing)
    echo(as_json(content) if form == "json" else as_text(content), nl=False)
