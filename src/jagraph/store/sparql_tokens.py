"""Reads SPARQL by its tokens: columns, a VALUES block, a dataset, a SERVICE, form, prefixes.

A tokeniser tells strings, IRIs and comments apart, so that a brace or the word VALUES inside one of
them is never taken for syntax (SPARQL 1.1, section 19.8, productions 139 to 164).
Own code, since a parser, such as rdflib's, loses how the text was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise, takewhile
from typing import NamedTuple

_TOKEN = re.compile(
    r"""
      (?P<comment>\#[^\n\r]*)
    | (?P<string>'''(?:[^'\\]|\\.|'(?!''))*''' | \"\"\"(?:[^"\\]|\\.|"(?!""))*\"\"\"
        | '(?:[^'\\\n\r]|\\.)*' | "(?:[^"\\\n\r]|\\.)*")
    | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
    | (?P<variable>[?$]\w+)
    | (?P<word>[\w:](?:[\w:.\-%]|\\.)*)
    | (?P<other>\S)
    """,
    re.VERBOSE | re.DOTALL,
)

_LINE_END = re.compile(r"\r\n?|\n")
_AFTER_SELECT = ("WHERE", "FROM")
_FORMS = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
_UPDATES = frozenset(
    {"ADD", "CLEAR", "COPY", "CREATE", "DELETE", "DROP", "INSERT", "LOAD", "MOVE", "WITH"}
)
_OPENING, _CLOSING, _SIGNS = "({[", ")}]", "!+-^"
_OPERATORS = "!*+-/<=>?^|&.;"
_CLAUSES = frozenset(
    {"BIND", "EXISTS", "FILTER", "GRAPH", "MINUS", "OPTIONAL", "SELECT", "UNION", "VALUES"}
)


class Place(NamedTuple):
    """Where something stands in a query; both count from 1."""

    line: int
    column: int


@dataclass(frozen=True)
class Token:
    """One token: what it is, its text, and where it begins and ends."""

    kind: str
    text: str
    start: int
    end: int


def lines(text: str) -> list[str]:
    """Return the lines of a query; other characters that Python ends lines at are within them."""
    pieces = _LINE_END.split(text)
    return pieces if pieces[-1] else pieces[:-1]


def tokens(query: str) -> Iterator[Token]:
    """Yield the tokens of ``query`` without white space and comments."""
    for match in _TOKEN.finditer(query):
        if match.lastgroup != "comment":
            yield Token(match.lastgroup or "other", match[0], match.start(), match.end())


def values_block(query: str, variable: str) -> tuple[int, int] | None:
    """Return where the contents of ``VALUES ?variable { … }`` begin and end, or None."""
    all_tokens = list(tokens(query))
    for index in range(len(all_tokens) - 2):
        keyword, name, brace = all_tokens[index : index + 3]
        if (
            keyword.kind == "word"
            and keyword.text.upper() == "VALUES"
            and name.kind == "variable"
            and name.text[1:] == variable
            and brace.text == "{"
        ):
            for token in all_tokens[index + 3 :]:
                if token.kind == "other" and token.text == "}":
                    return brace.end, token.start
    return None


def bind(query: str, variable: str, term: str) -> str:
    """Return ``query`` with ``term``, a serialised RDF term, in place of the default value.

    Raises ValueError when the query has no VALUES block for ``variable``.
    """
    block = values_block(query, variable)
    if block is None:
        raise ValueError(f"no VALUES ?{variable} {{ … }}")
    start, end = block
    return f"{query[:start]} {term} {query[end:]}"


def projection(query: str) -> tuple[str, ...] | None:
    """Return the variables of the outer SELECT in their order; None for other forms.

    ``SELECT *`` names none.
    """
    variables: list[str] = []
    selecting = False
    depth = 0
    before = ""
    for token in tokens(query):
        word = token.text.upper()
        if not selecting:
            selecting = token.kind == "word" and word == "SELECT"
            if token.text == "{":
                return None
            continue
        if depth == 0 and (token.text == "{" or (token.kind == "word" and word in _AFTER_SELECT)):
            return tuple(variables)
        depth += (token.text == "(") - (token.text == ")")
        if token.kind == "variable" and (depth == 0 or (depth == 1 and before == "AS")):
            variables.append(token.text[1:])
        before = word
    return tuple(variables) if selecting else None


def has_dataset(query: str) -> bool:
    """Tell whether ``query`` names its own dataset with FROM (a keyword outside all braces)."""
    depth = 0
    for token in tokens(query):
        if token.kind == "other":
            depth += {"{": 1, "}": -1}.get(token.text, 0)
        elif token.kind == "word" and depth == 0 and token.text.upper() == "FROM":
            return True
    return False


def may_use_service(query: str) -> bool:
    """Tell whether ``query`` uses SERVICE, or could: where it can be read two ways, yes."""
    return service(query) is not None


def service(query: str) -> Place | None:
    """Return where ``query`` uses SERVICE, or could, None where it does not.

    ``?a<?b)SERVICE#>`` is one IRI to a tokeniser and a comparison to the engine's parser; only an
    IRI that begins as a URL does, or has none of the characters that end an expression, a string or
    a comment, is an IRI to both. The parser also reads ``1SERVICE`` and ``SERVICEex:a`` as two
    words. Escapes such as ``\\u0053`` are read first (section 19.2).
    """
    for reading in _readings(query):
        if "SERVICE" not in reading.upper():
            continue
        for token in tokens(reading):
            if (token.kind == "word" and "SERVICE" in token.text.partition(":")[0].upper()) or (
                _is_iri_or_not(token) and set(token.text) & set(")'#")
            ):
                return _place(reading, token)
    return None


def update(query: str) -> Place | None:
    """Return where ``query`` says that it changes a graph (LOAD, INSERT, …), None when it asks."""
    for reading in _readings(query):
        for token in tokens(reading):
            word = token.text.upper() if token.kind == "word" else ""
            if word in _UPDATES:
                return _place(reading, token)
            if word in _FORMS:
                break
    return None


def deeper_than(most: int, query: str) -> Place | None:
    """Return where more than ``most`` brackets and signs stand within one another, else None.

    Where ``query`` can be read two ways, all that opens in what may be an IRI counts, and nothing
    that closes.
    """
    if sum(map(query.count, _OPENING + _SIGNS + "\\")) <= most:
        return None
    for reading in _readings(query):
        depth = signs = 0
        for token in tokens(reading):
            signs = signs + 1 if token.text in _SIGNS else 0
            if _is_iri_or_not(token):
                depth += sum(map(token.text.count, _OPENING))
            elif token.kind == "other":
                depth = max(0, depth + (token.text in _OPENING) - (token.text in _CLOSING))
            if depth + signs > most:
                return _place(reading, token)
    return None


def longer_than(most: int, query: str) -> Place | None:
    """Return where ``query`` has had ``most`` operators and clauses, None when it has no more."""
    upper = query.upper()
    if sum(map(upper.count, (*_OPERATORS, *_CLAUSES, "\\"))) <= most:
        return None
    for reading in _readings(query):
        count = 0
        for token in tokens(reading):
            if token.kind == "word":
                count += token.text.upper() in _CLAUSES
            elif token.kind == "other":
                count += token.text in _OPERATORS
            elif _is_iri_or_not(token):
                count += sum(map(token.text.count, _OPERATORS))
            if count > most:
                return _place(reading, token)
    return None


def _readings(query: str) -> tuple[str, ...]:
    """Return ``query`` as it stands and, where that is another, with its escapes read first."""
    unescaped = _ESCAPE.sub(lambda match: chr(int(match[1] or match[2], 16)), query)
    return (query,) if unescaped == query else (query, unescaped)


def _is_iri_or_not(token: Token) -> bool:
    """Tell whether ``token`` is an IRI that an engine's parser may read as a comparison."""
    return token.kind == "iri" and not _URL.match(token.text)


def _place(query: str, token: Token) -> Place:
    before = query[: token.start]
    return Place(before.count("\n") + 1, token.start - before.rfind("\n"))


def valued_before_path(query: str) -> str:
    """Return the variable of a VALUES block that a path which may be empty begins at, "" for none.

    That is ``?x`` in ``VALUES ?x { … } ?x jag:inFamily? ?y``; ``+`` is never empty.
    """
    all_tokens = list(tokens(query))
    valued = {
        name.text
        for keyword, name in pairwise(all_tokens)
        if keyword.text.upper() == "VALUES" and name.kind == "variable"
    }
    for index, token in enumerate(all_tokens):
        if token.text in valued:
            path = list(takewhile(_in_path, all_tokens[index + 1 :]))
            if path and path[0].text not in "*?/|" and any(part.text in "*?" for part in path):
                return token.text
    return ""


def _in_path(token: Token) -> bool:
    """Tell whether ``token`` may be a part of a property path (SPARQL 1.1, section 9.1)."""
    return token.kind in ("word", "iri") or token.text in set("^/|()!*?+")


def query_form(query: str) -> str:
    """Return "SELECT", "ASK", "CONSTRUCT" or "DESCRIBE"; "" when ``query`` is none of them."""
    words = (token.text.upper() for token in tokens(query) if token.kind == "word")
    return next((word for word in words if word in _FORMS), "")


def with_prefixes(query: str, prefixes: Mapping[str, str]) -> str:
    """Return ``query`` with a PREFIX line for each of ``prefixes`` it uses and does not declare."""
    words = [token.text for token in tokens(query) if token.kind == "word"]
    declared = {
        name.removesuffix(":")
        for keyword, name in pairwise(words)
        if keyword.upper() == "PREFIX" and name.endswith(":")
    }
    used = {word.partition(":")[0] for word in words if ":" in word} - declared
    lines = [f"PREFIX {name}: <{prefixes[name]}>\n" for name in sorted(used & prefixes.keys())]
    return "".join(lines) + query


_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U(000[0-9A-Fa-f]{5}|0010[0-9A-Fa-f]{4})")
_URL = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*://")
