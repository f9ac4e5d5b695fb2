"""The list of all error codes, read from the code, the shapes and the checks.

A code is the argument for a parameter or field that is called ``code``: of an error class, of a
finding, of a function that makes one.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from jagraph.core import errors
from jagraph.core.messages import catalogue
from jagraph.store.base import EmbeddedStore
from jagraph.web.replies import status_of

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src/jagraph"
_ERRORS = {
    name: thing
    for name, thing in vars(errors).items()
    if isinstance(thing, type) and issubclass(thing, errors.JagraphError)
}
# What carries a code until an error or a finding is made of it, and the exit code of that.
_CARRIERS = {"Issue": 1, "Fault": 1, "Genre": 1, "_Refusal": 2}
_OTHER_CODES = {"Versions"}  # whose field ``code`` is the version of the code
_INTERNAL = 500
_SHAPES = """
PREFIX sh: <http://www.w3.org/ns/shacl#>
SELECT ?shape ?path (SAMPLE(?said) AS ?message)
WHERE { ?shape sh:message ?said OPTIONAL { ?shape sh:path ?path } }
GROUP BY ?shape ?path
"""
_TEXTS = ("what", "message", "error")
_REMEDIES = ("remedy", "manual")
_PLACE = re.compile(r"\{\w+\}")
_PRINTED = re.compile(r"error\[([a-z-]+)\]: ?")


@dataclass
class Code:
    """One code: the exit codes it ends with, the HTTP status, what it says and what helps."""

    exits: set[int] = field(default_factory=set)
    statuses: set[int] = field(default_factory=set)
    texts: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class _Maker:
    """A class or function with a parameter ``code``, and the names of its parameters in order."""

    parameters: tuple[str, ...]
    exit_code: int | None


def codes() -> dict[str, Code]:
    """Return every code that the source can give; raises ValueError for one it cannot tell."""
    modules = {
        path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(SOURCE.rglob("*.py"))
    }
    classes = _classes(modules)
    listed: defaultdict[str, Code] = defaultdict(Code)
    for path, module in modules.items():
        seen = _seen(path, module, classes)
        makers = seen | _functions(module, seen)
        for function, call in _calls(module):
            maker = _maker(call, makers, function)
            if maker is None or "code" not in (given := _given(call, maker)):
                continue
            scopes = (function, module)
            texts = (_first(given, _TEXTS, scopes), _first(given, _REMEDIES, scopes))
            for name in _values(given["code"], function, module, f"{path}:{call.lineno}"):
                code = listed[name]
                if maker.exit_code is not None:
                    code.exits.add(maker.exit_code)
                    if (status := _status(name, maker.exit_code)) != _INTERNAL:
                        code.statuses.add(status)
                elif "status" in given and isinstance(given["status"], ast.Constant):
                    code.statuses.add(int(str(given["status"].value)))
                if texts not in code.texts:
                    code.texts.append(texts)
        for name, exit_code, texts in _printed(module):
            listed[name].exits.add(exit_code)
            listed[name].texts.append(texts)
    return dict(listed)


def _status(code: str, exit_code: int) -> int:
    """Return the HTTP status by which a server tells an error."""
    wrong = next(error for error in _ERRORS.values() if error.exit_code == exit_code)
    return status_of(wrong(code, ""))


def shapes() -> dict[str, str]:
    """Return the code of each property shape for records, with its message."""
    store = ox.Store()
    text = (ROOT / "ontology/shapes.ttl").read_text(encoding="utf-8")
    store.load(text.encode(), format=ox.RdfFormat.TURTLE)
    listed = {}
    for row in EmbeddedStore(store).select(_SHAPES).dicts():
        name = row["shape"].rpartition("#")[2] if row["path"] else "misplaced-key"
        listed[name] = row["message"]
    return listed


def checks() -> dict[str, tuple[str, str]]:
    """Return the code of each check between records: what it looks for, and its help."""
    return {path.stem: _check(path) for path in sorted((ROOT / "queries/checks").glob("*.rq"))}


def lists() -> str:
    """Return the tables of all codes, as docs/errors.md has them."""
    elsewhere = {"misplaced-key"}
    errors_ = [_row(name, code) for name, code in sorted(codes().items()) if name not in elsewhere]
    found = [f"| `{name}` | {cell(text)} |" for name, text in sorted(shapes().items())]
    between = [
        f"| `{name}` | {cell(text)} | {cell(remedy)} |" for name, (text, remedy) in checks().items()
    ]
    return "\n".join(
        [
            "",
            "## Errors",
            "",
            "| code | exit code | HTTP | what it says | what to do |",
            "|---|---|---|---|---|",
            *errors_,
            "",
            "## Findings of the shapes",
            "",
            "`jagraph validate` reports them with the position in the record; exit code 1.",
            "The code is the key that is wrong. The shapes stand in `ontology/shapes.ttl`.",
            "",
            "| code | what it says |",
            "|---|---|",
            *found,
            "",
            "## Findings of the checks",
            "",
            "`jagraph validate` reports them, too; exit code 1.",
            "A check is a query in `queries/checks/`, and its file name is the code.",
            "",
            "| code | what it looks for | what to do |",
            "|---|---|---|",
            *between,
            "",
        ]
    )


def _classes(modules: dict[Path, ast.Module]) -> dict[str, _Maker]:
    """Return the error classes, also those derived from them, and the carriers of codes.

    They are called as they are imported, with their module.
    """
    nodes = {
        f"{_dotted(path)}.{node.name}": node
        for path, module in modules.items()
        for node in ast.walk(module)
        if isinstance(node, ast.ClassDef)
    }
    found = {}
    parents = {node.name: [_name(base) for base in node.bases] for node in nodes.values()}
    for origin, node in nodes.items():
        fields = tuple(
            line.target.id
            for line in node.body
            if isinstance(line, ast.AnnAssign) and isinstance(line.target, ast.Name)
        )
        kind = next((a for a in _ancestors(node.name, parents) if a in _ERRORS), None)
        if "code" in fields and node.name not in _OTHER_CODES:
            found[origin] = _Maker(fields, _CARRIERS[node.name])
        elif kind is not None:
            own = [int(ast.unparse(value)) for value in _assigned("exit_code", node)]
            found[origin] = _Maker(("code", "what"), next(iter(own), _ERRORS[kind].exit_code))
    return found


def _ancestors(name: str, parents: dict[str, list[str]]) -> list[str]:
    return [name, *(a for parent in parents.get(name, []) for a in _ancestors(parent, parents))]


def _seen(path: Path, module: ast.Module, classes: dict[str, _Maker]) -> dict[str, _Maker]:
    """Return those of ``classes`` that ``module`` defines or imports, by the name it has there."""
    names = {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(module)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    names |= {
        node.name: f"{_dotted(path)}.{node.name}"
        for node in ast.walk(module)
        if isinstance(node, ast.ClassDef)
    }
    return {name: classes[origin] for name, origin in names.items() if origin in classes}


def _dotted(path: Path) -> str:
    return ".".join(path.relative_to(SOURCE.parent).with_suffix("").parts)


def _functions(module: ast.Module, classes: dict[str, _Maker]) -> dict[str, _Maker]:
    """Return the functions of ``module`` with a parameter ``code`` that end as an error."""
    found: dict[str, _Maker] = {}
    functions = [
        node
        for node in ast.walk(module)
        if isinstance(node, ast.FunctionDef)
        and any(
            a.arg == "code" and isinstance(a.annotation, ast.Name) and a.annotation.id == "str"
            for a in (*node.args.args, *node.args.kwonlyargs)
        )
        and node.name != "__init__"
    ]
    for _ in functions:  # one may call another
        for node in functions:
            names = tuple(a.arg for a in (*node.args.args, *node.args.kwonlyargs))
            inner = [
                maker.exit_code
                for call in ast.walk(node)
                if isinstance(call, ast.Call)
                and (maker := (classes | found).get(_name(call.func))) is not None
            ]
            # one with a status answers over HTTP and ends no process
            exit_code = None if "status" in names else next(iter(inner), None)
            found[node.name] = _Maker(tuple(n for n in names if n != "self"), exit_code)
    return found


def _calls(module: ast.Module) -> Iterator[tuple[ast.AST, ast.Call]]:
    """Yield each call with the innermost function it stands in, or the module."""

    def within(node: ast.AST, function: ast.AST) -> Iterator[tuple[ast.AST, ast.Call]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Call):
                yield function, child
            inner = child if isinstance(child, ast.FunctionDef) else function
            yield from within(child, inner)

    return within(module, module)


def _maker(call: ast.Call, makers: dict[str, _Maker], function: ast.AST) -> _Maker | None:
    name = _name(call.func)
    if name in makers:
        return makers[name]
    for value in _assigned(name, function):  # theirs = RequestError if … else DataError
        if isinstance(value, ast.IfExp) and _name(value.body) in _ERRORS:
            return makers[_name(value.body)]
    return None


def _given(call: ast.Call, maker: _Maker) -> dict[str, ast.expr]:
    positional = dict(zip(maker.parameters, call.args, strict=False))
    return positional | {word.arg: word.value for word in call.keywords if word.arg}


def _values(node: ast.expr, function: ast.AST, module: ast.Module, place: str) -> list[str]:
    """Return the texts ``node`` can be; none where it hands on what was made elsewhere."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.IfExp():
            ends = (node.body, node.orelse)
            return [text for end in ends for text in _values(end, function, module, place)]
        case ast.Name(id=name):
            if name == "code" and isinstance(function, ast.FunctionDef):
                return []
            values = [*_assigned(name, function), *_assigned(name, module)]
            if values:
                return [t for value in values for t in _values(value, function, module, place)]
        case ast.Attribute() | ast.Call() | ast.Subscript():
            return []
    raise ValueError(f"{place}: the code cannot be told: {ast.unparse(node)}")


def _assigned(name: str, scope: ast.AST) -> list[ast.expr]:
    """Return what ``name`` is set to in a function, or at the top of a module."""
    lines = scope.body if isinstance(scope, ast.Module | ast.ClassDef) else ast.walk(scope)
    return [
        node.value
        for node in lines
        if isinstance(node, ast.Assign)
        and any(isinstance(target, ast.Name) and target.id == name for target in node.targets)
    ]


def _first(given: dict[str, ast.expr], names: Iterable[str], scopes: Sequence[ast.AST]) -> str:
    return next((_text(given[name], scopes) for name in names if name in given), "")


def _text(node: ast.expr, scopes: Sequence[ast.AST]) -> str:
    """Return ``node`` as a sentence, with … for what is known only when it runs."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr():
            return "".join(_text(part, scopes) for part in node.values)
        case ast.BinOp(op=ast.Add()):
            return _text(node.left, scopes) + _text(node.right, scopes)
        case ast.IfExp():
            ends = [_text(node.body, scopes), _text(node.orelse, scopes)]
            return " / ".join(end for end in ends if end.strip("…"))
        case ast.Call(func=ast.Name(id="Message"), args=[ast.Constant(value=str(key))]):
            return _PLACE.sub("…", catalogue("en")[key])
        case ast.Name(id=name):
            values = next(filter(None, (_assigned(name, scope) for scope in scopes)), [])
            return " / ".join(dict.fromkeys(_text(value, scopes) for value in values)) or "…"
    return "…"


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _printed(module: ast.Module) -> Iterator[tuple[str, int, tuple[str, str]]]:
    """Yield the codes that the command line prints itself, in text with ``error[…]``."""
    for node in ast.walk(module):
        match node:
            case ast.Return(value=ast.Tuple(elts=[said, ast.Constant(value=int(exit_code))])):
                text = _text(said, (node, module))
                if found := _PRINTED.match(text):
                    what, _, remedy = text[found.end() :].partition("\n  help: ")
                    yield found[1], exit_code, (what, remedy)


def _check(path: Path) -> tuple[str, str]:
    text = path.read_text(encoding="utf-8")
    said = " ".join(line[1:].strip() for line in text.splitlines() if line.startswith("#"))
    helps = re.findall(r'"([^"]+)"\s+AS \?help', text)
    return said, " / ".join(dict.fromkeys(helps))


def _row(name: str, code: Code) -> str:
    texts = [(what, remedy) for what, remedy in code.texts if (what + remedy).strip("… /")]
    whats = "<br>".join(dict.fromkeys(cell(what) for what, _ in texts if what.strip("…")))
    remedies = "<br>".join(dict.fromkeys(cell(r) for _, r in texts if r.strip("…")))
    numbers = [", ".join(map(str, sorted(n))) for n in (code.exits, code.statuses)]
    return f"| `{name}` | {numbers[0]} | {numbers[1]} | {whats} | {remedies} |"


def cell(text: str) -> str:
    """Return ``text`` as a cell of a table in Markdown."""
    return re.sub(r"([|<>*_\[\]])", r"\\\1", " ".join(text.split()))
