"""The page of disclosure tables, and their files."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.requests import MemberRequest
from materiality.disclosure.addresses import address_of
from materiality.disclosure.cells import DisclosureTable, Filled, Place, Row
from materiality.disclosure.frameworks import MAKERS, disclosures_of, framework_file
from materiality.exports.chapter.material import material_of
from materiality.review.selectors import decided_results
from materiality.selectors import current_run
from scoping.views.base import find_assessment


@require_GET
def disclosures(request: MemberRequest, slug: str) -> HttpResponse:
    """One framework, chosen by ?framework=; the first else."""
    assessment = find_assessment(request, slug)
    run = current_run(organisation=request.organisation, assessment=assessment)
    material = material_of(assessment, decided_results(run) if run else None)
    frameworks = disclosures_of(assessment, material)
    wanted = request.GET.get("framework", "")
    framework = next((one for one in frameworks if one.slug == wanted), frameworks[0])
    context = {
        "assessment": assessment,
        "run": run,
        "frameworks": frameworks,
        "framework": framework,
        "tables": [(table, _rows(request, slug, table)) for table in framework.tables],
    }
    return render(request, "materiality/disclosure/disclosures.html", context)


def _rows(request: MemberRequest, slug: str, table: DisclosureTable) -> list[tuple[Row, list[tuple[str, Filled, str]]]]:
    """Each row with its cells: the head of the column, the cell, and the address where what is missing is written,
    empty where there is none."""
    return [
        (
            row,
            [
                (column, cell, _address(request, slug, cell.place) if cell.place else "")
                for column, cell in zip(table.columns, row.cells, strict=True)
            ],
        )
        for row in table.rows
    ]


def _address(request: MemberRequest, slug: str, place: Place) -> str:
    may_edit = request.membership.may_edit
    return address_of(place, organisation=request.organisation.slug, assessment=slug, may_edit=may_edit)


@require_GET
def disclosures_file(request: MemberRequest, slug: str, format: str) -> HttpResponse:
    """All frameworks as one file; with ?framework= only that one."""
    assessment = find_assessment(request, slug)
    run = current_run(organisation=request.organisation, assessment=assessment)
    material = material_of(assessment, decided_results(run) if run else None)
    wanted = request.GET.get("framework", "")
    response = framework_file(assessment, material, format=format, only=wanted if wanted in MAKERS else "")
    response["Cache-Control"] = "private, no-store"
    return response
