"""A policy of what may be used, and what a judgement says against it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

from jagraph.core.namespaces import ROOT
from jagraph.core.positioned_yaml import Genre, read_part
from jagraph.domain.verdicts import USES, Judgement
from jagraph.store.base import Store

DECISIONS = ("allow", "ask", "block")
_ABOUT = """
SELECT DISTINCT ?kind ?id ?class WHERE {
  {
    <%s> (jag:licenseStatement|jag:inheritedStatement)/jag:license ?thing .
    ?thing jag:licenseClass/skos:notation ?class .
    BIND("licenses" AS ?kind)
  }
  UNION
  { <%s> jag:developedBy ?thing . BIND("developers" AS ?kind) }
  ?thing skos:notation ?id .
}
ORDER BY ?kind ?id
"""
_KNOWN = {
    key: f"""
SELECT DISTINCT ?id WHERE {{
  {pattern} ; skos:notation ?id
}}
ORDER BY ?id
"""
    for key, pattern in (
        ("terms", f"?thing skos:inScheme <{ROOT}concern>"),
        ("classes", f"?thing skos:inScheme <{ROOT}license-class>"),
        ("licenses", "?thing a jag:License"),
        ("developers", "?thing a jag:Developer"),
    )
}


@dataclass(frozen=True)
class Policy:
    """What is allowed, asked about and blocked; ``unknown`` has no default, a policy says it.

    ``unknown``, ``only_if`` and ``with_duties`` are about the answers to the use of that name;
    "no" is blocked, and duties are allowed unless the policy says else.
    """

    name: str
    use: str
    unknown: str
    only_if: str
    with_duties: str
    conflicts: str
    caveats: str
    terms: dict[str, str]
    classes: dict[str, str]
    licenses: dict[str, str]
    developers: dict[str, str]


_GENRE = Genre("bad-policy", "policies/ has three to begin with")
_KEYS = tuple(field.name.replace("_", "-") for field in fields(Policy))


@dataclass(frozen=True, order=True)
class Breach:
    """One thing a policy blocks or asks about, and why it applies."""

    decision: str
    what: str
    proof: str


def read_policy(path: Path, store: Store) -> Policy:
    """Read a policy of what is in ``store``.

    ``terms`` maps concerns (non-commercial, share-alike, …), ``classes`` licence classes,
    ``licenses`` and ``developers`` ids to allow, ask or block. Raises OutsideError when the file
    cannot be read, DataError, with the place, for what is wrong: a name that is not in the graph
    would let everything pass.
    """
    policy = read_part(path, _GENRE)
    fields = policy.fields(_KEYS)
    if "use" not in fields:
        raise policy.wrong("a policy says what the use is", "use: one of " + ", ".join(USES))
    if "unknown" not in fields:
        raise policy.wrong(
            "a policy says what to do with what is not known", "unknown: block, ask or allow"
        )

    def decision(key: str, default: str = "ask") -> str:
        return fields[key].one_of(DECISIONS, key) if key in fields else default

    def decisions(key: str) -> dict[str, str]:
        if key not in fields:
            return {}
        ids = [row["id"] for row in store.select(_KNOWN[key]).dicts()]
        return {
            name: value.one_of(DECISIONS, f"{key}: {name}")
            for name, value in fields[key].fields(ids).items()
        }

    return Policy(
        name=fields["name"].text() if "name" in fields else path.stem,
        use=fields["use"].one_of(list(USES), "use"),
        unknown=decision("unknown"),
        only_if=decision("only-if"),
        with_duties=decision("with-duties", "allow"),
        conflicts=decision("conflicts"),
        caveats=decision("caveats"),
        terms=decisions("terms"),
        classes=decisions("classes"),
        licenses=decisions("licenses"),
        developers=decisions("developers"),
    )


def breaches(policy: Policy, judgement: Judgement, store: Store) -> list[Breach]:
    """Return what ``policy`` blocks or asks about for the judged model, blocked first."""
    results: list[Breach] = []

    def weigh(decision: str, what: str, proof: str) -> None:
        if decision != "allow":
            results.append(Breach(decision, what, proof))

    (verdict,) = [verdict for verdict in judgement.verdicts if verdict.use == policy.use]
    by_answer = {
        "no": "block",
        "unknown": policy.unknown,
        "only-if": policy.only_if,
        "with-duties": policy.with_duties,
        "yes": "allow",
    }
    proof = "; ".join(dict.fromkeys((verdict.reason, *(one.reason for one in verdict.conditions))))
    weigh(by_answer[verdict.answer], f"{policy.use}: {verdict.answer}", proof)
    for concern, answer, reason in judgement.concerns:
        if concern in policy.terms and answer != "no":
            open_ones = {"unknown": policy.unknown, "conditional": policy.only_if}
            decision = open_ones.get(answer, policy.terms[concern])
            weigh(decision, f"{concern}: {answer}", reason)
    for row in store.select(_ABOUT % (judgement.model, judgement.model)).dicts():
        rules = policy.licenses if row["kind"] == "licenses" else policy.developers
        weigh(rules.get(row["id"], "allow"), f"{row['kind']}: {row['id']}", "named in the policy")
        if row["class"]:
            weigh(policy.classes.get(row["class"], "allow"), f"class: {row['class']}", row["id"])
    for conflict in judgement.conflicts:
        weigh(policy.conflicts, conflict.kind, conflict.reason)
    for text in judgement.caveats:
        weigh(policy.caveats, "caveat", text)
    return sorted(set(results), key=lambda breach: (breach.decision != "block", breach))
