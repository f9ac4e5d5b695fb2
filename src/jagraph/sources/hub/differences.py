"""Where the Hub's metadata says something else of a model of the list than its record.

The record wins: what the Hub says is kept as a difference, with both values, and derives nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from jagraph.core.namespaces import JAG, RDF_TYPE
from jagraph.sources.hub import nodes
from jagraph.sources.hub.dump import OPEN, UNIDENTIFIED, UNREADABLE, Entry
from jagraph.sources.hub.licenses import Licenses
from jagraph.sources.hub.nodes import node, triple
from jagraph.store.base import Store

_LICENSES = "SELECT ?model ?value { ?model a jag:Model ; jag:licenseStatement/jag:license ?value }"
_PARENTS = """
SELECT ?model ?value ?relation {
  ?model a jag:Model ; jag:derivation ?node . ?node jag:parent ?value ; jag:relation ?relation
}
"""
# the Hub's four words for our relations; what has none there cannot differ in its kind
_SEEN_AS = {
    "continuallyPretrainedFrom": "fineTunedFrom",
    "upcycledFrom": "fineTunedFrom",
}
_COMPARABLE = {"fineTunedFrom", "adapterOf", "mergedFrom", "quantizedFrom"}


class Recorded:
    """What the records say of licences and parents."""

    def __init__(self, store: Store, licenses: Licenses) -> None:
        self._known = licenses
        self._licenses: defaultdict[str, set[str]] = defaultdict(set)
        self._relations: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        self._parents: defaultdict[str, set[str]] = defaultdict(set)
        for row in store.select(_LICENSES).dicts():
            self._licenses[row["model"]].add(row["value"])
        for row in store.select(_PARENTS).dicts():
            self._parents[row["model"]].add(row["value"])
            relation = row["relation"].removeprefix(JAG)
            self._relations[row["model"], row["value"]].add(_SEEN_AS.get(relation, relation))

    def differences(self, model: str, entry: Entry, parents: list[str]) -> Iterator[str]:
        """Yield as triples where ``entry`` differs from the record of ``model``.

        ``parents`` are the IRIs of the entry's parents. What the Hub leaves out is no difference,
        and neither is what cannot be told from it.
        """
        if entry.license and UNREADABLE not in entry.license.split(" "):
            stated = self._known.stated(entry.license)
            recorded = self._licenses[model]
            unnamed = nodes.licenses_of(entry.license)[0][1] == nodes.NOT_NAMED
            if stated != recorded and not (unnamed and self._known.may_be_other(recorded)):
                yield from _difference(model, entry, "license", recorded, stated)
        told = {
            parent
            for parent, one in zip(parents, entry.parents, strict=True)
            if one.id != UNIDENTIFIED
        }
        if not told <= self._parents[model]:
            yield from _difference(model, entry, "parent", self._parents[model], told)
        for parent, one in zip(parents, entry.parents, strict=True):
            relations = self._relations[model, parent] & _COMPARABLE
            if one.relation != OPEN and relations and one.relation not in relations:
                recorded = {JAG + name for name in relations}
                yield from _difference(model, entry, "relation", recorded, {JAG + one.relation})


def _difference(
    model: str, entry: Entry, key: str, recorded: set[str], hub: set[str]
) -> Iterator[str]:
    mine = f"{model}#hub-difference.{key}"
    yield triple(model, "hubDifference", node(mine))
    yield triple(mine, RDF_TYPE, node(JAG + "HubDifference"))
    yield triple(mine, "differsIn", node(JAG + key))
    yield triple(mine, "statedIn", node(nodes.PLACE))
    yield triple(mine, "dumpLine", nodes.number(entry.line))
    for value in sorted(recorded):
        yield triple(mine, "recordedValue", node(value))
    for value in sorted(hub):
        yield triple(mine, "hubValue", node(value))
