"""A knowledge graph of the Japanese language-model ecosystem, with evidence for every answer.

    from jagraph import open_graph, lineage, judge

    graph = open_graph()
    lineage(graph, "llama-2", direction="down")
    judge(graph, "Swallow 7B", uses=["ship"])

This is the public API: what is not named here may change in any version. Every error is a
JagraphError with ``code``, ``what``, ``where`` and ``remedy``. A name is loaded when it is first
used, so that ``import jagraph`` costs next to nothing.
"""

TYPE_CHECKING = False  # typing is more to load than all else here
if TYPE_CHECKING:
    from jagraph.api.card import card
    from jagraph.api.lineage import lineage, path
    from jagraph.api.opening import open_graph
    from jagraph.api.pictures import chart, draw
    from jagraph.api.records import Versions, export, validate, versions
    from jagraph.api.saved_queries import rows_of, run_query, saved_queries
    from jagraph.api.terms import PolicyResult, bill_of_materials, check, compatible, judge
    from jagraph.api.things import find, models_of, search
    from jagraph.core.errors import (
        DataError,
        JagraphError,
        OutsideError,
        RequestError,
    )
    from jagraph.core.findings import Issue
    from jagraph.core.position import Position
    from jagraph.core.version import __version__
    from jagraph.domain.compatibility import Fit
    from jagraph.domain.lineage import Edge, Lineage, Model
    from jagraph.domain.obligations import Condition, Duty
    from jagraph.domain.policy import Breach
    from jagraph.domain.verdicts import Conflict, Judgement, Step, Term, Verdict
    from jagraph.graph.cache import Graph
    from jagraph.query.catalogue import SavedQuery
    from jagraph.store.base import Solutions
    from jagraph.views.cards import Card
    from jagraph.views.facts import Fact
    from jagraph.views.hits import Thing

__all__ = [
    "Breach",
    "Card",
    "Condition",
    "Conflict",
    "DataError",
    "Duty",
    "Edge",
    "Fact",
    "Fit",
    "Graph",
    "Issue",
    "JagraphError",
    "Judgement",
    "Lineage",
    "Model",
    "OutsideError",
    "PolicyResult",
    "Position",
    "RequestError",
    "SavedQuery",
    "Solutions",
    "Step",
    "Term",
    "Thing",
    "Verdict",
    "Versions",
    "__version__",
    "bill_of_materials",
    "card",
    "chart",
    "check",
    "compatible",
    "draw",
    "export",
    "find",
    "judge",
    "lineage",
    "models_of",
    "open_graph",
    "path",
    "rows_of",
    "run_query",
    "saved_queries",
    "search",
    "validate",
    "versions",
]

_HOMES = {
    "api.card": ("card",),
    "api.lineage": ("lineage", "path"),
    "api.opening": ("open_graph",),
    "api.pictures": ("chart", "draw"),
    "api.records": ("Versions", "export", "validate", "versions"),
    "api.saved_queries": ("rows_of", "run_query", "saved_queries"),
    "api.terms": ("PolicyResult", "bill_of_materials", "check", "compatible", "judge"),
    "api.things": ("find", "models_of", "search"),
    "core.errors": ("DataError", "JagraphError", "OutsideError", "RequestError"),
    "core.findings": ("Issue",),
    "core.position": ("Position",),
    "core.version": ("__version__",),
    "domain.compatibility": ("Fit",),
    "domain.lineage": ("Edge", "Lineage", "Model"),
    "domain.obligations": ("Condition", "Duty"),
    "domain.policy": ("Breach",),
    "domain.verdicts": ("Conflict", "Judgement", "Step", "Term", "Verdict"),
    "graph.cache": ("Graph",),
    "query.catalogue": ("SavedQuery",),
    "store.base": ("Solutions",),
    "views.cards": ("Card",),
    "views.facts": ("Fact",),
    "views.hits": ("Thing",),
}


def __getattr__(name: str) -> object:
    """Load the module that has ``name``; the name is a plain attribute from then on."""
    for module, names in _HOMES.items():
        if name in names:
            from importlib import import_module

            found: object = getattr(import_module(f"jagraph.{module}"), name)
            globals()[name] = found
            return found
    raise AttributeError(f"module 'jagraph' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
