"""What inputs are made odd with: texts nobody expects, and damages to bytes, YAML and JSON.

Everything comes from the ``Random`` that is given, so that a seed makes the same input again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import yaml

TEXTS = (
    *("", " ", "0", "-1", "7b", "true", "null", "~", "nan", "inf", "1e309", "0x10", "2025-99-99"),
    *("9" * 5000, "a" * 3000, "あ" * 700, "日本語", "é", "e\u0301", "İß", "０１", "\U0001f600"),
    *("\x00", "\x07", "\x1b[31mred", "a\nb", "a\r\nb", "\t", "\x0b", "\x85", "\u2028", "\u202e"),
    *("\ufeff", "\ufffe", "\u00a0", "\u200b", "'", '"', "`", "\\", "%s%n", "%00", "{0}", "${HOME}"),
    *(
        "<b>&amp;",
        "</script>",
        "*a",
        "&a",
        "!!python/object:os",
        "|",
        ">",
        "- ",
        ": ",
        "#",
        "@",
        "%",
    ),
    *(
        "[",
        "]",
        "{",
        "}",
        "[]",
        "{}",
        "(" * 300,
        "[" * 3000,
        "--",
        "-",
        "-o",
        "--help",
        "=",
        "*",
        "?",
    ),
    *(
        "../../x",
        "/etc/passwd",
        "/dev/null",
        ".",
        "..",
        "file:///x",
        "https://",
        "http://[::1",
        "urn:x",
    ),
    *(
        "https://example.org/a b",
        "//evil.example",
        "ume",
        "ume-7b",
        "Ume",
        "mountain",
        "model/ume-7b",
    ),
    *("unknown", "yes", "no", "allow", "block", "ask", "llama-2", "jag:Model", "en", "ja"),
)
# texts that no encoding of Unicode holds
BROKEN = ("\ud800", "x\udfffy", "\udce9", "\udc80abc")
_ENCODINGS = ("utf-16", "utf-16-le", "utf-32", "utf-8-sig", "shift_jis", "latin-1", "utf-7")
_SIGNS = b"\x00\x09\x0a\x0d\x1b :-[]{},\"'#&*!|>%@`\\\x7f\x80\xc3\xe3\xff"


def text(chance: Random, *, broken: bool = False) -> str:
    """Return an odd text; with ``broken`` it may be no Unicode."""
    one = chance.choice(TEXTS + BROKEN if broken else TEXTS)
    return one + chance.choice(TEXTS) if chance.random() < 0.15 else one


def misspelt(chance: Random, word: str) -> str:
    """Return ``word`` with one mistake of the kind that hands make."""
    if not word:
        return "x"
    at = chance.randrange(len(word))
    changes = (
        word[:at] + word[at + 1 :],
        word[:at] + word[at] + word[at:],
        word[:at] + word[at:][:2][::-1] + word[at + 2 :],
        word[:at] + chance.choice("aeinst-_ ") + word[at + 1 :],
        word.swapcase(),
        word + "s",
        word.replace("-", "_"),
        f" {word}",
    )
    return chance.choice(changes)


def damaged(chance: Random, content: bytes) -> bytes:
    """Return ``content`` with one to three damages to its bytes."""
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        content = chance.choice(_DAMAGES)(chance, content)
    return content


def flipped(chance: Random, content: bytes) -> bytes:
    """Return ``content`` with one byte changed."""
    if not content:
        return content
    at = chance.randrange(len(content))
    other = chance.choice((content[at] ^ 1 << chance.randrange(8), chance.choice(_SIGNS)))
    return content[:at] + bytes([other]) + content[at + 1 :]


def _cut(chance: Random, content: bytes) -> bytes:
    return content[: chance.randrange(len(content) + 1)]


def _taken_out(chance: Random, content: bytes) -> bytes:
    at = chance.randrange(len(content) + 1)
    return content[:at] + content[at + chance.randrange(1, 30) :]


def _put_in(chance: Random, content: bytes) -> bytes:
    at = chance.randrange(len(content) + 1)
    what = chance.choice((bytes([chance.choice(_SIGNS)]), text(chance).encode()))
    return content[:at] + what + content[at:]


def _repeated(chance: Random, content: bytes) -> bytes:
    at = chance.randrange(len(content) + 1)
    part = content[at : at + chance.randrange(1, 60)]
    return content[:at] + part * chance.choice((2, 3, 40)) + content[at:]


def _other_lines(chance: Random, content: bytes) -> bytes:
    lines = content.split(b"\n")
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    change = chance.randrange(4)
    if change == 0:
        lines[one], lines[other] = lines[other], lines[one]
    elif change == 1:
        lines.insert(other, lines[one])
    elif change == 2:
        lines[one] = b" " * chance.randrange(1, 5) + lines[one]
    else:
        lines[one] = lines[one].lstrip()
    return b"\n".join(lines)


def _other_ends(chance: Random, content: bytes) -> bytes:
    return content.replace(b"\n", chance.choice((b"\r\n", b"\r", b"\n\n", b"", b"\x85")))


def _encoded(chance: Random, content: bytes) -> bytes:
    return content.decode(errors="replace").encode(chance.choice(_ENCODINGS), errors="replace")


def _huge(chance: Random, content: bytes) -> bytes:
    at = chance.randrange(len(content) + 1)
    return content[:at] + b"x" * chance.choice((70_000, 1_100_000)) + content[at:]


_DAMAGES: tuple[Callable[[Random, bytes], bytes], ...] = (
    *(flipped,) * 12,
    *(_put_in,) * 10,
    *(_taken_out, _repeated, _other_lines) * 4,
    *(_cut, _other_ends) * 2,
    _encoded,
    _huge,
)


def yaml_changed(chance: Random, source: str) -> str:
    """Return the YAML ``source`` with one or two of its nodes changed, still YAML."""
    root = yaml.compose(source, Loader=yaml.CBaseLoader)
    for _ in range(chance.choice((1, 1, 2))):
        nodes = list(_nodes(root))
        node = chance.choice(nodes)
        if isinstance(node, yaml.MappingNode) and node.value:
            _change_mapping(chance, node, nodes)
        elif isinstance(node, yaml.SequenceNode):
            node.value = _changed_list(chance, node.value)
        else:
            chosen = chance.choice([one for one in nodes if isinstance(one, yaml.ScalarNode)])
            chosen.value = text(chance)
    written: str = yaml.serialize(root, Dumper=yaml.CDumper, allow_unicode=True, width=10**6)
    return written


def _nodes(root: yaml.Node) -> Iterator[yaml.Node]:
    seen: set[int] = set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        yield node
        if isinstance(node, yaml.SequenceNode):
            waiting += node.value
        elif isinstance(node, yaml.MappingNode):
            waiting += [part for pair in node.value for part in pair]


def _change_mapping(chance: Random, node: yaml.MappingNode, nodes: list[yaml.Node]) -> None:
    at = chance.randrange(len(node.value))
    key, value = node.value[at]
    mappings = [one for one in nodes if isinstance(one, yaml.MappingNode)]
    change = chance.randrange(9)
    if change == 0:
        node.value[at] = (_scalar(misspelt(chance, str(key.value))), value)
    elif change == 1:
        node.value.insert(
            at, (_scalar(str(key.value)), chance.choice((value, _scalar(text(chance)))))
        )
    elif change == 2:
        other = chance.choice(mappings)
        del node.value[at]
        other.value.append((key, value))
    elif change == 3:
        node.value[at] = (key, yaml.SequenceNode(_SEQ, [value, _scalar(text(chance))]))
    elif change == 4:
        node.value[at] = (key, yaml.MappingNode(_MAP, [(_scalar(text(chance)), value)]))
    elif change == 5:
        node.value[at] = (key, _nested(chance, value))
    elif change == 6:
        node.value[at] = (key, _scalar(text(chance)))
    elif change == 7:
        node.value[at] = (
            key,
            chance.choice((yaml.SequenceNode(_SEQ, []), yaml.MappingNode(_MAP, []))),
        )
    else:
        node.value.append((_scalar(text(chance)), _scalar(text(chance))))


def _changed_list(chance: Random, items: list[yaml.Node]) -> list[yaml.Node]:
    if not items:
        return [_scalar(text(chance))]
    one = chance.choice(items)
    return chance.choice(
        (
            [*items, one],
            [*items, _scalar(text(chance))],
            [*items, yaml.SequenceNode(_SEQ, [_scalar("a")])],
            [yaml.SequenceNode(_SEQ, items)],
            items[1:],
            items * 3,
        )
    )


def _nested(chance: Random, value: yaml.Node) -> yaml.Node:
    for _ in range(chance.choice((1, 5, 40, 300))):
        value = yaml.SequenceNode(_SEQ, [value])
    return value


_SEQ, _MAP, _STR = (f"tag:yaml.org,2002:{kind}" for kind in ("seq", "map", "str"))


def _scalar(value: str) -> yaml.ScalarNode:
    return yaml.ScalarNode(_STR, value)


def value(chance: Random) -> Any:
    """Return an odd value of JSON."""
    made: tuple[Any, ...] = (
        *(None, True, False, 0, -5, 3.5, 1e300, 10**30, float("nan"), [], {}, [[]], [None], [5]),
        *({"a": 1}, ["x", 5], {"id": "ume/ume-7b"}, [{"name": "ume"}]),
        text(chance, broken=True),
        text(chance),
        text(chance),
        [text(chance), text(chance)],
    )
    return chance.choice(made)


def json_changed(chance: Random, given: Any) -> Any:
    """Return a value of JSON with one of its parts changed."""
    if isinstance(given, dict) and given and chance.random() < 0.85:
        key = chance.choice(list(given))
        rest = {name: one for name, one in given.items() if name != key}
        change = chance.randrange(8)
        if change == 0:
            return rest
        if change == 1:
            return rest | {misspelt(chance, key): given[key]}
        if change == 2:
            return {**given, text(chance): value(chance)}
        if change == 3:
            return given | {key: value(chance)}
        if change == 4:
            return given | {key: [given[key]]}
        return given | {key: json_changed(chance, given[key])}
    if isinstance(given, list) and given and chance.random() < 0.7:
        at = chance.randrange(len(given))
        return [*given[:at], json_changed(chance, given[at]), *given[at + 1 :]]
    return value(chance)


def json_doubled(chance: Random, given: Any) -> str:
    """Return ``given`` as JSON in which one object has a key twice."""
    doubled = dict.fromkeys(f'"{key}": ' for key in _keys(given))
    written = json.dumps(given)
    if not doubled:
        return written
    key = chance.choice(list(doubled))
    return written.replace(key, f"{key}{json.dumps(value(chance))}, {key}", 1)


def _keys(given: Any) -> Iterator[str]:
    if isinstance(given, dict):
        for key, inner in given.items():
            if key.isascii() and key.isidentifier():
                yield key
            yield from _keys(inner)
    elif isinstance(given, list):
        for inner in given:
            yield from _keys(inner)
