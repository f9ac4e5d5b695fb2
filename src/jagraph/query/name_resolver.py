"""From what people write to the thing they mean: id, name, alias, Hugging Face id, or nearly so."""

from __future__ import annotations

import marshal
from unicodedata import normalize

from jagraph.core.errors import RequestError
from jagraph.core.frozen import frozen
from jagraph.core.messages import Message
from jagraph.core.namespaces import ROOT, iri, shorten, split
from jagraph.records.record_types import KINDS
from jagraph.store.base import EmbeddedStore, Store

TYPE_CHECKING = False  # typing is more to load than all else here
if TYPE_CHECKING:
    from collections.abc import Iterable

_NAMES = """
SELECT ?thing ?name ?rank WHERE {
  { ?thing jag:name ?name BIND(1 AS ?rank) }
  UNION { ?family jag:hasModel ?thing . ?thing jag:hubId|jag:formerHubId ?name BIND(2 AS ?rank) }
  UNION { ?thing skos:altLabel ?name BIND(3 AS ?rank) }
  UNION { ?thing skos:prefLabel ?name BIND(4 AS ?rank) }
  UNION { ?thing jag:variant ?name BIND(5 AS ?rank) }
}
ORDER BY ?rank ?thing LANG(?name) STR(?name)
"""
_HUB = "https://huggingface.co/"
# a repository of the Hub that is not in the list is looked up by its id, whatever its case, never
# read with the others
_FAMILIES = "SELECT ?model ?family WHERE { ?family jag:hasModel ?model }"
_IS_THERE = "ASK { <%s> a jag:Model }"
_OTHERS = str.maketrans("", "", "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")
# what nobody asks for by the name of a model
_MODELS, _PARTS = ("family", "model"), ("architecture", "section", "footnote", "edition")
NAMES = "names"  # the file in the folder of a graph
_FORMAT = 4  # of marshal, which every Python reads
NAMESPACES = (*dict.fromkeys(kind.namespace for kind in KINDS), "model")


@frozen
class Names:
    """Every name in the graph, folded, with the things it may mean."""

    things: dict[str, str]
    exact: dict[str, frozenset[str]]
    loose: dict[str, frozenset[str]]
    families: dict[str, str]
    store: Store

    @classmethod
    def read(cls, store: Store) -> Names:
        """Read the names of every thing in ``store``: from its file of names, else by a query."""
        saved = store.saved(NAMES) if isinstance(store, EmbeddedStore) else None
        if saved is not None:
            things, exact, loose, families = marshal.loads(saved)  # noqa: S302, our own cache
            return cls(things, exact, loose, families, store)
        return cls._asked(store)

    @classmethod
    def _asked(cls, store: Store) -> Names:
        from collections import defaultdict

        things: dict[str, str] = {}
        exact: defaultdict[str, set[str]] = defaultdict(set)
        loose: defaultdict[str, set[str]] = defaultdict(set)
        for row in store.select(_NAMES).dicts():
            thing, name = row["thing"], row["name"]
            parts = split(thing)
            if parts is None or parts[0] not in NAMESPACES:
                parts = parts or ("", thing)
            is_exact = row["rank"] in ("1", "2")
            things.setdefault(thing, name)
            (exact if is_exact else loose)[fold(name)].add(thing)
            exact[fold(parts[1])].add(thing)
        families = {row["model"]: row["family"] for row in store.select(_FAMILIES).dicts()}
        return cls(
            things,
            {name: frozenset(found) for name, found in exact.items()},
            {name: frozenset(found) for name, found in loose.items()},
            families,
            store,
        )

    def find(self, text: str, namespaces: Iterable[str] = NAMESPACES) -> str:
        """Return the IRI of the one thing ``text`` means among those of ``namespaces``.

        ``kind/id`` and a full IRI are always exact. A family and a model of it with the same name
        mean the family; a footnote, a section, an edition or an architecture gives way to a model
        of the same name. Raises RequestError with the candidates when nothing or too much fits.
        """
        allowed = tuple(namespaces)
        found = self.meant(text, allowed)
        if len(found) == 1:
            return found[0]
        if found:
            raise RequestError(
                "ambiguous-name",
                Message("error-ambiguous-name", name=repr(text), count=len(found)),
                remedy=Message("help-say-which", choices=tuple(map(shorten, found))),
            )
        raise RequestError(
            "unknown-name",
            Message("error-unknown-name-of", name=repr(text), kinds=allowed),
            remedy=self._near(text.removeprefix(_HUB), allowed),
        )

    def meant(self, text: str, namespaces: Iterable[str] = NAMESPACES) -> list[str]:
        """Return the IRIs of the things of ``namespaces`` that ``text`` may mean, in order."""
        allowed = tuple(namespaces)
        text = text.removeprefix(_HUB)
        namespace, slash, identifier = text.removeprefix(ROOT).partition("/")
        if slash and namespace in allowed and iri(namespace, identifier) in self.things:
            return [iri(namespace, identifier)]
        if exact := self._of_kind(self.exact.get(fold(text), frozenset()), allowed):
            return exact
        if repository := self._repository(text.removeprefix(ROOT).removeprefix("hub/"), allowed):
            return [repository]
        return self._of_kind(self.loose.get(fold(text), frozenset()), allowed)

    def _repository(self, text: str, allowed: tuple[str, ...]) -> str | None:
        """Return the IRI of the repository ``text`` of the Hub where the graph has it."""
        if "model" not in allowed or not _may_be_repository(text):
            return None
        thing = iri("hub", text)
        if self.store.ask(_IS_THERE % thing):
            return thing
        # a store of the Hub's metadata finds a repository however its id is written
        found: str | None = getattr(self.store, "repository", _none)(text)
        return found

    def saved(self) -> bytes:
        """Return the content of a file of names."""
        return marshal.dumps((self.things, self.exact, self.loose, self.families), _FORMAT)

    def search(self, text: str) -> list[str]:
        """Return the things with ``text`` in a name, best first: whole names, then beginnings."""
        wanted = fold(text)
        ranked: dict[str, tuple[int, int, str]] = {}
        for index in (self.exact, self.loose):
            for name, found in index.items():
                if wanted in name:
                    rank = 0 if name == wanted else 1 if name.startswith(wanted) else 2
                    for thing in found:
                        key = (rank, len(name), thing)
                        ranked[thing] = min(key, ranked.get(thing, key))
        return sorted(ranked, key=ranked.__getitem__)

    def _of_kind(self, found: frozenset[str], allowed: tuple[str, ...]) -> list[str]:
        kinds = {thing: (split(thing) or ("", ""))[0] for thing in found}
        kept = {thing for thing, kind in kinds.items() if kind in allowed}
        if any(kinds[thing] in _MODELS for thing in kept):
            kept = {thing for thing in kept if kinds[thing] not in _PARTS}
        return sorted(thing for thing in kept if self.families.get(thing) not in kept)

    def _near(self, text: str, allowed: tuple[str, ...]) -> str:
        from difflib import get_close_matches

        names = [
            name
            for index in (self.exact, self.loose)
            for name, found in index.items()
            if self._of_kind(found, allowed)
        ]
        near = get_close_matches(fold(text), names, n=5, cutoff=0.6)
        things = dict.fromkeys(
            shorten(thing)
            for name in near
            for index in (self.exact, self.loose)
            for thing in self._of_kind(index.get(name, frozenset()), allowed)
        )
        if things:
            return Message("help-did-you-mean", names=tuple(things)[:5])
        return Message("help-search", search=f"`jagraph search {text}`")


def _may_be_repository(text: str) -> bool:
    """Tell whether ``text`` may be an id of the Hub: a name, or two with a slash between them."""
    return text.translate(_OTHERS) in ("", "/") and all(text.split("/"))


def _none(_: str) -> None:
    pass


def fold(name: str) -> str:
    """Return ``name`` as it is compared: without case, width, spaces, '-' and '_'."""
    return "".join(
        letter for letter in normalize("NFKC", name).casefold() if letter not in " -_\u2010"
    )
