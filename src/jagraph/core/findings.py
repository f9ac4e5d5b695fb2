"""Findings about the data, with their position, and the three ways they are printed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from jagraph.core.position import Position

Severity = Literal["error", "warning"]
FORMATS = ("table", "json", "github")


@dataclass(frozen=True, order=True)
class Issue:
    """One finding: where it is, which check found it, what is wrong and what to do."""

    position: Position
    code: str
    message: str
    remedy: str = ""
    severity: Severity = "error"

    def __str__(self) -> str:
        text = f"{self.severity}[{self.code}]: {self.message}\n  --> {self.position}"
        return f"{text}\n  help: {self.remedy}" if self.remedy else text


def render(issues: Iterable[Issue], form: str) -> str:
    """Return ``issues`` sorted by position, as ``table`` (for people), ``json`` or ``github``.

    ``github`` is the workflow-command syntax that annotates a pull request.
    """
    findings = sorted(set(issues))
    if form == "json":
        return json.dumps([_as_json(issue) for issue in findings], ensure_ascii=False, indent=2)
    return "\n".join(map(_as_annotation if form == "github" else str, findings))


def _as_json(issue: Issue) -> dict[str, object]:
    return {
        "severity": issue.severity,
        "code": issue.code,
        "file": issue.position.file.as_posix(),
        "line": issue.position.line,
        "column": issue.position.column,
        "message": issue.message,
        "help": issue.remedy,
    }


def _as_annotation(issue: Issue) -> str:
    def data(text: str) -> str:
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")

    def attribute(text: str) -> str:
        return data(text).replace(":", "%3A").replace(",", "%2C")

    place = issue.position
    text = f"{issue.message} ({issue.remedy})" if issue.remedy else issue.message
    return (
        f"::{issue.severity} file={attribute(place.file.as_posix())},line={place.line},"
        f"col={place.column},title={attribute(issue.code)}::{data(text)}"
    )
