"""All frameworks whose tables can be filled."""

from django.http import HttpResponse

from materiality.disclosure import china, esrs, gri, hkex
from materiality.disclosure.cells import Framework
from materiality.disclosure.files import FORMATS
from materiality.disclosure.material import sources_of
from materiality.exports.chapter.material import Material
from scoping.downloads import a_file
from scoping.models import Assessment

MAKERS = {"gri": gri.framework, "hkex": hkex.framework, "esrs": esrs.framework, "sse-szse": china.framework}


def disclosures_of(assessment: Assessment, material: Material, *, only: str = "") -> list[Framework]:
    """Every framework, or `only` that one, filled from a decided result where `material` has one."""
    sources = sources_of(assessment, material)
    return [make(sources) for slug, make in MAKERS.items() if only in ("", slug)]


def framework_file(assessment: Assessment, material: Material, *, format: str, only: str = "") -> HttpResponse:
    """The same as a file."""
    content_type, write = FORMATS[format]
    content = write(disclosures_of(assessment, material, only=only), material)
    return a_file(content, content_type, f"{assessment.slug}-disclosures{only and f'-{only}'}.{format}")
