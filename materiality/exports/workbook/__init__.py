"""The tables of a result as an Excel workbook: a sheet per table, numbers as numbers, formatted for reading and print.

Text cells are written as text, so nothing in them is taken for a formula; the time in the file is that of the result,
so the same result gives the same bytes.
"""

import io
from collections.abc import Mapping
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from materiality.exports.cleaning import clean
from materiality.exports.workbook.sheets import (
    choices,
    computed_at,
    groups,
    method,
    notes,
    ranking,
    stakeholders,
    tiers,
)
from materiality.exports.workbook.writer import HEAT, Writer

__all__ = ["HEAT", "workbook_xlsx"]


def workbook_xlsx(results: Mapping[str, Any]) -> bytes:
    # Results of earlier versions do not keep their choices in words.
    about = (method, choices, notes) if results.get("choices") else (method, notes)
    sheets = [make(results) for make in (ranking, groups, tiers, stakeholders, *about)]
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties(
            {
                "title": clean(results["title"])[:255],
                "company": clean(results["company_name"]),
                "author": clean(results["company_name"]),
                "comments": _("Made with Salient"),
                "created": computed_at(results),
            }
        )
        writer = Writer(book, results)
        for sheet in sheets:
            writer.write(sheet)
    return file.getvalue()
