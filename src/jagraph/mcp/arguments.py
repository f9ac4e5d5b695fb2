"""The arguments of a call, checked by jsonschema against the schema that the tool publishes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.exceptions import best_match

from jagraph.core.errors import RequestError, suggestion

Schema = dict[str, Any]
_WRITTEN = {"string": "text", "integer": "a whole number", "object": "an object"}


def check(tool: str, arguments: Mapping[str, Any], schema: Schema) -> None:
    """Raise RequestError, which names the argument, for one that ``schema`` does not allow."""
    wrong = best_match(Draft202012Validator(schema).iter_errors(arguments))
    if wrong is not None:
        what, remedy = _said(tool, wrong)
        otherwise = f"see the input schema of {tool}"
        raise RequestError("bad-argument", what, remedy=remedy or otherwise)


def whole_numbers(value: Any) -> Any:
    """Return ``value`` with 5.0 as 5: in JSON Schema both are integers."""
    if isinstance(value, dict):
        return {name: whole_numbers(inner) for name, inner in value.items()}
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _said(tool: str, wrong: ValidationError) -> tuple[str, str]:
    """Return what is wrong with an argument, and what to do about it, where more can be said."""
    name = ".".join(map(str, wrong.absolute_path))
    rules = cast("Schema", wrong.schema)
    rule, value = str(wrong.validator), cast("Any", wrong.instance)
    allowed = rules[rule]
    match rule:
        case "required":
            missing = next(one for one in allowed if one not in value)
            return f"{tool} needs {missing!r}", ""
        case "additionalProperties":
            names = list(rules["properties"])
            unknown = next(one for one in value if one not in names)
            what = f"{name or tool} has no argument {unknown!r}; it has: {', '.join(names)}"
            return what, suggestion(unknown, names, "")
        case "type":
            types = [allowed] if isinstance(allowed, str) else allowed
            remedy = "write it as " + " or as ".join(_WRITTEN[one] for one in types)
            return f"{name!r} is of type {' or '.join(types)}, not {value!r}", remedy
        case "enum":
            near = suggestion(str(value), allowed, "one of: " + ", ".join(filter(None, allowed)))
            return f"{name!r} cannot be {value!r}", near
        case "minimum" | "maximum":
            low, high = rules["minimum"], rules["maximum"]
            return f"{name!r} is from {low} to {high}, not {value}", ""
    return f"{name!r}: {wrong.message}", ""
