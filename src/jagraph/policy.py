"""A policy of what may be used, and what a judgement says against it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import yaml

from jagraph.errors import DataError, OutsideError, suggestion
from jagraph.reading import read_text
from jagraph.store import Store
from jagraph.terms import USES, Judgement

DECISIONS = ("allow", "ask", "block")
_ABOUT = """
SELECT DISTINCT ?kind ?id ?class WHERE {
  {
    <%s> (jag:licenseStatement|jag:inheritedStatement)/jag:license ?thing .
    ?thing jag:licenseClass ?sort .
    BIND("licenses" AS ?kind)
    BIND(REPLACE(STR(?sort), "^.*/", "") AS ?class)
  }
  UNION
  { <%s> jag:developedBy ?thing . BIND("developers" AS ?kind) }
  BIND(REPLACE(STR(?thing), "^.*/", "") AS ?id)
}
ORDER BY ?kind ?id
"""


@dataclass(frozen=True)
class Policy:
    """What is allowed, asked about and blocked; ``unknown`` has no default, a policy says it."""

    name: str
    use: str
    unknown: str
    conditional: str
    conflicts: str
    caveats: str
    terms: dict[str, str]
    classes: dict[str, str]
    licenses: dict[str, str]
    developers: dict[str, str]


_KEYS = tuple(field.name for field in fields(Policy))


@dataclass(frozen=True, order=True)
class Breach:
    """One thing a policy blocks or asks about, and why it applies."""

    decision: str
    what: str
    proof: str


def read_policy(path: Path) -> Policy:
    """Read a policy file; raises OutsideError when it cannot be read, DataError for what is wrong.

    ``terms`` maps concerns (non-commercial, share-alike, …), ``classes`` licence classes,
    ``licenses`` and ``developers`` ids to allow, ask or block.
    """
    try:
        text = read_text(path)
    except OSError as reason:
        raise OutsideError(
            "missing-file",
            f"the policy cannot be read: {reason.strerror}",
            where=str(path),
            remedy="give --policy a YAML file; policies/ has three to begin with",
        ) from reason
    try:
        found = yaml.load(text, Loader=yaml.CBaseLoader)  # noqa: S506, the base loader makes text only
    except yaml.YAMLError as reason:
        raise _wrong(path, f"not YAML: {reason}", "see policies/ for examples") from reason
    if not isinstance(found, dict):
        raise _wrong(path, "a policy is a mapping", "see policies/ for examples")
    for key in found:
        if key not in _KEYS:
            remedy = suggestion(str(key), list(_KEYS), "see policies/ for examples")
            raise _wrong(path, f"there is no key {key!r} in a policy", remedy)
    if found.get("use") not in USES:
        raise _wrong(path, "a policy says what the use is", "use: one of " + ", ".join(USES))
    if "unknown" not in found:
        raise _wrong(
            path,
            "a policy says what to do with what is not known",
            "unknown: block, ask or allow",
        )
    single = {
        key: _decision(path, key, found.get(key, "ask"))
        for key in ("unknown", "conditional", "conflicts", "caveats")
    }
    return Policy(
        name=str(found.get("name", path.stem)),
        use=found["use"],
        unknown=single["unknown"],
        conditional=single["conditional"],
        conflicts=single["conflicts"],
        caveats=single["caveats"],
        terms=_decisions(path, "terms", found),
        classes=_decisions(path, "classes", found),
        licenses=_decisions(path, "licenses", found),
        developers=_decisions(path, "developers", found),
    )


def breaches(policy: Policy, judgement: Judgement, store: Store) -> list[Breach]:
    """Return what ``policy`` blocks or asks about for the judged model, blocked first."""
    found: list[Breach] = []

    def weigh(decision: str, what: str, proof: str) -> None:
        if decision != "allow":
            found.append(Breach(decision, what, proof))

    (verdict,) = [verdict for verdict in judgement.verdicts if verdict.use == policy.use]
    by_answer = {
        "no": "block",
        "unknown": policy.unknown,
        "conditional": policy.conditional,
        "yes": "allow",
    }
    proof = "; ".join((verdict.reason, *verdict.conditions))
    weigh(by_answer[verdict.answer], f"{policy.use}: {verdict.answer}", proof)
    for concern, answer, reason in judgement.concerns:
        if concern in policy.terms and answer != "no":
            open_ones = {"unknown": policy.unknown, "conditional": policy.conditional}
            decision = open_ones.get(answer, policy.terms[concern])
            weigh(decision, f"{concern}: {answer}", reason)
    for row in store.select(_ABOUT % (judgement.model, judgement.model)).dicts():
        rules = policy.licenses if row["kind"] == "licenses" else policy.developers
        weigh(rules.get(row["id"], "allow"), f"{row['kind']}: {row['id']}", "named in the policy")
        if row["class"]:
            weigh(policy.classes.get(row["class"], "allow"), f"class: {row['class']}", row["id"])
    for text in judgement.conflicts:
        weigh(policy.conflicts, "possible conflict", text)
    for text in judgement.caveats:
        weigh(policy.caveats, "caveat", text)
    return sorted(set(found), key=lambda breach: (breach.decision != "block", breach))


def _decision(path: Path, key: str, value: Any) -> str:
    if value not in DECISIONS:
        raise _wrong(path, f"{key} cannot be {value!r}", "one of: " + ", ".join(DECISIONS))
    return str(value)


def _decisions(path: Path, key: str, policy: dict[str, Any]) -> dict[str, str]:
    value = policy.get(key, {})
    if not isinstance(value, dict):
        raise _wrong(path, f"{key} maps names to decisions", f"{key}: {{some-id: block}}")
    return {str(name): _decision(path, f"{key}: {name}", given) for name, given in value.items()}


def _wrong(path: Path, what: str, remedy: str) -> DataError:
    return DataError("bad-policy", what, where=str(path), remedy=remedy)
