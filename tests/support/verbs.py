"""A command for every verb there is, made from what click knows: a new verb is tried by itself."""

from __future__ import annotations

import click

from jagraph.cli.verbs import cli

_CLOSED = "http://127.0.0.1:9/sparql"  # nothing listens at port 9
_VALUES = {
    "kind": "datasets",
    "identifier": "fresh",
    "policy_file": "ship-a-product",
    "url": _CLOSED,
    "text": "SELECT ?m { ?m a jag:Model } ORDER BY ?m",
    "dump": "/nowhere/dump.jsonl",
}
_MORE = {
    "query": ["descendants", "--base", "mountain"],
    "draw": ["Ume-7b"],
    "chart": ["licenses"],
    "serve": ["--host", "a..b"],  # no name of a machine: it ends before it waits for requests
}


def verbs() -> list[str]:
    """Return the names of all verbs."""
    return cli.list_commands(click.Context(cli))


def command(verb: str, value: str | None = None) -> list[str]:
    """Return words that run ``verb`` on the frozen project; ``value`` is for all that it takes.

    An argument that this file does not know gets the name of a model.
    """
    words = [verb]
    for parameter in _parameters(verb):
        if parameter.required:
            given = _VALUES.get(parameter.name or "", "Ume-7b") if value is None else value
            words += (
                [given] if isinstance(parameter, click.Argument) else [_option(parameter), given]
            )
    *more, last = _MORE.get(verb, [""])
    return words + more + [last if value is None else value] if last else words


def writers() -> list[str]:
    """Return the verbs that take a file to write."""
    return [verb for verb in verbs() if any(p.name == "output" for p in _parameters(verb))]


def _parameters(verb: str) -> list[click.Parameter]:
    known = cli.get_command(click.Context(cli), verb)
    assert known is not None
    return known.params


def _option(parameter: click.Parameter) -> str:
    return next(name for name in parameter.opts if name.startswith("--"))
