"""What a page says, without its markup."""

from __future__ import annotations

import re
from html import unescape


def plain(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html)).split())
