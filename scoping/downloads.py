"""Answers that a browser or a program keeps as a file; for pages and the API alike."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from tables.writing import Table, csv_bytes, xlsx_bytes

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def a_file(content: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response


def table_file(table: Table, name: str, format: str) -> HttpResponse:
    """`table` as "csv" or "xlsx"; `name` without the ending."""
    if format == "xlsx":
        return a_file(xlsx_bytes([table], title=table.name), XLSX, f"{name}.xlsx")
    return a_file(csv_bytes(table), f"{CSV}; charset=utf-8", f"{name}.csv")
