"""The packages jagraph needs to run and their licences, as docs/dependencies.md has them.

``python -m tests.support.dependencies`` writes that file anew from what is installed.
"""

from __future__ import annotations

import re
from importlib.metadata import Distribution, distribution
from pathlib import Path
from typing import NamedTuple

from packaging.requirements import Requirement

DOCUMENT = Path(__file__).parents[2] / "docs/dependencies.md"
ALLOWED = {
    *("0BSD", "Apache-2.0", "BSD", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "MIT", "MIT-CMU"),
    *("PSF-2.0", "W3C-20150513", "Zlib"),
}
EXCEPTIONS = {
    "certifi": "MPL-2.0 asks for the source of its own files alone, which the package is; it is a "
    "list of certificates, and HTTPS needs one",
    "graphviz-pure": "EPL-2.0 asks for the source of its own files alone, which the package is; it "
    "is installed beside ours, unchanged, is no part of our wheel, and runs as a program of its "
    "own. It lays pictures out; Graphviz itself, in its place, is under the EPL, too",
    "matplotlib-fontja": "the licence of its Japanese font, IPA, lets it be used and passed on "
    "unchanged, as it is here",
    "resvg-py": "its metadata declare no licence; the file LICENSE in its wheel is the text of the "
    "MIT licence, and what is compiled into it is under licences of that kind, as the list of its "
    "parts (CycloneDX) in the wheel says",
}
_LONGEST = 40  # characters of a licence's name; beyond it is the text
_NAMES = {
    "Apache License": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
_NONE = "not declared"


class Package(NamedTuple):
    """One package, its licence as declared, and whether jagraph itself asks for it."""

    name: str
    license: str
    is_direct: bool


def installed() -> list[Package]:
    """Return the packages that jagraph needs to run, as far as they are installed here."""
    direct = {_folded(requirement.name) for requirement in _needed(distribution("jagraph"))}
    found: dict[str, Package] = {}
    waiting = sorted(direct)
    while waiting:
        name = waiting.pop()
        if name not in found:
            known = distribution(name)
            found[name] = Package(name, declared(known), name in direct)
            waiting += [_folded(requirement.name) for requirement in _needed(known)]
    return [found[name] for name in sorted(found)]


def declared(known: Distribution) -> str:
    """Return the licence ``known`` declares: its expression, else its name, else its classifier."""
    metadata = known.metadata
    expression = metadata.get("License-Expression")
    if expression:
        return expression
    named = metadata.get("License") or ""
    if named and len(named) <= _LONGEST and "(" not in named and "\n" not in named:
        return _NAMES.get(named, named)
    kinds = [
        kind.rpartition(" :: ")[2]
        for kind in metadata.get_all("Classifier") or []
        if kind.startswith("License :: OSI Approved :: ")
    ]
    return " OR ".join(_NAMES.get(kind, kind) for kind in kinds) or _NONE


def is_allowed(package: Package) -> bool:
    """Tell whether nothing in the licence, or one of two to choose from, needs a reason."""
    choices = package.license.split(" OR ")
    return any(set(re.split(r" AND ", choice)) <= ALLOWED for choice in choices)


def document() -> str:
    """Return the text of docs/dependencies.md for what is installed."""
    rows = [
        f"| {package.name} | {package.license} | {'jagraph' if package.is_direct else 'another'} |"
        for package in installed()
    ]
    reasons = [f"- **{name}**: {reason}." for name, reason in sorted(EXCEPTIONS.items())]
    return "\n".join(
        [
            "# Dependencies",
            "",
            (
                "What jagraph needs to run, with the licence each package declares. `uv.lock` has "
                "their versions and the hashes of their files: `uv sync --locked` installs just "
                "these. `make audit` asks for known vulnerabilities of what is locked."
            ),
            "",
            (
                "Written by `make lock`; a test compares it with what is installed, and fails for "
                "a licence that is neither on its list nor explained here."
            ),
            "",
            "| package | licence | needed by |",
            "|---|---|---|",
            *rows,
            "",
            "## Explained",
            "",
            *reasons,
            "",
        ]
    )


def _needed(known: Distribution) -> list[Requirement]:
    """Return what ``known`` asks for here, without its extras."""
    asked = [Requirement(text) for text in known.requires or []]
    return [one for one in asked if one.marker is None or one.marker.evaluate({"extra": ""})]


def _folded(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")
