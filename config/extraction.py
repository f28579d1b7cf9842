"""Every text that is marked for translation, found in templates and in Python.

Templates are parsed by Django itself, so that a text is found exactly as it is looked up when the page is made; Python
is parsed by `ast`. Neither needs GNU gettext.
"""

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from django.template import Engine, Template
from django.template.base import Lexer, Node, TokenType, Variable
from django.templatetags.i18n import BlockTranslateNode, TranslateNode
from django.utils.translation.template import constant_re

TEMPLATES = "templates"
TEMPLATE_ENDINGS = frozenset({".html", ".txt", ".svg"})
SKIPPED = frozenset({".venv", "var", "tests", "migrations", "benchmarks", "__pycache__"})

# Function -> where its arguments are: context, singular, plural.
FUNCTIONS: dict[str, tuple[int | None, int, int | None]] = {
    "_": (None, 0, None),
    **dict.fromkeys(("gettext", "gettext_lazy", "gettext_noop"), (None, 0, None)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (None, 0, 1)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), (0, 1, None)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), (0, 1, 2)),
}


class Message(NamedTuple):
    """What gettext looks up; `context` and `plural` are empty where there is none."""

    context: str
    text: str
    plural: str = ""


class UnreadableText(ValueError):
    """A text that is marked for translation and cannot be looked up: it is put together while the program runs."""


def marked_texts(root: Path) -> dict[Message, list[str]]:
    """The messages of the project and the files they stand in, in the order of files and places.

    Raises
    ------
    UnreadableText
        With the file and line.
    """
    found: defaultdict[Message, list[str]] = defaultdict(list)
    for path in _files(root):
        place = path.relative_to(root).as_posix()
        source = path.read_text(encoding="utf-8")
        for message in _in_python(source, place) if path.suffix == ".py" else in_template(source):
            if place not in found[message]:
                found[message].append(place)
    return dict(found)


def _files(root: Path) -> Iterator[Path]:
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        is_template = parts[0] == TEMPLATES and path.suffix in TEMPLATE_ENDINGS
        if path.is_file() and not SKIPPED.intersection(parts) and (is_template or path.suffix == ".py"):
            yield path


# --- templates --------------------------------------------------------------------------------------------
def in_template(source: str) -> list[Message]:
    """The messages of one template."""
    # Most templates have none, and parsing is the slow part.
    if "trans" not in source and "_(" not in source:
        return []
    template = Template(source, engine=Engine.get_default())
    found = [message for node in _nodes(template.nodelist) if (message := _of_node(node))]
    for token in Lexer(source).tokenize():
        if token.token_type in (TokenType.VAR, TokenType.BLOCK):
            found += [Message("", _doubled(text[1:-1])) for text in constant_re.findall(token.contents)]
    return found


def _nodes(nodes: Iterable[Node]) -> Iterator[Node]:
    for node in nodes:
        yield node
        for name in node.child_nodelists:
            yield from _nodes(getattr(node, name, None) or ())


def _of_node(node: Node) -> Message | None:
    if isinstance(node, TranslateNode):
        variable: Variable = node.filter_expression.var
        if isinstance(variable.literal, str):
            return Message(_context(node), _doubled(variable.literal))
    elif isinstance(node, BlockTranslateNode):
        singular, _ = node.render_token_list(node.singular)
        plural = node.render_token_list(node.plural)[0] if node.plural else ""
        return Message(_context(node), singular, plural)
    return None


def _context(node: TranslateNode | BlockTranslateNode) -> str:
    if node.message_context is None:
        return ""
    variable = node.message_context.var
    return str(variable.literal) if isinstance(variable, Variable) else str(variable)


def _doubled(text: str) -> str:
    """As Django looks a literal up, so that no per cent sign is taken for a placeholder."""
    return text.replace("%", "%%")


# --- Python -----------------------------------------------------------------------------------------------
def _in_python(source: str, place: str) -> list[Message]:
    if "gettext" not in source:
        return []
    found = []
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if name in FUNCTIONS and node.args and (message := _of_call(node, FUNCTIONS[name], place)):
            found.append((node.lineno, node.col_offset, message))
    return [message for _line, _column, message in sorted(found)]


def _of_call(call: ast.Call, places: tuple[int | None, int, int | None], place: str) -> Message | None:
    """None where a name is looked up: its texts are marked where they stand, by `gettext_noop`."""
    texts = []
    for argument in places:
        if argument is None:
            texts.append("")
            continue
        value = call.args[argument] if argument < len(call.args) else None
        if isinstance(value, ast.Name | ast.Attribute | ast.Call | ast.Subscript):
            return None
        if not (isinstance(value, ast.Constant) and isinstance(value.value, str)):
            raise UnreadableText(
                f"{place}, line {call.lineno}: only a text as it stands can be translated. Write it out, with "
                "placeholders like %(name)s."
            )
        texts.append(value.value)
    return Message(*texts)
