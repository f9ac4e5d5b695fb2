"""Immutable classes of named fields for modules that every question loads.

They are as dataclasses with ``frozen=True``, for fields without options; the module ``dataclasses``
takes longer to load than Python takes to start.
"""

from __future__ import annotations

TYPE_CHECKING = False  # typing is more to load than all else here
if TYPE_CHECKING:
    from collections.abc import Callable
    from functools import cached_property as cached_property
    from typing import Any, NoReturn, TypeVar, dataclass_transform

    Class = TypeVar("Class", bound=type)
else:

    def dataclass_transform(**_: Any) -> Any:
        """Stand in for that of typing, which only type checkers need."""
        return lambda decorator: decorator

    class cached_property:  # noqa: N801, it stands in for that of functools
        """A property that is made when first asked for, and kept."""

        def __init__(self, make: Callable[[Any], Any]) -> None:
            self._make = make
            self.__doc__ = make.__doc__

        def __get__(self, instance: Any, owner: Any = None) -> Any:
            if instance is None:
                return self
            made = self._make(instance)
            instance.__dict__[self._make.__name__] = made
            return made


@dataclass_transform(frozen_default=True)
def frozen(cls: Class) -> Class:
    """Give ``cls`` the initialiser, comparison, hash and text of a frozen dataclass."""
    fields = tuple(cls.__annotations__)
    required = tuple(name for name in fields if name not in cls.__dict__)

    def init(self: Any, *values: Any, **named: Any) -> None:
        given = dict(zip(fields, values, strict=False))
        twice = given.keys() & named.keys()
        given.update(named)
        if len(values) > len(fields) or twice or not set(fields).issuperset(given):
            raise TypeError(f"{cls.__name__} takes {', '.join(fields)}, each once")
        if missing := [name for name in required if name not in given]:
            raise TypeError(f"{cls.__name__} needs {', '.join(missing)}")
        self.__dict__.update(given)

    def values(self: Any) -> tuple[Any, ...]:
        return tuple(getattr(self, name) for name in fields)

    def equals(self: Any, other: object) -> bool:
        return values(self) == values(other) if type(other) is type(self) else NotImplemented

    def shown(self: Any) -> str:
        pairs = zip(fields, values(self), strict=True)
        return f"{cls.__name__}({', '.join(f'{name}={value!r}' for name, value in pairs)})"

    def refuse(_: Any, name: str, *__: Any) -> NoReturn:
        raise AttributeError(f"{cls.__name__}.{name} does not change")

    methods = {
        "__init__": init,
        "__eq__": equals,
        "__hash__": lambda self: hash(values(self)),
        "__repr__": shown,
        "__setattr__": refuse,
        "__delattr__": refuse,
    }
    for name, method in methods.items():
        setattr(cls, name, method)
    return cls
