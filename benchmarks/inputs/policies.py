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
use: ship
unknown: block
only-if: ask
with-duties: ask
conflicts: block
caveats: allow
terms: {non-commercial: block, share-alike: ask}
classes: {non-commercial: block}
licenses: {closed: block, open: allow}
developers: {sakura-lab: block}
"""
# what is read where a policy is silent; the others, a name apart, are empty
_SILENT = {"only-if": "ask", "with-duties": "allow", "conflicts": "ask", "caveats": "ask"}


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
        read = asdict(read_policy(path, store))
        policy = {key.replace("_", "-"): value for key, value in read.items()}
        written = plain(composed(given.decode("utf-8-sig")))
        for key, value in written.items():
            if policy.get(key) != value:
                raise LossError(f"{key!r} is {value!r}, and {policy.get(key)!r} is read")
        for key in policy.keys() - written.keys() - {"name"}:
            if policy[key] != _SILENT.get(key, {}):
                raise LossError(f"{key!r} is not there, and {policy[key]!r} is read")

    yield check
