"""The verb `check`: models held against a policy."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from jagraph.cli.options import Settings, asking, common, models
from jagraph.domain import verdicts as judging
from jagraph.domain.policy import breaches, read_policy
from jagraph.domain.verdicts import Judge

_SHIPPED = ("internal-research", "redistribute-weights", "ship-a-product")


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
def command(settings: Settings, things: tuple[str, ...], policy_file: str, form: str) -> None:
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
