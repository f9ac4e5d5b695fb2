"""Finds the folders jagraph works on."""

from __future__ import annotations

import os

from jagraph.core.errors import OutsideError
from jagraph.core.file_listing import alike, below, inside
from jagraph.core.frozen import frozen
from jagraph.core.project_root import nearest

TYPE_CHECKING = False  # typing is more to load than all else here
if TYPE_CHECKING:
    from pathlib import Path

_PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_PACKAGED = os.path.join(_PACKAGE, "_project")
_CHECKOUT = os.path.dirname(os.path.dirname(_PACKAGE))


@frozen
class Folders:
    """The folders of one graph, as text: a question asked at the command line needs no paths."""

    root: str
    data: str
    ontology: str
    queries: str
    policies: str

    @property
    def rules(self) -> str:
        """The folder of the rules."""
        return os.path.join(self.ontology, "rules")

    @property
    def context(self) -> str:
        """The file of the JSON-LD context."""
        return os.path.join(self.ontology, "context.jsonld")

    @property
    def vocabulary(self) -> str:
        """The file of the OWL ontology."""
        return os.path.join(self.ontology, "jagraph.ttl")


@frozen
class Project:
    """The folders of one graph: records, ontology (with rules) and saved queries."""

    folders: Folders

    @property
    def root(self) -> Path:
        """The folder that holds the others, where they are its own."""
        return _path(self.folders.root)

    @property
    def data(self) -> Path:
        """The folder of the records."""
        return _path(self.folders.data)

    @property
    def ontology(self) -> Path:
        """The folder of the ontology."""
        return _path(self.folders.ontology)

    @property
    def queries(self) -> Path:
        """The folder of the saved queries."""
        return _path(self.folders.queries)

    @property
    def policies(self) -> Path:
        """The folder of the policies."""
        return _path(self.folders.policies)

    @property
    def context(self) -> Path:
        """The JSON-LD context, the only mapping from keys to properties."""
        return _path(self.folders.context)

    @property
    def shapes(self) -> Path:
        """The SHACL shapes."""
        return self.ontology / "shapes.ttl"

    @property
    def hub_shapes(self) -> Path:
        """The SHACL shapes of imported metadata."""
        return self.ontology / "hub-shapes.ttl"

    @property
    def vocabulary(self) -> Path:
        """The OWL ontology."""
        return _path(self.folders.vocabulary)

    @property
    def packaged(self) -> bool:
        """Whether this is the project that comes with jagraph, installed for reading."""
        return self.folders.root == _PACKAGED

    def records(self) -> list[Path]:
        """Return the files of all records, sorted by path.

        Raises OutsideError for a folder that cannot be read.
        """
        try:
            return sorted(
                _path(file.path)
                for folder in below(self.folders.data)
                for file in inside(folder, ".yaml")
            )
        except OSError as reason:
            raise _unlisted(reason) from reason

    def rules(self) -> list[Path]:
        """Return the rules in the order in which they run; raises OutsideError without any."""
        return _queries(self.ontology / "rules", "no-rules", "without rules nothing is derived")

    def checks(self) -> list[Path]:
        """Return the queries that say what must hold between nodes.

        Raises OutsideError without any.
        """
        return _queries(self.queries / "checks", "no-checks", "without them nothing is checked")

    def unread(self) -> list[Path]:
        """Return the files that look like records or rules and are not read, sorted.

        Raises OutsideError for a folder that cannot be read.
        """
        rules = self.ontology / "rules"
        return [
            *_others(self.data, (".yaml", ".yml"), self.records()),
            *_others(rules, (".rq",), self.rules()),
        ]

    def unread_checks(self) -> list[Path]:
        """Return the files that look like checks and are not read, sorted."""
        return _others(self.queries / "checks", (".rq",), self.checks())

    def relative(self, path: Path) -> Path:
        """Return ``path`` as seen from the project's root, for messages."""
        return path.relative_to(self.root) if path.is_relative_to(self.root) else path


def find_project(directory: str | Path | None = None) -> Project:
    """Return the project in ``directory``, else around the working directory, else the shipped one.

    A project needs a folder ``data``; where it has no ``ontology`` or ``queries`` of its own, the
    shipped ones serve. Raises OutsideError when ``directory`` is not a project.
    """
    shipped = _PACKAGED if os.path.isdir(_PACKAGED) else _CHECKOUT
    if directory is not None:
        root = os.path.realpath(directory)  # resolve() of a loop of links is no OSError
        if not os.path.isdir(os.path.join(root, "data")):
            raise OutsideError(
                "no-project",
                f"{directory} has no folder 'data'",
                remedy="give --project the folder that holds data/ (and, if it has its own, "
                "ontology/ and queries/)",
            )
    else:
        root = nearest(os.getcwd()) or shipped
        if not os.path.isdir(os.path.join(root, "data")):
            root = shipped
    return Project(
        Folders(
            root=root,
            data=os.path.join(root, "data"),
            ontology=_own_or(root, shipped, "ontology"),
            queries=_own_or(root, shipped, "queries"),
            policies=_own_or(root, shipped, "policies"),
        )
    )


def _queries(folder: Path, code: str, why: str) -> list[Path]:
    try:
        files = sorted(_path(file.path) for file in inside(str(folder), ".rq"))
    except OSError as reason:
        raise _lacking(folder, code, f"cannot be read: {reason.strerror}", why) from reason
    if not files:
        raise _lacking(folder, code, "has no query (.rq)", why)
    return files


def _lacking(folder: Path, code: str, what: str, why: str) -> OutsideError:
    remedy = f"restore it from the repository: {why}"
    return OutsideError(code, f"the folder {what}", where=str(folder), remedy=remedy)


def _others(folder: Path, endings: tuple[str, ...], read: list[Path]) -> list[Path]:
    """Return what looks like one of the files that are ``read`` in ``folder`` and is none."""
    try:
        return sorted({_path(entry.path) for entry in alike(str(folder), endings)} - {*read})
    except OSError as reason:
        raise _unlisted(reason) from reason


def _unlisted(reason: OSError) -> OutsideError:
    return OutsideError(
        "unreadable-folder",
        f"the folder cannot be read: {reason.strerror}",
        where=str(reason.filename),
        remedy="mend or remove it: what is in it cannot be left out without a word",
    )


def _own_or(root: str, shipped: str, name: str) -> str:
    own = os.path.join(root, name)
    return own if os.path.isdir(own) else os.path.join(shipped, name)


def _path(place: str) -> Path:
    from pathlib import Path

    return Path(place)
