"""How the rules grow with the graph: triples and seconds per size, and the ratio to the one before.

python benchmarks/rules.py [MODELS …]      default: 1000 4000 16000

The models are trees of fine-tunings with some merges, one in three with a licence of its own, below
roots under three licences: the shape of model hubs. Seed 1.
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from jagraph.core.namespaces import ASSERTED, DERIVED
from jagraph.inference.sparql_rules import apply_rules, load, load_ontology

ROOT = Path(__file__).parents[1]
THING = "https://w3id.org/jagraph/"
JAG = f"{THING}vocab#"
PER_TREE = 500
LICENSED = 1 / 3
MERGED = 0.05


def node(path: str) -> ox.NamedNode:
    return ox.NamedNode(THING + path)


def triple(subject: ox.NamedNode, key: str, value: ox.NamedNode | ox.Literal) -> ox.Triple:
    return ox.Triple(subject, ox.NamedNode(JAG + key), value)


def described(models: int) -> Iterator[ox.Triple]:
    """Yield the triples of ``models`` models and three licences with four terms each."""
    choose = random.Random(1)
    kind = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    label = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
    for name in ("a", "b", "c"):
        yield ox.Triple(node(f"license/{name}"), label, ox.Literal(name))
        for number, action in enumerate(("commercial-use", "naming", "notice", "attribution")):
            term = node(f"license/{name}#terms.{number}")
            yield triple(node(f"license/{name}"), "term", term)
            yield triple(term, "rule", node("rule/prohibition"))
            yield triple(term, "action", node(f"action/{action}"))
            yield triple(term, "reach", node("reach/weights"))
    for number in range(models):
        model = node(f"model/{number}")
        yield ox.Triple(model, kind, ox.NamedNode(f"{JAG}Model"))
        yield ox.Triple(model, label, ox.Literal(str(number)))
        root = number - number % PER_TREE
        parents = [] if number == root else [root + int((number - root) * choose.random() ** 3)]
        if parents and choose.random() < MERGED:
            parents.append(choose.randrange(root, number))
        for place, parent in enumerate(parents):
            derivation = node(f"model/{number}#derivations.{place}")
            relation = "mergedFrom" if len(parents) > 1 else "fineTunedFrom"
            yield triple(model, "derivation", derivation)
            yield triple(derivation, "parent", node(f"model/{parent}"))
            yield triple(derivation, "relation", ox.NamedNode(JAG + relation))
        if number == root or choose.random() < LICENSED:
            statement = node(f"model/{number}#licenses.1")
            yield triple(model, "licenseStatement", statement)
            yield triple(statement, "license", node(f"license/{choose.choice('abc')}"))


def measure(models: int) -> tuple[int, float]:
    """Return how many triples follow from ``models`` models, and the seconds that took."""
    store = ox.Store()
    load_ontology(store, ROOT / "ontology/jagraph.ttl")
    load(store, described(models), ASSERTED)
    began = time.perf_counter()
    apply_rules(store, sorted((ROOT / "ontology/rules").glob("*.rq")))
    seconds = time.perf_counter() - began
    derived = store.quads_for_pattern(None, None, None, ox.NamedNode(DERIVED))
    return sum(1 for _ in derived), seconds


def main() -> None:
    before = 0.0
    print("models\tderived triples\tseconds\tratio to the one before")
    for models in [int(text) for text in sys.argv[1:]] or [1000, 4000, 16000]:
        triples, seconds = measure(models)
        ratio = f"{seconds / before:.1f}" if before else ""
        print(f"{models}\t{triples}\t{seconds:.1f}\t{ratio}", flush=True)
        before = seconds


if __name__ == "__main__":
    main()
