"""What models may be used for: verdicts with their proof, policies, bills of materials."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jagraph.api.arguments import require_choice, require_format
from jagraph.api.opening import Folder
from jagraph.api.things import find, models_of
from jagraph.core.namespaces import split
from jagraph.domain.compatibility import Fit, fits, licenses_of, relations
from jagraph.domain.verdicts import USES, Judge, Judgement
from jagraph.graph.cache import Graph

if TYPE_CHECKING:
    from jagraph.domain.policy import Breach

POLICIES = ("internal-research", "redistribute-weights", "ship-a-product")
BILLS = ("spdx.json", "cdx.json")


@dataclass(frozen=True)
class PolicyResult:
    """One model held against the policy of that name: what it blocks or asks about, blocked first.

    ``judgement`` is about the use that the policy names.
    """

    policy: str
    judgement: Judgement
    breaches: tuple[Breach, ...]

    @property
    def decision(self) -> str:
        """The strictest decision: "block", "ask", or "allow" where nothing is against it."""
        return self.breaches[0].decision if self.breaches else "allow"


def judge(graph: Graph, *things: str, uses: Iterable[str] = tuple(USES)) -> list[Judgement]:
    """Return what binds each of the models and whether it may be put to ``uses``, with the proof.

    ``things`` are models or families, which are judged model by model. ``uses`` are "research",
    "internal", "host", "outputs", "redistribute", "ship", "derive", "release" and "train". Each of
    the ``verdicts`` answers "yes", "with-duties", "only-if", "no" or "unknown", which is an answer
    and never a guess, with its conditions and duties; it is no legal advice. Raises RequestError
    as ``find`` does.

    >>> [judgement] = judge(graph, "Kiku-70b", uses=["ship"])
    >>> [verdict] = judgement.verdicts
    >>> verdict.use, verdict.answer, str(verdict.position)
    ('ship', 'only-if', 'data/models/kiku.yaml:7:5')
    >>> str(verdict.reason)
    'Commercial use after contact: only after asking the issuer'
    """
    names = list(uses)
    for use in names:
        require_choice("use", use, USES)
    judging = Judge(graph.store, graph.sources())
    return [judging.judge(model, names) for model in _models(graph, things)]


def check(graph: Graph, things: Iterable[str], policy: Folder) -> list[PolicyResult]:
    """Return how ``policy`` decides on each of the models.

    ``things`` are models or families; ``policy`` is the path of a policy file, or the name of one
    in ``policies/``: "internal-research", "redistribute-weights", "ship-a-product". Raises
    OutsideError when the policy cannot be read, DataError, with its place, when it is wrong;
    RequestError as ``find`` does.

    >>> [(result.judgement.name, result.decision) for result in check(
    ...     graph, ["Kiku-70b", "Mountain-7b"], "ship-a-product")]
    [('Kiku-70b', 'ask'), ('Mountain-7b', 'ask')]
    """
    from jagraph.domain.policy import breaches, read_policy  # it loads a reader of YAML

    shipped = graph.project.policies / f"{policy}.yaml"
    rules = read_policy(shipped if policy in POLICIES else Path(policy), graph.store)
    return [
        PolicyResult(rules.name, judgement, tuple(breaches(rules, judgement, graph.store)))
        for judgement in judge(graph, *things, uses=[rules.use])
    ]


def compatible(graph: Graph, one: str, other: str, *, relation: str = "fineTunedFrom") -> list[Fit]:
    """Return how the licences of two things go together, pair by pair, strongest kind first.

    ``one`` and ``other`` are licences or models; the licences of a model are all that surely reach
    it. ``one`` comes along by ``relation`` ("mergedFrom", "distilledFrom" …). The ``kind`` of a
    pair is "cannot-both", "not-carried", "dropped", "adds-up" or "unknown". Raises RequestError as
    ``find`` does, and for another relation.

    >>> [(fit.license, fit.other, fit.kind) for fit in compatible(graph, "mountain", "open")]
    [('Mountain Community License', 'Open License', 'dropped')]
    """
    require_choice("relation", relation, sorted(relations(graph.store)))
    ones, others = (_licenses(graph, thing) for thing in (one, other))
    return fits(graph.store, ones, others, relation)


def bill_of_materials(graph: Graph, *things: str, format: str = "spdx.json") -> bytes:
    """Return what the models are made of, with all ancestors, datasets and licences, as JSON.

    ``things`` are models or families; ``format`` is "spdx.json" (SPDX 3.0) or "cdx.json"
    (CycloneDX 1.6). A licence that is not known or not certain is NOASSERTION with the reason. The
    same graph gives the same bytes. Raises RequestError as ``find`` does, and for another format.

    >>> import json
    >>> bill = json.loads(bill_of_materials(graph, "Hana-7b", format="cdx.json"))
    >>> sorted(part["name"] for part in bill["components"] if part["type"] != "data")
    ['Matsu-7b', 'Mountain-7b', 'Take-7b', 'Ume-7b']
    """
    from jagraph.domain.bom.contents import bill_of

    require_format(format, BILLS)
    bill = bill_of(_models(graph, things), graph.store)
    if format == "cdx.json":
        from jagraph.domain.bom.cyclonedx import as_cyclonedx

        return as_cyclonedx(bill).encode()
    from jagraph.domain.bom.spdx import as_spdx

    return as_spdx(bill).encode()


def _licenses(graph: Graph, thing: str) -> list[str]:
    """Return the licence that ``thing`` names, or those that reach the model it names."""
    iri = find(graph, thing, "license", "model")
    is_license = (split(iri) or ("", ""))[0] == "license"
    return [iri] if is_license else licenses_of(graph.store, iri)


def _models(graph: Graph, things: Iterable[str]) -> dict[str, None]:
    """Return the models of all ``things``, each once, in their order."""
    return dict.fromkeys(model for thing in things for model in models_of(graph, thing))
