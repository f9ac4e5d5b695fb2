"""By which channels the licence statements of a parent reach a model, and what passes by each.

Which channels there are, the ontology says and rule 08 follows; here they have numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

from jagraph.core.namespaces import JAG
from jagraph.store.base import Store

# the weakest last: the carrier of an edge, that of an edge the source leaves open, and the
# statements that come along by it, surely and possibly
_CHANNELS = (
    ("bindsThrough", "mayBindThrough", "inheritedStatement", "possiblyInheritedStatement"),
    ("taughtBy", "mayBeTaughtBy", "distillationStatement", "possibleDistillationStatement"),
    ("passesOutputs", "mayPassOutputs", "outputStatement", "possibleOutputStatement"),
)
# how an edge carries, in bits; one that also hands the parent's own statements over has HANDS_OVER
CARRIERS = {
    name: 1 << place
    for place, name in enumerate(carrier for channel in _CHANNELS for carrier in channel[:2])
}
HANDS_OVER = 1 << len(CARRIERS)
# by channel: the carriers that surely open it, and all that open it
SURELY = tuple(CARRIERS[sure] for sure, *_ in _CHANNELS)
AT_ALL = tuple(CARRIERS[sure] | CARRIERS[possible] for sure, possible, *_ in _CHANNELS)
BINDS = SURELY[0]
WEIGHTS = AT_ALL[0]
DESCENT = AT_ALL[0] | AT_ALL[1]
ANY = AT_ALL[0] | AT_ALL[1] | AT_ALL[2]
# how statements reach a model that does not state them itself, in the order of a Profile
WAYS = tuple(way for channel in _CHANNELS for way in channel[2:])
_OWN = "licenseStatement"
_WAYS = """
SELECT ?way ?through ?order ?passes ?supposes ?grants WHERE {
  ?way jag:through ?through ; jag:order ?order ; jag:passes ?passes .
  OPTIONAL { ?way jag:supposes ?supposes }
  OPTIONAL { ?way jag:grantReach ?grants }
}
"""
_HANDED_OVER = "SELECT ?child ?parent { ?carrier jag:handsOver ?under . ?child ?under ?parent }"
_CARRIED = "SELECT ?child ?parent { ?child jag:%s ?parent }"
_RELATIONS = """
SELECT ?relation ?carrier ?openCarrier ?under ?general WHERE {
  ?relation jag:carrier ?carrier ; jag:openCarrier ?openCarrier .
  OPTIONAL { ?carrier jag:handsOver ?under }
  OPTIONAL { ?relation rdfs:subPropertyOf ?general . FILTER(?general = jag:derivedFrom) }
}
"""


@dataclass(frozen=True)
class Way:
    """One way of the ontology, IRIs; ``supposes`` and ``grants`` are "" where it has none."""

    iri: str
    order: str
    passes: frozenset[str]
    supposes: str
    grants: str

    @property
    def name(self) -> str:
        """The word that names it."""
        return self.iri.rpartition("/")[2]


@dataclass(frozen=True)
class Relation:
    """What a kind of derivation carries: words of jag:, ``general`` and ``under`` "" for none."""

    name: str
    carrier: str
    open_carrier: str
    under: str
    general: str

    def bit(self, *, certain: bool) -> int:
        """Return the number of its carrier."""
        return CARRIERS[self.carrier if certain else self.open_carrier]


def read_ways(store: Store) -> tuple[Way, ...]:
    """Return the way of a model's own statements, and those of WAYS."""
    rows = list(store.select(_WAYS).dicts())
    by_property = {row["through"].removeprefix(JAG): row for row in rows}
    return tuple(
        Way(
            by_property[key]["way"],
            by_property[key]["order"],
            frozenset(r["passes"] for r in rows if r["way"] == by_property[key]["way"]),
            by_property[key]["supposes"],
            by_property[key]["grants"],
        )
        for key in (_OWN, *WAYS)
    )


def read_relations(store: Store) -> dict[str, Relation]:
    """Return the kinds of derivations by their names."""
    found = {}
    for row in store.select(_RELATIONS).dicts():
        words = {key: value.removeprefix(JAG) for key, value in row.items()}
        found[words["relation"]] = Relation(
            words["relation"],
            words["carrier"],
            words["openCarrier"],
            words["under"],
            words["general"],
        )
    return found


def read_carriers(store: Store) -> list[tuple[str, str, int]]:
    """Return ``(child, parent, carriers)`` of what rules 06 conclude, a pair also twice."""
    found = [
        (row["child"], row["parent"], bit)
        for name, bit in CARRIERS.items()
        for row in store.select(_CARRIED % name).dicts()
    ]
    handed = store.select(_HANDED_OVER).dicts()
    return [*found, *((row["child"], row["parent"], HANDS_OVER) for row in handed)]
