"""The page of disclosure tables, and their files."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.requests import MemberRequest
from materiality.disclosure.files import disclosures_docx, disclosures_xlsx
from materiality.disclosure.frameworks import MAKERS, disclosures_of
from materiality.exports import OFFICE
from materiality.exports.chapter.material import material_of
from materiality.review.selectors import decided_results
from materiality.selectors import current_run
from scoping.views.base import find_assessment

FILES = {
    "xlsx": (f"{OFFICE}.spreadsheetml.sheet", disclosures_xlsx),
    "docx": (f"{OFFICE}.wordprocessingml.document", disclosures_docx),
}


@require_GET
def disclosures(request: MemberRequest, slug: str) -> HttpResponse:
    """One framework, chosen by ?framework=; the first else."""
    assessment = find_assessment(request, slug)
    run = current_run(organisation=request.organisation, assessment=assessment)
    material = material_of(assessment, decided_results(run) if run else None)
    frameworks = disclosures_of(assessment, material)
    wanted = request.GET.get("framework", "")
    context = {
        "assessment": assessment,
        "run": run,
        "frameworks": frameworks,
        "framework": next((one for one in frameworks if one.slug == wanted), frameworks[0]),
    }
    return render(request, "materiality/disclosure/disclosures.html", context)


@require_GET
def disclosures_file(request: MemberRequest, slug: str, format: str) -> HttpResponse:
    """All frameworks as one file; with ?framework= only that one."""
    assessment = find_assessment(request, slug)
    run = current_run(organisation=request.organisation, assessment=assessment)
    material = material_of(assessment, decided_results(run) if run else None)
    wanted = request.GET.get("framework", "")
    frameworks = [one for one in disclosures_of(assessment, material) if wanted not in MAKERS or one.slug == wanted]
    content_type, write = FILES[format]
    response = HttpResponse(write(frameworks, material), content_type=content_type)
    name = f"{assessment.slug}-disclosures{f'-{wanted}' if wanted in MAKERS else ''}.{format}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response
