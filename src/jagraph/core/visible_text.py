"""Characters that act on a terminal or are not seen, shown as what they are.

An escape sequence rewrites what stands on a terminal, a bidirectional control turns a line round,
a character without a shape hides in a name. Tabs and line ends (``\\n``, ``\\r\\n``) stay.
Own table, since ``unicodedata`` does not know what has no shape (Default_Ignorable_Code_Point).
"""

from __future__ import annotations

TYPE_CHECKING = False  # typing is more to load than all else here
if TYPE_CHECKING:
    from re import Match, Pattern

_UNSEEN = (
    "["
    "\x00-\x08\x0b\x0c\x0e-\x1f"  # C0 but for tab and the ends of lines
    "\x7f-\x9f"  # DEL and C1
    "\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f"  # of no width, of lines, of direction
    "\u3164\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\ud800-\udfff"  # half of a pair
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e00ff"  # tags; the selectors after them choose the form of a kanji
    "]|\r(?!\n)"
)


# those that Python takes for printable; it takes none of the others for that
_PRINTABLE = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u3164\uffa0"


def unseen(text: str) -> str:
    """Return the first character of ``text`` that acts or is not seen, "" when there is none."""
    match = None if _is_plain(text) else _pattern().search(text)
    return match[0] if match else ""


def visible(text: str) -> str:
    r"""Return ``text`` with what acts or is not seen written as ``\x1b`` or ``\u202e``.

    Beyond the first 128 characters these are the escapes of JSON, a pair of them for one above
    U+FFFF: JSON that was made visible has the same values.
    """
    return text if _is_plain(text) else _pattern().sub(_escaped, text)


def _is_plain(text: str) -> bool:
    """Tell whether all of ``text`` is seen, as most is; no regular expression need be loaded."""
    shown = text.replace("\n", "").replace("\t", "").isprintable()
    return shown and (text.isascii() or not any(map(text.__contains__, _PRINTABLE)))


def _pattern() -> Pattern[str]:
    import re

    return re.compile(_UNSEEN)  # which Python keeps


def _escaped(match: Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:  # in JSON such a character is an escape already
        return f"\\x{code:02x}"
    if code > 0xFFFF:
        above = code - 0x10000
        return f"\\u{0xD800 + (above >> 10):04x}\\u{0xDC00 + (above & 0x3FF):04x}"
    return f"\\u{code:04x}"
