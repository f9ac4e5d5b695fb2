"""Every kind of damage to every file of a graph, one after the other, in a process of its own.

Run as ``python -m tests.support.damages cache|store FOLDER PROJECT SEED``: it prints a line of JSON
per damage, before the next one is done: whoever reads sees which one it hung or died of.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from jagraph import find, models_of
from jagraph.core.errors import OutsideError
from jagraph.core.project import Project, find_project
from jagraph.domain.lineage import derivations
from jagraph.domain.verdicts import USES, Judge
from jagraph.graph.cache import Graph, cached
from jagraph.query.binding import bound
from jagraph.query.catalogue import find_query
from jagraph.query.name_resolver import Names
from jagraph.records.context import read_context
from jagraph.sources.hub.imported_store import open_store
from jagraph.store import file_watch
from jagraph.views.card_text import as_text
from jagraph.views.cards import CardSource

FLIPS = 2


def cut(file: Path, keep: int) -> None:
    with file.open("r+b") as out:
        out.truncate(keep)


def flip(file: Path, choose: Random) -> None:
    """Change one bit, in place, and keep the time of change."""
    before = file.stat()
    place = choose.randrange(before.st_size)
    with file.open("r+b") as out:
        out.seek(place)
        byte = out.read(1)[0] ^ 1 << choose.randrange(8)
        out.seek(place)
        out.write(bytes([byte]))
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def append(file: Path) -> None:
    with file.open("ab") as out:
        out.write(b"\0")


def swap(file: Path, other: Path) -> None:
    aside = file.with_name(".aside")
    file.rename(aside)
    other.rename(file)
    aside.rename(other)


def folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def pipe(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def dangling(file: Path) -> None:
    file.unlink()
    file.symlink_to("nowhere")


@dataclass(frozen=True)
class Damage:
    """One kind of damage to one file; ``done`` does it."""

    kind: str
    file: Path
    done: Callable[[], object]
    other: Path | None = None


def damages(below: Path, choose: Random) -> Iterator[Damage]:
    """Yield each kind of damage to each file below a folder."""
    files = sorted(path for path in below.rglob("*") if path.is_file())
    sizes = {file: file.stat().st_size for file in files}
    for file in files:
        others = [other for other in files if other.read_bytes() != file.read_bytes()]
        other, content = choose.choice(others), choose.choice(others).read_bytes()
        if sizes[file]:
            yield Damage("cut by a byte", file, lambda f=file: cut(f, sizes[f] - 1))
            yield Damage("cut in half", file, lambda f=file: cut(f, sizes[f] // 2))
            yield Damage("emptied", file, lambda f=file: cut(f, 0))
            for number in range(FLIPS):
                yield Damage(f"bit {number} flipped", file, lambda f=file: flip(f, choose))
        yield Damage("grown", file, lambda f=file: append(f))
        yield Damage("other content", file, lambda f=file, c=content: f.write_bytes(c))
        yield Damage("swapped", file, lambda f=file, o=other: swap(f, o), other)
        yield Damage("deleted", file, lambda f=file: f.unlink())
        yield Damage("a folder", file, lambda f=file: folder(f))
        yield Damage("a pipe", file, lambda f=file: pipe(f))
        yield Damage("a dangling link", file, lambda f=file: dangling(f))
        if os.geteuid():  # root may read what nobody may
            yield Damage("mode 000", file, lambda f=file: f.chmod(0))


def answers(graph: Graph) -> str:
    """Ask what reads every part of a graph; return a digest of all that came."""
    said = []
    for name, given in (
        ("descendants", {"base": "mountain"}),
        ("descendants-with-terms", {"base": "mountain", "terms": "non-commercial"}),
        ("ancestors", {"model": "hana"}),
        ("largest", {}),
    ):
        text = bound(find_query(graph.project, name), given, graph.store)
        said.append(str(graph.store.select(text)))
    thing = find(graph, "Ume-7b")
    context = read_context(graph.project.context)
    source = CardSource(graph.store, graph.sources(), context)
    said.append(as_text(source.plain_card(thing)))
    walk = derivations(graph.store).walk([thing], "both")
    said.append(str((walk.models, sorted(map(str, walk.edges)))))
    judge = Judge(graph.store, graph.sources())
    said += [str(judge.judge(model, USES)) for model in models_of(graph, "Ume-7b")]
    said.append(str(sorted(Names.read(graph.store).things.items())))
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


class Trial:
    """Damages one graph again and again, and asks it before and while it is open."""

    def __init__(self, project: Project, place: Path, store: Path | None) -> None:
        self._project = project
        self._store = store
        self._whole = {file: file.read_bytes() for file in place.rglob("*") if file.is_file()}
        self._said: list[str] = []
        graph = self._open()
        assert graph is not None
        self._right = answers(graph)

    def outcome(self, damage: Damage) -> str:
        """Damage the graph, then ask; return what came of it: "same", "noticed" or "wrong"."""
        damage.done()
        try:
            graph = self._open()
            return self._judged("same" if graph and answers(graph) == self._right else "", graph)
        except OutsideError as error:
            return self._refused(error)
        finally:
            self._restore(damage)

    def outcome_while_open(self, damage: Damage) -> str:
        """Open the graph and ask it, damage it, ask again."""
        graph = self._open()
        assert graph is not None
        assert answers(graph) == self._right
        damage.done()
        self._damaged = damage
        try:
            return self._judged("same" if answers(graph) == self._right else "", graph)
        except OutsideError as error:
            return self._refused(error)
        finally:
            self._restore(damage)

    def _judged(self, found: str, graph: Graph | None) -> str:
        if self._said:
            assert len(self._said) == 1, self._said
            assert "is damaged (" in self._said[0]
            assert "\n" not in self._said[0]
            return "noticed" if graph is None or found == "same" else "wrong"
        return found or "wrong"

    def _refused(self, error: OutsideError) -> str:
        right = (error.code, error.exit_code) == ("damaged-store", 3)
        return "noticed" if right and self._store and "import-hub" in error.remedy else "wrong"

    def _open(self) -> Graph | None:
        self._said.clear()
        if self._store is not None:
            return open_store(self._store, self._project)
        return cached(self._project, self._said.append, self._built_again)

    def _built_again(self) -> Graph:
        """Put the whole graph back, as a build does in a hundred times the time."""
        self._restore(self._damaged)
        graph = cached(self._project, self._said.append, self._built_again)
        assert graph is not None
        return graph

    def _restore(self, damage: Damage) -> None:
        for file in filter(None, (damage.file, damage.other)):
            if file.is_dir() and not file.is_symlink():
                shutil.rmtree(file)
            file.unlink(missing_ok=True)
            file.write_bytes(self._whole[file])


def main(place: str, project: str, store: str, seed: str) -> None:
    file_watch.TICK = 20_000_000  # a few of the kernel's: hundreds of changes are waited for
    choose = Random(seed)  # noqa: S311, not for secrets
    trial = Trial(find_project(Path(project)), Path(place), Path(store) if store else None)
    for damage in damages(Path(place), choose):
        ways = [trial.outcome]
        if choose.random() < 0.3:
            ways.append(trial.outcome_while_open)
        for way in ways:
            found = [damage.kind, str(damage.file.relative_to(place)), way.__name__]
            print("begun", *found, sep="\t", flush=True)  # noqa: T201, for the test that reads it
            print(json.dumps([*found, way(damage)]), flush=True)  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
