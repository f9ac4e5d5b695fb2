"""The verbs that judge: terms, check."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import click

from jagraph.cli.options import Settings, asking, common, deliver, models, target_format
from jagraph.domain import verdicts as judging
from jagraph.domain.policy import breaches, read_policy
from jagraph.domain.verdicts import USES, Judge, Judgement
from jagraph.graph.export import triples_as_turtle

_FORMATS = ("text", "md", "json", "ttl")
_SHIPPED = ("internal-research", "redistribute-weights", "ship-a-product")
_PROOF = """
CONSTRUCT { ?node ?property ?value } WHERE {
  VALUES ?model { %s }
  {
    VALUES (?node ?property) { (<https://w3id.org/jagraph/vocab> owl:versionInfo) }
  } UNION {
    ?node a jag:Edition . VALUES ?property { dcterms:issued }
  } UNION {
    ?model jag:verdict|jag:possibleConflict ?node .
  } UNION {
    ?model (jag:verdict/jag:decidedBy)|(jag:verdict/jag:decisiveFinding) ?node .
  } UNION {
    ?model jag:verdict/jag:decidedTerm ?node .
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
def terms_verb(settings: Settings, thing: str, use: str | None, form: str | None) -> None:
    """Say what a model may be used for, with the proof: clause, words, path, other terms, caveats.

    \b
    jagraph terms MedSwallow-70b --use commercial
    jagraph terms "KARAKURI LM" --format md

    A family is judged model by model; models that come out equal stand together.
    """
    asked = target_format(form, None, _FORMATS, "text")
    graph = settings.graph()
    judge = Judge(graph.store, settings.sources(graph))
    found = [judge.judge(model, [use] if use else USES) for model in models(graph, thing)]
    if asked == "ttl":
        judged = " ".join(f"<{one.model}>" for one in found)
        deliver(triples_as_turtle(set(graph.store.construct(_PROOF % judged))), None, settings)
    elif asked == "json":
        plain = [asdict(one) | {"notice": judging.footer(one)} for one in found]
        click.echo(json.dumps(plain, ensure_ascii=False, indent=1, default=str))
    else:
        text = "\n".join(judging.as_text(one) for one in _grouped(found))
        click.echo(f"```text\n{text}```" if asked == "md" else text, nl=asked == "md")


@click.command("check")
@click.argument("things", nargs=-1, required=True, metavar="ID…")
@click.option(
    "--policy",
    "policy_file",
    metavar="FILE",
    required=True,
    help="A policy file, or the name of one in policies/: " + ", ".join(_SHIPPED) + ".",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@asking
@common
def check_verb(settings: Settings, things: tuple[str, ...], policy_file: str, form: str) -> None:
    """Hold models against a policy, for continuous integration. Exit code 1 when one is blocked.

    \b
    jagraph check MedSwallow-70b --policy ship-a-product
    jagraph check "Youri 7B" houou-7b --policy our-policy.yaml

    What the policy asks about is printed and does not fail: a person has to decide.
    """
    graph = settings.graph()
    named = graph.project.policies / f"{policy_file}.yaml"
    policy = read_policy(named if policy_file in _SHIPPED else Path(policy_file), graph.store)
    judge = Judge(graph.store, settings.sources(graph))
    asked = dict.fromkeys(model for thing in things for model in models(graph, thing))
    found = {one: judge.judge(one, [policy.use]) for one in asked}
    against = {one: breaches(policy, judged, graph.store) for one, judged in found.items()}
    if form == "json":
        plain = [
            {"model": found[one].name, "id": one, "breaches": [asdict(b) for b in rows]}
            for one, rows in against.items()
        ]
        click.echo(
            json.dumps({"policy": policy.name, "models": plain}, ensure_ascii=False, indent=1)
        )
    else:
        for one, rows in against.items():
            worst = rows[0].decision if rows else "allow"
            click.echo(f"{worst}\t{found[one].name}")
            for row in rows:
                click.echo(f"  {row.decision}: {row.what}: {row.proof}")
        click.echo(judging.footer(next(iter(found.values()))))
    blocked = sum(any(row.decision == "block" for row in rows) for rows in against.values())
    settings.say(f"{blocked} of {len(against)} models blocked by the policy {policy.name!r}")
    raise click.exceptions.Exit(1 if blocked else 0)


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
