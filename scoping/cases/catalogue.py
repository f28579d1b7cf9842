"""Where case files are found: by name beside this module, or by the path of any TOML file."""

import difflib
from functools import cache
from pathlib import Path

from scoping.cases.errors import CaseError, CaseNotFound, Problem
from scoping.cases.format import Case, parse_case

FOLDER = Path(__file__).parent
# A hundred times the largest report so far; what is bigger is not a case file.
LARGEST_FILE = 2_000_000


def case_names() -> list[str]:
    """The names that `find_case` knows."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def find_case(name: str) -> Case:
    """
    The case called `name`, such as "qifu-2022", or the case in the file at the path `name`.

    Raises
    ------
    CaseNotFound
        With the names there are.
    CaseError
        With file and line, where the file is there but wrong.
    """
    if name in case_names():
        return _read_once(name)
    if name.endswith(".toml") or "/" in name:
        return read_case(Path(name))
    known = case_names()
    near = difflib.get_close_matches(name, known, n=1)
    hint = f' Did you mean "{near[0]}"?' if near else ""
    raise CaseNotFound(
        f'There is no case "{name}".{hint} There are: {", ".join(known)}. A path that ends in .toml works as well.'
    )


@cache
def _read_once(name: str) -> Case:
    """A case of ours. Pages list all of them, and their files do not change while the product runs."""
    return read_case(FOLDER / f"{name}.toml")


def read_case(path: Path) -> Case:
    """The case in the file at `path`."""
    try:
        content = path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise CaseNotFound(f'The case file "{path}" cannot be read: {reason}. Check the path.') from error
    if len(content) > LARGEST_FILE:
        raise CaseNotFound(f'"{path}" has {len(content):,} bytes. A case file has at most {LARGEST_FILE:,}.')
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problem = Problem(line, f"byte {content[error.start]:#04x} is not UTF-8", "a file saved as UTF-8")
        raise CaseError(path.name, [problem]) from error
    return parse_case(text, file=path.name)
