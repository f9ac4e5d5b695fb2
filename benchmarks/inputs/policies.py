"""Policies: one is refused, or it means what is written in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from random import Random

from benchmarks.inputs import odd
from benchmarks.inputs.judging import Check, LossError
from benchmarks.inputs.plain import composed, plain

from jagraph.core.project import find_project
from jagraph.domain.policy import read_policy
from jagraph.graph.build import build

_ROOT = Path(__file__).parents[2]
_TINY = _ROOT / "tests/tiny"
_WHOLE = """\
name: Ours
use: commercial
unknown: block
conditional: ask
conflicts: block
caveats: allow
terms: {non-commercial: block, share-alike: ask}
classes: {non-commercial: block}
licenses: {closed: block, open: allow}
developers: {sakura-lab: block}
"""
_TEXT = {"name", "use", "unknown", "conditional", "conflicts", "caveats"}


def make(chance: Random) -> bytes:
    """Return a policy with some damage."""
    shipped = [path.read_text(encoding="utf-8") for path in sorted(_ROOT.glob("policies/*.yaml"))]
    written = chance.choice((_WHOLE, _WHOLE, *shipped))
    if chance.random() < 0.7:
        written = odd.yaml_changed(chance, written)
    content = written.encode()
    return odd.damaged(chance, content) if chance.random() < 0.4 else content


@contextmanager
def opened(folder: Path) -> Iterator[Check]:
    """Give what reads a policy of the frozen project."""
    store = build(find_project(_TINY), lambda _: None).store
    path = folder / "policy.yaml"

    def check(given: bytes) -> None:
        path.write_bytes(given)
        policy = asdict(read_policy(path, store))
        written = plain(composed(given.decode("utf-8-sig")))
        for key, value in written.items():
            if policy.get(key) != value:
                raise LossError(f"{key!r} is {value!r}, and {policy.get(key)!r} is read")
        for key in policy.keys() - written.keys() - {"name"}:
            if policy[key] != ("ask" if key in _TEXT else {}):
                raise LossError(f"{key!r} is not there, and {policy[key]!r} is read")

    yield check
