"""All frameworks whose tables can be filled."""

from materiality.disclosure import china, esrs, gri, hkex
from materiality.disclosure.cells import Framework
from materiality.disclosure.material import sources_of
from materiality.exports.chapter.material import Material
from scoping.models import Assessment

MAKERS = {"gri": gri.framework, "hkex": hkex.framework, "esrs": esrs.framework, "sse-szse": china.framework}


def disclosures_of(assessment: Assessment, material: Material) -> list[Framework]:
    """Every framework, filled from a decided result where `material` has one."""
    sources = sources_of(assessment, material)
    return [make(sources) for make in MAKERS.values()]
