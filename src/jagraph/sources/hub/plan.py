"""What an import writes: the models in the order of the answers, what follows, and the lines.

The staged lines are passed over three times, so that memory holds names and numbers, not entries.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox

from jagraph.core.namespaces import ASSERTED, DERIVED, HUB, ONTOLOGY
from jagraph.domain.lineage import Lineage, Model
from jagraph.inference.array_decisions import Decisions
from jagraph.inference.array_engine import Descent, Edges, Names, Sets
from jagraph.inference.channels import HANDS_OVER, WAYS, read_carriers, read_relations
from jagraph.inference.decision_triples import decision_triples
from jagraph.inference.use_answers import GAPS
from jagraph.sources.hub import nodes
from jagraph.sources.hub.differences import Recorded
from jagraph.sources.hub.dump import UNIDENTIFIED, Entry
from jagraph.sources.hub.index import UNDECIDED, Decision, Kind, Tables, write_index
from jagraph.sources.hub.licenses import Licenses
from jagraph.sources.hub.staging import Staging
from jagraph.sources.hub.write import Quads, ends, in_graph
from jagraph.store.base import Store

_CAVEATS = "SELECT ?model ?dataset { ?model jag:datasetCaveat ?dataset } ORDER BY ?dataset"
_STATEMENTS = "SELECT ?model ?statement { ?model a jag:Model ; jag:licenseStatement ?statement }"
# what two records have is the one's that has it now, then the first's
_HUB_IDS = """
SELECT ?id ?model {
  { ?model jag:formerHubId ?id BIND(0 AS ?now) } UNION { ?model jag:hubId ?id BIND(1 AS ?now) }
}
ORDER BY ?now ?id DESC(?model)
"""
_VERDICTS = """
SELECT ?verdict ?answer ?basis ?license ?licenseName ?reason ?strength WHERE {
  ?verdict a jag:Verdict ; jag:answer ?said ; jag:basis/skos:notation ?basis ; jag:reason ?reason .
  ?said skos:notation ?answer ; jag:strength ?strength .
  OPTIONAL { ?verdict jag:decidedLicense ?license . ?license rdfs:label ?licenseName }
}
"""


class Plan:
    """The numbered models, what they derive, and the lines that say it."""

    def __init__(self, store: Store, staging: Staging) -> None:
        self._staging = staging
        self._store = store
        lineage = Lineage.read(store)
        self._by_hub_id = {
            row["id"].lower(): row["model"] for row in store.select(_HUB_IDS).dicts()
        }
        self._recorded = Recorded(store, Licenses(store))
        self._number(lineage)
        self._connect(lineage)
        self._decide()

    def _number(self, lineage: Lineage) -> None:
        """Give each model its place in the order of the answers."""
        here: list[str] = []
        keys: set[str] = set()
        named: dict[str, str] = {}
        self.in_the_list = 0
        for entry in self._staging.entries():
            key = entry.id.lower()
            if key in self._by_hub_id:
                self.in_the_list += 1
            else:
                here.append(entry.id)
                keys.add(key)
            for parent in entry.parents:
                key = parent.id.lower()
                named[key] = min(parent.id, named.get(key, parent.id))
        self.repositories = len(here) + self.in_the_list
        for key in [*self._by_hub_id, UNIDENTIFIED]:
            named.pop(key, None)
        self._absent = {name for key, name in named.items() if key not in keys}
        self.named_only = len(self._absent)
        others = sorted([*here, *self._absent])
        del here, keys, named
        curated = sorted(
            (model for model in lineage.models.values()),
            key=lambda model: (model.family_name, model.name, model.iri),
        )
        self.names: list[str] = []
        self._numbers: dict[str, int] = {}  # by the id in small letters
        self._models: dict[str, int] = {}  # of the list, by the IRI
        self.curated: dict[int, Model] = {}
        rows: Iterable[tuple[str, str, str, Model | None]] = heapq.merge(
            ((model.family_name, model.name, model.iri, model) for model in curated),
            ((name, name, nodes.repository(name), None) for name in others),
            key=lambda row: row[:3],
        )
        for number, (_, name, iri, model) in enumerate(rows):
            self.names.append(name)
            if model is None:
                self._numbers[name.lower()] = number
            else:
                self.curated[number] = model
                self._models[iri] = number
        self._iris = {number: model.iri for number, model in self.curated.items()}
        for key, iri in self._by_hub_id.items():
            self._numbers[key] = self._models[iri]
        if nodes.UNIDENTIFIED_MODEL in self._models:
            self._numbers[UNIDENTIFIED] = self._models[nodes.UNIDENTIFIED_MODEL]
        self._relations = read_relations(self._store)
        self._quads = Quads(self.names, self._iris, self._relations)

    def _connect(self, lineage: Lineage) -> None:
        """Collect the derivations: those of the list, and those the Hub states of the others."""
        kinds: dict[Kind, int] = {}
        child: list[int] = []
        parent: list[int] = []
        kind: list[int] = []
        numbers, models, relations = self._numbers, self._models, self._relations

        def add(one: int, other: int, how: Kind) -> None:
            child.append(one)
            parent.append(other)
            kind.append(kinds.setdefault(how, len(kinds)))

        for edge in lineage.edges:
            carrier = relations[edge.relation].bit(certain=edge.certain)
            how = Kind(edge.relation, edge.certain, edge.stated, carrier)
            add(models[edge.child], models[edge.parent], how)
        carried = len(child)
        self._licenses: dict[int, str] = {}
        self._license = [-1] * len(self.names)
        words: dict[str, int] = {}
        for entry in self._staging.entries():
            if entry.id.lower() in self._by_hub_id:
                continue
            mine = numbers[entry.id.lower()]
            self._license[mine] = words.setdefault(entry.license, len(words))
            for base in entry.parents:
                carrier = relations[base.relation].bit(certain=True)
                how = Kind(base.relation, True, "hub-metadata", carrier)
                add(mine, numbers[base.id.lower()], how)
        self._words = list(words)
        self.kinds = list(kinds)
        self._rows = (child, parent, kind)
        # who is on the Hub has no developer on record, and so is another licensor than its parents
        carriers = [
            self.kinds[how].carrier | (HANDS_OVER if one != other else 0)
            for one, other, how in zip(*(rows[carried:] for rows in self._rows), strict=True)
        ]
        child, parent = child[carried:], parent[carried:]
        for one, other, carrier in read_carriers(self._store):
            child.append(models[one])
            parent.append(models[other])
            carriers.append(carrier)
        self._edges = Edges.of(len(self.names), child, parent, carriers)

    def _decide(self) -> None:
        """Pass the statements on and decide each profile."""
        sets, names = Sets(), Names()
        own_of: dict[int, set[int]] = {}
        for row in self._store.select(_STATEMENTS).dicts():
            model = self._models[row["model"]]
            own_of.setdefault(model, set()).add(names.number(row["statement"]))
        absent = sets.number([names.number(nodes.NOT_IN_DUMP)])
        of_words = [sets.number([names.number(nodes.statement(words))]) for words in self._words]
        own = [of_words[words] if words >= 0 else absent for words in self._license]
        for number in self.curated:
            own[number] = sets.number(own_of.get(number, ()))
        del self._license
        gaps = {
            self._models[row["model"]]: sets.number([names.number(row["model"])])
            for row in self._store.select(GAPS).dicts()
        }
        self._sets = sets
        self._statements = names
        self._descent = Descent(self._edges, own, sets, gaps)
        decisions = Decisions(self._store, sets, names)
        self._decided = [decisions.decide(profile) for profile in self._descent.profiles]

    def decisions(self) -> list[ox.Triple]:
        """Return what is to be said of each decision on repositories, but for its reasons."""
        profiles = {
            profile
            for number, profile in enumerate(self._descent.profile)
            if number not in self.curated
        }
        return decision_triples(self._decided[profile] for profile in profiles)

    def lines(self, small: ox.Store) -> Iterator[str]:
        """Yield the whole graph as N-Quads; ``small`` has all but the repositories."""
        for graph in (ONTOLOGY, ASSERTED, HUB, DERIVED):
            for quad in small.quads_for_pattern(None, None, None, ox.NamedNode(graph)):
                yield f"{quad} .\n"
        yield from self._repositories()

    def _repositories(self) -> Iterator[str]:
        quads, numbers = self._quads, self._numbers
        concluded = [self._ends(number) for number in range(len(self._descent.profiles))]
        caveats = self._caveats()
        stated: set[tuple[int, str, bool]] = set()
        for entry in self._all():
            parents = [quads.iri(numbers[parent.id.lower()]) for parent in entry.parents]
            known = entry.id not in self._absent
            if model := self._by_hub_id.get(entry.id.lower()):
                yield from in_graph(self._recorded.differences(model, entry, parents), HUB)
                continue
            for iri, one in zip(parents, entry.parents, strict=True):
                key = (numbers[one.id.lower()], one.relation, one.inferred)
                if key not in stated:
                    stated.add(key)
                    yield from in_graph(
                        nodes.derivation_nodes(iri, one.relation, one.inferred), HUB
                    )
            mine = numbers[entry.id.lower()]
            yield from quads.stated(entry, parents, known=known)
            yield from quads.edges(entry, parents)
            subject = f"<{quads.iri(mine)}>"
            for end in concluded[self._descent.profile[mine]]:
                yield subject + end
            above = self._descent.ancestors(mine)
            yield from quads.descent(mine, above)
            for end in sorted({end for one in above for end in caveats.get(one, ())}):
                yield subject + end

    def _caveats(self) -> dict[int, list[str]]:
        """Return what rule 14 says of the models of the list, and so of all below each."""
        found: dict[int, list[str]] = {}
        for row in self._store.select(_CAVEATS).dicts():
            caveats = found.setdefault(self._models[row["model"]], [])
            caveats += ends("datasetCaveat", [row["dataset"]])
        return found

    def _all(self) -> Iterator[Entry]:
        yield from self._staging.entries()
        for name in sorted(self._absent):
            yield Entry(name)

    def _ends(self, number: int) -> list[str]:
        """Return the ends of the lines that every model of a profile has."""
        profile, decided = self._descent.profiles[number], self._decided[number]
        found = ends("verdict", (one.iri for one in decided.verdicts))
        found += ends("useAnswer", (one.iri for one in decided.answers))
        found += ends("possibleConflict", sorted({one.iri for one in decided.conflicts}))
        found += ends("addsUp", decided.adds_up)
        for key, statements in zip(WAYS, profile.reached, strict=True):
            found += ends(key, (self._statements[one] for one in self._sets[statements]))
        return found

    def write_index(self, folder: Path) -> None:
        """Write the arrays and tables that answer what the store is too slow for."""
        rows = {row["verdict"]: row for row in self._store.select(_VERDICTS).dicts()}
        places = {verdict: place for place, verdict in enumerate(rows)}
        concerns = sorted(
            {one.finding.concern for decided in self._decided for one in decided.verdicts}
        )
        column = {concern: place for place, concern in enumerate(concerns)}
        matrix = []
        for decided in self._decided:
            line = [UNDECIDED] * len(concerns)
            for one in decided.verdicts:
                line[column[one.finding.concern]] = places[one.iri]
            matrix.append(line)
        decisions = [
            Decision(
                row["answer"],
                row["basis"],
                row["license"],
                row["licenseName"],
                row["reason"],
                int(row["strength"]),
            )
            for row in rows.values()
        ]
        write_index(
            folder,
            Tables(self.kinds, concerns, decisions, self.curated),
            self.names,
            self._rows,
            self._descent.profile,
            matrix,
        )
