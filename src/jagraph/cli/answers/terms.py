"""The answer of the verb `terms`: what a model may be used for, with the proof."""

from __future__ import annotations

from dataclasses import asdict, replace

from jagraph.api.terms import judge
from jagraph.cli.settings import Settings, deliver, target_format
from jagraph.cli.terminal_text import echo
from jagraph.domain.verdict_text import as_text, footer
from jagraph.domain.verdicts import USES, Judgement

FORMATS = ("text", "md", "json", "ttl")
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


def answer(settings: Settings, thing: str, use: str | None, form: str | None) -> None:
    """Print the judgements about the model or family ``thing``, in the format ``form``."""
    asked = target_format(form, None, FORMATS, "text")
    graph = settings.graph()
    settings.note_unknown_places()
    found = judge(graph, thing, uses=[use] if use else USES)
    if asked == "ttl":
        from jagraph.graph.export import triples_as_turtle

        judged = " ".join(f"<{one.model}>" for one in found)
        deliver(triples_as_turtle(set(graph.store.construct(_PROOF % judged))), None, settings)
    elif asked == "json":
        import json

        plain = [asdict(one) | {"notice": footer(one)} for one in found]
        echo(json.dumps(plain, ensure_ascii=False, indent=1, default=str))
    else:
        text = "\n".join(as_text(one) for one in _grouped(found))
        echo(f"```text\n{text}```" if asked == "md" else text, nl=asked == "md")


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
