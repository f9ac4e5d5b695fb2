"""The verb `check`: models held against a policy."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from jagraph.api.terms import POLICIES, check
from jagraph.cli.options import asking, common
from jagraph.cli.settings import Settings
from jagraph.domain.verdict_text import footer


@click.command("check")
@click.argument("things", nargs=-1, required=True, metavar="ID…")
@click.option(
    "--policy",
    "policy_file",
    metavar="FILE",
    required=True,
    help="A policy file, or the name of one in policies/: " + ", ".join(POLICIES) + ".",
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
    results = check(settings.graph(), things, policy_file)
    policy = results[0].policy
    if form == "json":
        plain = [
            {
                "model": result.judgement.name,
                "id": result.judgement.model,
                "breaches": [asdict(breach) for breach in result.breaches],
            }
            for result in results
        ]
        click.echo(json.dumps({"policy": policy, "models": plain}, ensure_ascii=False, indent=1))
    else:
        for result in results:
            click.echo(f"{result.decision}\t{result.judgement.name}")
            for breach in result.breaches:
                click.echo(f"  {breach.decision}: {breach.what}: {breach.proof}")
        click.echo(footer(results[0].judgement))
    blocked = sum(result.decision == "block" for result in results)
    settings.say(f"{blocked} of {len(results)} models blocked by the policy {policy!r}")
    raise click.exceptions.Exit(1 if blocked else 0)
