"""The catalogue: what each saved query asks, takes and answers, read from its one file.

A saved query is a SPARQL file that runs as it stands. Its header (``queries/README.md``) has the
words in three languages; a parameter's default is the term in its VALUES block, where UNDEF means
that it may be left out; the columns are those of the SELECT line, explained in ``columns.yaml``.
What several queries say alike of a parameter stands once, in ``parameters.yaml``.
"""

from __future__ import annotations

import marshal
import os

from jagraph.core.bounded_reader import FaultyError, read_text
from jagraph.core.disk_memo import QUERY, recall, remember
from jagraph.core.errors import DataError, JagraphError, OutsideError, RequestError, suggestion
from jagraph.core.file_listing import inside
from jagraph.core.frozen import cached_property, frozen
from jagraph.core.messages import Message
from jagraph.core.namespaces import PREFIXES
from jagraph.records.record_types import KINDS, is_id

TYPE_CHECKING = False  # typing is more to load than all else here
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from jagraph.core.positioned_yaml import Part
    from jagraph.core.project import Project

    Words = Mapping[str, str]
else:
    Words = dict

_FROM_HEADER = (
    *("titles", "descriptions", "tags", "featured", "own_columns", "example"),
    *("selected", "admissible"),
)
_CONCEPT = "concept:"
_VALUES = ("number", "choice")
_QUERY = ".rq"
_CHECKS = "checks"
_SHARED = "parameters.yaml"
_WORDS = ("columns.yaml", "tags.yaml", _SHARED)
_HEADER = (
    "title",
    "description",
    "tags",
    "featured",
    "parameters",
    "columns",
    "example",
)
_ALIKE = ("kind", "help", "choices", "pick")
_PARAMETER = (*_ALIKE, "variable")


@frozen
class Parameter:
    """One parameter, bound in the VALUES block of ``variable``.

    ``place`` is where the contents of the block begin and end in the text of the query.
    ``kind`` is "number", "choice", "concept:SCHEME", or the namespaces of the ids it takes, joined
    by "|". ``choices`` are the values of a "choice" with their labels, ``pick`` the query that
    feeds its list of values where it is not every thing of its kind.
    """

    name: str
    kind: str
    variable: str
    default: str
    helps: Words
    choices: Mapping[str, Words]
    place: tuple[int, int]
    pick: str = ""

    @property
    def scheme(self) -> str:
        """The scheme of the concepts it takes, "" for another kind."""
        return self.kind.removeprefix(_CONCEPT) if self.kind.startswith(_CONCEPT) else ""

    @property
    def namespaces(self) -> tuple[str, ...]:
        """The namespaces of the things it takes, none for another kind."""
        if self.scheme or self.kind in _VALUES:
            return ()
        return tuple(self.kind.split("|"))

    @property
    def required(self) -> bool:
        """Whether it always has a value: the default where none is given."""
        return bool(self.default)

    @property
    def help(self) -> str:
        """What it is, in English."""
        return self.help_in("en")

    def help_in(self, language: str) -> str:
        """Return what it is in ``language``, in English where there is no other."""
        return _said(self.helps, language)


@frozen
class Column:
    """One column of the answer; it has no meanings where nobody wrote them down."""

    name: str
    meanings: Words

    def meaning_in(self, language: str) -> str:
        """Return what stands in it in ``language``, in English where there is no other."""
        return _said(self.meanings, language)


@frozen
class Glossary:
    """What is explained once for all queries: columns, tags and parameters, by files of folders."""

    folders: tuple[str, ...]

    @cached_property
    def columns(self) -> dict[str, Words]:
        """The meaning of the columns."""
        return self._read(_WORDS[0])

    @cached_property
    def tags(self) -> dict[str, Words]:
        """The names of the tags, in the order in which the gallery shows them."""
        return self._read(_WORDS[1])

    @cached_property
    def parameters(self) -> dict[str, dict[str, Part]]:
        """What the headers of queries need not say of their parameters, by name."""
        from pathlib import Path

        from jagraph.query.header import read_parts

        found: dict[str, dict[str, Part]] = {}
        for file in self._files(_SHARED):
            parts = read_parts(Path(file))
            found |= {name: part.fields(_ALIKE) for name, part in parts.items()}
        return found

    @property
    def parameter_text(self) -> str:
        """The files behind ``parameters``, as they stand."""
        return "".join(_text(file) for file in self._files(_SHARED))

    def _read(self, name: str) -> dict[str, Words]:
        from pathlib import Path

        from jagraph.query.header import read_parts

        found: dict[str, Words] = {}
        for file in self._files(name):
            found |= {key: part.words() for key, part in read_parts(Path(file)).items()}
        return found

    def _files(self, name: str) -> list[str]:
        found = (os.path.join(folder, name) for folder in self.folders)
        return [file for file in found if os.path.isfile(file)]


@frozen
class SavedQuery:
    """One saved query.

    ``featured`` is its place among those shown first; ``example`` has parameter values with which
    it has an answer; ``selected`` are the names of the columns; ``admissible`` tells whether an
    engine may see it.
    """

    name: str
    titles: Words
    descriptions: Words
    tags: tuple[str, ...]
    featured: int | None
    parameters: tuple[Parameter, ...]
    own_columns: Mapping[str, Words]
    example: Mapping[str, str]
    selected: tuple[str, ...]
    admissible: bool
    text: str
    file: str
    glossary: Glossary

    @property
    def path(self) -> Path:
        """The file it stands in."""
        return _path(self.file)

    @property
    def title(self) -> str:
        """The title in English."""
        return self.title_in("en")

    @property
    def description(self) -> str:
        """The description in English."""
        return self.description_in("en")

    def title_in(self, language: str) -> str:
        """Return the title in ``language``, in English where there is no other."""
        return _said(self.titles, language)

    def description_in(self, language: str) -> str:
        """Return the description in ``language``, in English where there is no other."""
        return _said(self.descriptions, language)

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns in the order of the SELECT line; none for ``SELECT *``."""
        explained = {**self.glossary.columns, **self.own_columns}
        return tuple(Column(name, explained.get(name, {})) for name in self.selected)


def catalogue(project: Project, extra: Sequence[Path] = ()) -> dict[str, SavedQuery]:
    """Read the saved queries of ``project`` and of the folders ``extra``, by name.

    Raises DataError for a header that cannot be read and for a name that stands in two folders.
    """
    glossary = glossary_of(project, extra)
    files = sorted(_files(glossary).items())
    return {name: _parsed(_text(file), file, glossary) for name, file in files}


def remember_all(project: Project) -> None:
    """Remember what the headers of all queries of ``project`` say, for ``find_query``.

    One that cannot be read is left for whoever asks for it.
    """
    from contextlib import suppress

    with suppress(JagraphError):
        _remember(project.folders.queries, catalogue(project).values())


def find_query(project: Project, name: str, extra: Sequence[Path] = ()) -> SavedQuery:
    """Return the saved query ``name``; raises RequestError with the nearest names.

    What its header says is remembered, so that the next process need not load a YAML reader.
    """
    glossary = glossary_of(project, extra)
    files = _files(glossary)
    if name not in files:
        raise RequestError(
            "unknown-query",
            Message("error-unknown-query", name=repr(name)),
            remedy=suggestion(
                name, sorted(files), Message("help-questions", questions="`jagraph query`")
            ),
        )
    file = files[name]
    text = _text(file)
    origin = text + glossary.parameter_text
    known = _recalled(os.path.dirname(file)).get(name)
    if known is not None:
        read, kept = marshal.loads(known)  # noqa: S302, our own cache
        if read == origin:
            return _revived(kept, text, file, glossary)
    saved = _parsed(text, file, glossary)
    _remember(os.path.dirname(file), [saved])
    return saved


def glossary_of(project: Project, extra: Sequence[Path] = ()) -> Glossary:
    """Return what ``project`` and the folders ``extra`` explain once for all queries."""
    return Glossary((project.folders.queries, *map(os.fspath, extra)))


def featured(queries: Mapping[str, SavedQuery]) -> list[SavedQuery]:
    """Return the queries shown first, in their order."""
    chosen = ((saved.featured, saved.name, saved) for saved in queries.values() if saved.featured)
    return [saved for _, _, saved in sorted(chosen, key=lambda item: item[:2])]


def _files(glossary: Glossary) -> dict[str, str]:
    found: dict[str, str] = {}
    for folder in glossary.folders:
        if not os.path.isdir(folder):
            raise OutsideError(
                "no-query-folder",
                f"there is no folder {folder}",
                remedy="give --queries a folder with .rq files",
            )
        _require_read(folder, glossary.folders)
        for entry in inside(folder, _QUERY):
            name = _stem(entry.name)
            if name in found:
                raise DataError(
                    "query-twice",
                    f"two files are the saved query {name!r}: {found[name]} and {entry.path}",
                    where=entry.path,
                    remedy="give one of them another name",
                )
            if not is_id(name):
                raise DataError(
                    "bad-query-name",
                    f"{name!r} is no name for a query",
                    where=entry.path,
                    remedy="small letters and digits, then also '-', '_' and '.'",
                )
            found[name] = entry.path
    return found


def _require_read(folder: str, read: Sequence[str]) -> None:
    """Raise DataError for a file in ``folder`` that is meant to be read and is not.

    That is ``x.RQ``, ``column.yml``, and a query in a folder below that is not among ``read``.
    """
    places = {os.path.realpath(place) for place in read}
    below = []
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        searched = entry.is_dir() and entry.name != _CHECKS
        if searched and os.path.realpath(entry.path) not in places:
            below += [os.path.join(entry.name, name) for name in sorted(os.listdir(entry.path))]
        below.append(entry.name)
    for file in below:
        place, name = os.path.split(file)
        stem, suffix = os.path.splitext(name)
        remedy = ""
        if suffix.lower() == _QUERY and (suffix != _QUERY or place):
            above = os.path.join(folder, place)
            remedy = f"give --queries {above}" if place else f"call it {stem}{_QUERY}"
        elif not place and suffix.lower() in (".yaml", ".yml") and name not in _WORDS:
            remedy = suggestion(f"{stem.lower()}.yaml", list(_WORDS), "", cutoff=0.8)
        if remedy:
            raise DataError(
                "unread-file",
                f"{file} is not read",
                where=os.path.join(folder, file),
                remedy=f"{remedy.rstrip('?')}, or take it out of the folder",
            )


def _recalled(folder: str) -> dict[str, bytes]:
    """Return what is remembered of the queries in ``folder``: text and header by name."""
    known = recall(QUERY, folder, "")
    return known if isinstance(known, dict) else {}


def _remember(folder: str, queries: Iterable[SavedQuery]) -> None:
    """Remember ``queries``, too; each by itself in bytes, since a question is about one of them."""
    read = {
        saved.name: marshal.dumps((saved.text + saved.glossary.parameter_text, _kept(saved)))
        for saved in queries
    }
    remember(QUERY, folder, "", _recalled(folder) | read)


def _kept(saved: SavedQuery) -> dict[str, Any]:
    """Return what ``saved`` has from its header, in plain values."""
    kept: dict[str, Any] = {name: getattr(saved, name) for name in _FROM_HEADER}
    return kept | {"parameters": [vars(parameter) for parameter in saved.parameters]}


def _revived(kept: dict[str, Any], text: str, file: str, glossary: Glossary) -> SavedQuery:
    parameters = tuple(Parameter(**parameter) for parameter in kept["parameters"])
    rest = {"name": _stem(file), "text": text, "file": file, "glossary": glossary}
    return SavedQuery(**kept | rest | {"parameters": parameters})


def _stem(file: str) -> str:
    return os.path.basename(file).removesuffix(_QUERY)


def _path(file: str) -> Path:
    from pathlib import Path

    return Path(file)


def _text(file: str) -> str:
    try:
        return read_text(file)
    except FaultyError as wrong:
        raise wrong.placed(_path(file)) from wrong
    except OSError as reason:
        raise OutsideError(
            "missing-file",
            f"the query cannot be read: {reason.strerror}",
            where=file,
            remedy="saved queries are plain files",
        ) from reason


def _parsed(text: str, file: str, glossary: Glossary) -> SavedQuery:
    from jagraph.query.header import read_header
    from jagraph.store.admission import admissible
    from jagraph.store.sparql_tokens import projection

    header = read_header(_path(file), text)
    head = header.fields(_HEADER)
    for key in ("title", "description"):
        if key not in head:
            raise header.wrong(f"the header has no {key}", f"write '#+ {key}: …'")
    names = projection(text)
    if names is None:
        raise header.wrong("a saved query is a SELECT query", "write SELECT ?one ?other { … }")
    parameters = tuple(
        _parameter(name, about, text, glossary.parameters.get(name, {}))
        for name, about in (head["parameters"].fields() if "parameters" in head else {}).items()
    )
    explained = head["columns"].fields(names) if "columns" in head else {}
    takes = [parameter.name for parameter in parameters]
    example = head["example"].fields(takes) if "example" in head else {}
    return SavedQuery(
        name=_stem(file),
        titles=head["title"].words(),
        descriptions=head["description"].words(),
        tags=head["tags"].texts() if "tags" in head else (),
        featured=_place(head["featured"]) if "featured" in head else None,
        parameters=parameters,
        own_columns={name: part.words() for name, part in explained.items()},
        example={name: part.text() for name, part in example.items()},
        selected=names,
        admissible=admissible(text),
        text=text,
        file=file,
        glossary=glossary,
    )


def _parameter(name: str, part: Part, text: str, shared: Mapping[str, Part]) -> Parameter:
    """Return the parameter ``name``; what its header leaves out is as ``shared`` says."""
    from jagraph.store.sparql_tokens import values_block

    about = {**shared, **part.fields(_PARAMETER)}
    for key in ("kind", "help"):
        if key not in about:
            raise part.wrong(f"the parameter {name!r} has no {key}", f"write {key}: …")
    variable = about["variable"].text() if "variable" in about else name
    block = values_block(text, variable)
    if block is None:
        raise part.wrong(
            f"the parameter {name!r} has no VALUES ?{variable} {{ … }} with a default",
            "add the block, or take the parameter out of the header",
        )
    kind = _kind(about["kind"])
    choices = _choices(about["choices"]) if "choices" in about else {}
    if (kind == "choice") != bool(choices):
        raise part.wrong("a parameter has choices when its kind is choice, and only then")
    return Parameter(
        name=name,
        kind=kind,
        variable=variable,
        default=_default(text[block[0] : block[1]].strip()),
        helps=about["help"].words(),
        choices=choices,
        place=block,
        pick=about["pick"].text() if "pick" in about else "",
    )


def _kind(part: Part) -> str:
    """Return what a parameter names; raises DataError for no kind of thing there is."""
    kind = part.text()
    if kind.startswith(_CONCEPT) and is_id(kind.removeprefix(_CONCEPT)):
        return kind
    namespaces = [*dict.fromkeys(kind.namespace for kind in KINDS), "model", "hub"]
    for name in kind.split("|"):
        if name not in (*namespaces, *_VALUES) or ("|" in kind and name in _VALUES):
            known = [*namespaces, *_VALUES, f"{_CONCEPT}SCHEME"]
            remedy = suggestion(name, known, "one of: " + ", ".join(known))
            raise part.wrong(f"a parameter's kind cannot be {name!r}", remedy)
    return kind


def _choices(part: Part) -> dict[str, Words]:
    return {value: label.words() for value, label in part.fields().items()}


def _place(part: Part) -> int:
    digits = part.text()
    if not digits.isdecimal() or int(digits) < 1:
        raise part.wrong("featured is a place: 1, 2, 3 …", "write a number, or leave it out")
    return int(digits)


def _default(term: str) -> str:
    for prefix, namespace in PREFIXES.items():
        if term.startswith(prefix + ":"):
            return term.removeprefix(prefix + ":")
        if term.startswith(f"<{namespace}"):
            return term.removeprefix(f"<{namespace}").removesuffix(">")
    return "" if term == "UNDEF" else term.strip('"')


def _said(words: Words, language: str) -> str:
    return words.get(language) or words.get("en", "")
