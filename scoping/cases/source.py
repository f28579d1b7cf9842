"""Where in a TOML text a table or a key stands, so that a mistake in it can be named by its line.

Reads headers and keys only; the values are tomllib's. Knows nothing of what a case file holds.
"""

import re

Place = tuple[str, int, str]  # table, which of its [[...]] entries (from 0), key ("" for the header itself)

_HEADER = re.compile(r"^\s*\[(\[)?\s*([^\[\]#]+?)\s*\]")
_KEY = re.compile(r"""^\s*("[^"]*"|'[^']*'|[A-Za-z0-9_-]+)\s*[.=]""")
_LONG_QUOTES = ('"' * 3, "'" * 3)


class LineIndex:
    """The lines of the headers and keys of one TOML text, counted from 1."""

    def __init__(self, text: str) -> None:
        self._lines: dict[Place, int] = {}
        self._entries: dict[str, int] = {}
        self._read(text)

    def of(self, table: str, entry: int = 0, key: str = "") -> int:
        """The line of a key; of its table's header when the key is not there; else line 1."""
        return self._lines.get((table, entry, key)) or self._lines.get((table, entry, "")) or 1

    def _read(self, text: str) -> None:
        table, entry = "", 0
        closing = ""  # the quotes that end the multi-line string we are in; what looks like a key there is none
        for number, line in enumerate(text.split("\n"), start=1):
            if closing:
                if closing in line:
                    closing = ""
                continue
            if header := _HEADER.match(line):
                table, entry = self._open(header[2], is_entry=bool(header[1]), line=number)
            elif key := _KEY.match(line):
                self._lines.setdefault((table, entry, key[1].strip("\"'")), number)
            # An odd number of opening quotes leaves a string open at the end of the line.
            closing = next((quotes for quotes in _LONG_QUOTES if line.count(quotes) % 2), "")

    def _open(self, name: str, *, is_entry: bool, line: int) -> tuple[str, int]:
        parent, _, key = name.rpartition(".")
        if is_entry:
            entry = self._entries[name] = self._entries.get(name, -1) + 1
        else:
            entry = self._entries.get(parent, 0)
        # [issues.published] is both a table of its own and the key `published` of the latest [[issues]].
        self._lines.setdefault((parent, self._entries.get(parent, 0), key), line)
        self._lines.setdefault((name, entry, ""), line)
        return name, entry
