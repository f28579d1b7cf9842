"""What is told of how one issue is managed: the same in the chapter and on the slides, each in its own columns."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from materiality.exports.chapter.material import Material
from materiality.exports.chapter.paper import Line
from scoping.selectors.sheets import SheetRow


@dataclass(frozen=True)
class Managed:
    """`practice` is what is done, what was answered to whom, and what shall get better; `goals` the numbers of the
    Sustainable Development Goals, empty without one."""

    meaning: list[Line]
    practice: list[Line]
    chapters: list[Line]
    goals: str


def managed(row: SheetRow, material: Material) -> Managed:
    cells = {cell.field: cell for cell in row.cells}

    def lines(field: str) -> list[Line]:
        cell = cells.get(field)
        return [Line(text) for text in (*cell.paragraphs, *cell.lines)] if cell else []

    responses = [
        Line(response, lead=_("To %(group)s:") % {"group": group})
        for group, response in material.responses.get(row.code, ())
    ]
    improvement = [Line(line.text, lead=_("Improvement:")) for line in lines("improvement")]
    goals = cells["sdgs"].goals if "sdgs" in cells else ()
    return Managed(
        meaning=lines("meaning"),
        practice=[*lines("practice"), *responses, *improvement],
        chapters=lines("chapters"),
        goals=pgettext("list of numbers", ", ").join(str(goal.number) for goal in goals),
    )
