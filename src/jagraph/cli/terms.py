"""The verb `terms`: what a model may be used for, with the proof."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

import click

from jagraph.api.terms import judge
from jagraph.cli.options import Settings, asking, common, deliver, target_format
from jagraph.domain.verdict_text import as_text, footer
from jagraph.domain.verdicts import USES, Judgement
from jagraph.graph.export import triples_as_turtle

_FORMATS = ("text", "md", "json", "ttl")
_PROOF = """
CONSTRUCT { ?node ?property ?value } WHERE {
  VALUES ?model { %s }
  {
    VALUES (?node ?property) { (<https://w3id.org/jagraph/vocab> owl:versionInfo) }
  } UNION {
    ?node a jag:Edition . VALUES ?property { dcterms:issued }
  } UNION {
    ?model jag:verdict|jag:useAnswer|jag:possibleConflict ?node .
  } UNION {
    ?model (jag:verdict|jag:useAnswer)/
      (jag:decidedBy|jag:decisiveFinding|jag:decisiveReading|jag:decidedTerm) ?node .
  } UNION {
    ?model jag:descendsFrom?/jag:derivation ?node .
  } UNION { ?model a jag:Model . BIND(?model AS ?node) }
  ?node ?property ?value .
}
"""


@click.command("terms")
@click.argument("thing", metavar="ID")
@click.option("--use", "use", type=click.Choice(list(USES)), help="One use; default: all of them.")
@click.option("--format", "form", metavar="|".join(_FORMATS), help="Default: text.")
@asking
@common
def command(settings: Settings, thing: str, use: str | None, form: str | None) -> None:
    """Say what a model may be used for, with the proof: clause, words, path, other terms, caveats.

    \b
    jagraph terms MedSwallow-70b --use ship
    jagraph terms "KARAKURI LM" --format md

    A family is judged model by model; models that come out equal stand together.
    """
    asked = target_format(form, None, _FORMATS, "text")
    graph = settings.graph()
    settings.note_unknown_places()
    found = judge(graph, thing, uses=[use] if use else USES)
    if asked == "ttl":
        judged = " ".join(f"<{one.model}>" for one in found)
        deliver(triples_as_turtle(set(graph.store.construct(_PROOF % judged))), None, settings)
    elif asked == "json":
        plain = [asdict(one) | {"notice": footer(one)} for one in found]
        click.echo(json.dumps(plain, ensure_ascii=False, indent=1, default=str))
    else:
        text = "\n".join(as_text(one) for one in _grouped(found))
        click.echo(f"```text\n{text}```" if asked == "md" else text, nl=asked == "md")


def _grouped(found: list[Judgement]) -> list[Judgement]:
    """Put judgements together that differ in nothing but the model's name and place."""
    groups: dict[str, list[Judgement]] = {}
    for one in found:
        verdicts = tuple(replace(verdict, position=None, path=()) for verdict in one.verdicts)
        key = repr(replace(one, model="", name="", verdicts=verdicts))
        groups.setdefault(key, []).append(one)
    return [
        replace(group[0], name=", ".join(one.name for one in group)) for group in groups.values()
    ]
