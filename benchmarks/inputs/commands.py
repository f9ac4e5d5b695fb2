"""Commands: each ends with a code of the contract, and a target is written whole or stays."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import NamedTuple

import click
from benchmarks.inputs import odd, records
from benchmarks.inputs.judging import Check, LossError
from benchmarks.inputs.process import STREAMS, told

from jagraph.cli.verbs import cli

_ROOT = Path(__file__).parents[2]
_DATA = _ROOT / "tests/tiny/data"
_VERBS = tuple(cli.list_commands(click.Context(cli)))
_PROJECT = "."  # the folder that a command is run in
# other files of that folder
_PLAIN, _PIPE, _LINK, _LOOP = "plain.txt", "pipe", "link.txt", "loop"
_OLD = b"what was there before\n"
_PATHS = (
    *(
        _PLAIN,
        "folder",
        _PIPE,
        "missing",
        _LINK,
        _LOOP,
        "no/such/folder/x.svg",
        "new.svg",
        "new.csv",
    ),
    *("/dev/null", "/dev/full", "/dev/stdout", "/proc/self/mem", "x" * 300, "\udce9.svg", _PROJECT),
    *("policy.yaml", "mine", "dump.jsonl", "", "-"),
)
_WORDS = {
    "query": ("descendants", "largest", "license-overview", "nothing", "--base", "mountain"),
    "sparql": ("SELECT * { ?a ?b ?c } LIMIT 3", "ASK { ?a ?b ?c }", "-", "x.rq", "SELECT", _PLAIN),
    "chart": ("licenses", "sections", "timeline"),
    "new": ("models", "datasets", "licenses", "ume", "fresh"),
    "check": ("ume-7b", "Ume"),
    "import-hub": ("dump.jsonl", _PLAIN, _PIPE),
    "load": (),
}
_IDS = ("ume", "ume-7b", "Ume-7b-chat", "mountain", "closed", "sakura-lab", "matsu", "exam")
_PORT = "PORT"  # stands for one that is taken


class Command(NamedTuple):
    """The words of a command, its stdin and other streams, and a record to put in the project."""

    words: tuple[str, ...]
    stdin: bytes
    streams: str
    record: records.Record | None


def make(chance: Random) -> Command:
    """Return a verb with options as click declares them, most of the values odd."""
    verb = chance.choice(_VERBS)
    words = [verb]
    parameters = _parameters(verb)
    for one in parameters:
        if isinstance(one, click.Argument):
            many = one.nargs == -1
            for _ in range(chance.choice((0, 1, 2)) if many or not one.required else 1):
                words.append(_value(chance, verb, one))
        elif chance.random() < 3 / len(parameters) or one.required:
            words.append(chance.choice(one.opts))
            if not (isinstance(one, click.Option) and one.is_flag):
                words.append(_value(chance, verb, one))
    if chance.random() < 0.1:
        words.insert(
            chance.randrange(len(words) + 1), odd.text(chance, broken=True).replace("\0", "")
        )
    if chance.random() < 0.7 and "--project" not in words:
        words += ["--project", _PROJECT]
    if verb == "serve":  # it ends because the port is taken
        words += ["--host", "127.0.0.1", "--port", _PORT]
    stdin = chance.choice(
        (b"", b"SELECT * { ?a ?b ?c } LIMIT 1", odd.text(chance).encode(), b"\xff")
    )
    streams = chance.choice(STREAMS) if chance.random() < 0.25 else STREAMS[0]
    record = records.make(chance) if chance.random() < 0.15 else None
    return Command(tuple(word.replace("\0", "") for word in words), stdin, streams, record)


@cache
def _parameters(verb: str) -> tuple[click.Parameter, ...]:
    command = cli.get_command(click.Context(cli), verb)
    return tuple(command.params) if command else ()


def _value(chance: Random, verb: str, one: click.Parameter) -> str:
    if isinstance(one.type, click.Choice) and chance.random() < 0.8:
        return str(chance.choice(one.type.choices))
    if one.name == "endpoint":
        return chance.choice(("http://127.0.0.1:1/", "file:///x", "x", "http://[::1"))
    if one.name == "form" and chance.random() < 0.7:
        return chance.choice((one.metavar or "json").split("|"))
    if one.name in ("directory", "imported", "target", "checked") and chance.random() < 0.5:
        return _PROJECT
    if isinstance(one.type, click.Path) or one.name in ("policy_file", "output"):
        return chance.choice(_PATHS)
    known = _WORDS.get(verb, _IDS) or _IDS
    if chance.random() < 0.5:
        return chance.choice(known)
    return chance.choice(
        (odd.text(chance, broken=True), chance.choice(_IDS), chance.choice(_PATHS))
    )


@contextmanager
def opened(folder: Path) -> Iterator[Check]:
    """Give what runs a command in a folder with a project and files of every sort."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        yield lambda given: _ran(given, folder / "here", port)


def _ran(given: Command, folder: Path, port: str) -> None:
    _fill(folder)
    if given.record:
        path = folder / "data" / given.record.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(given.record.content)
    words = [word.replace(_PORT, port) for word in given.words]
    if given.streams == "no folder":  # else it would be the shipped project, which is large
        words[1:1] = ["--project", str(folder)]
    try:
        done = told(words, folder, given.stdin, given.streams)
        target = folder / _PLAIN
        asked = _target(words)
        if asked in (_PLAIN, _LINK):
            kept = target.read_bytes()
            if done.code in (2, 3, 130) and kept != _OLD:
                raise LossError(f"{words} failed, and {asked} is not what it was: {kept[:80]!r}")
            if done.code == 0 and f"wrote {asked}" in done.err and kept in (_OLD, b""):
                raise LossError(f"{words} says that it wrote {asked}")
        if half := [path.name for path in folder.iterdir() if path.name.startswith(".jagraph")]:
            raise LossError(f"{words} left {half}")
        if given.streams == "full" and done.code == 0:
            _fill(folder)
            if said := told(words, folder, given.stdin).out:
                raise LossError(f"{words} lost {len(said)} bytes on a full disk, exit code 0")
    finally:
        shutil.rmtree(folder)


def _fill(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
    shutil.copytree(_DATA, folder / "data")
    (folder / "ontology").symlink_to(_ROOT / "ontology")  # by which a project is known
    (folder / _PLAIN).write_bytes(_OLD)
    (folder / "folder").mkdir()
    (folder / "mine").mkdir()
    os.mkfifo(folder / _PIPE)
    (folder / _LINK).symlink_to(_PLAIN)
    (folder / _LOOP).symlink_to(_LOOP)
    (folder / "policy.yaml").write_text("use: ship\nunknown: block\n")
    (folder / "dump.jsonl").write_text('{"id": "ume/ume-7b"}\n')


def _target(words: list[str]) -> str:
    found = [after for word, after in pairwise(words) if word in ("-o", "--output")]
    return found[-1] if found else ""
