"""The questionnaire as each group will see it, to look at and to fill in for a test. Nothing is stored."""

from dataclasses import dataclass
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy, override
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods

from accounts.permissions import editors_only
from accounts.requests import MemberRequest
from scoping.models import StakeholderGroup
from scoping.views.base import address
from surveys.answers import InvalidAnswer, pack
from surveys.design import questionnaire_to_show
from surveys.keys import new_secret
from surveys.languages import interface_language, name_of
from surveys.links import AnswerLink, Invited
from surveys.models import Survey, SurveyState
from surveys.questions import Form
from surveys.respondent.languages import Tongue
from surveys.respondent.pages import form_page, returned_page, thanks_page
from surveys.respondent.posted import SOMEONE_ELSE, Posted
from surveys.respondent.visits import LANGUAGE, PERSONAL, PUBLIC, SeeOther, Visit
from surveys.views.base import find_assessment, survey_to_design

SENT = "sent"
WIDTHS = {"phone": gettext_lazy("On a phone"), "wide": gettext_lazy("On a computer")}


@require_GET
@csp_replace({"frame-src": [SELF]})  # type: ignore[arg-type]  # written for a plain request
def preview(request: MemberRequest, slug: str) -> HttpResponse:
    """The frame: which group, which language, how wide; and the form itself in it."""
    survey = survey_to_design(request, find_assessment(request, slug))
    shown = questionnaire_to_show(survey)
    groups = list(survey.assessment.groups.all())
    code = request.GET.get("group") or (groups[0].code if groups else "")
    group = next((one for one in groups if one.code == code), None)
    if code and group is None:
        raise Http404("There is no such group.")
    tags = shown.content.languages
    language = request.GET.get("language", "")
    language = language if language in tags else tags[0]
    width = request.GET.get("width", "")
    context: dict[str, Any] = {
        "assessment": survey.assessment,
        "is_draft": survey.state == SurveyState.DRAFT,
        "groups": groups,
        "group": group,
        "links_people": survey.links_people,
        "languages": [(tag, name_of(tag)) for tag in tags],
        "language": language,
        "widths": WIDTHS,
        "width": width if width in WIDTHS else "phone",
        "can_ask": bool(group and shown.items),
    }
    if group:
        place = address(request, slug, "surveys:preview-form", group=group.code)
        context["form_address"] = f"{place}?{urlencode({'lang': language})}"
    return render(request, "surveys/build/preview.html", context)


@csrf_exempt  # the respondent's form has no token of ours, and nothing is stored
@require_http_methods(["GET", "HEAD", "POST"])
@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})  # type: ignore[arg-type]  # as above
def preview_form(request: MemberRequest, slug: str, group: str) -> HttpResponse:
    """The respondent's own form, which validates what is sent and thanks, as the real one does."""
    survey = survey_to_design(request, find_assessment(request, slug))
    stakeholders = get_object_or_404(survey.assessment.groups.all(), code=group)
    if request.method == "POST":
        return _try(request, survey, stakeholders)
    visit = _visit(request, survey, stakeholders, request.GET.get("lang", ""))
    with override(visit.tongue.interface):
        if SENT in request.GET:
            return thanks_page(visit)
        return form_page(visit, Form(visit.link, visit.sheet, new_secret()))


@editors_only
def _try(request: MemberRequest, survey: Survey, group: StakeholderGroup) -> HttpResponse:
    """An answer for a test: read and checked as any other, and then forgotten."""
    visit = _visit(request, survey, group, request.POST.get(LANGUAGE, ""))
    posted = Posted.of(visit)
    if posted.action == SOMEONE_ELSE:
        return SeeOther(visit.address())
    with override(visit.tongue.interface):
        refused = ""
        if posted.ready:
            try:
                pack(visit.link.questionnaire, posted.answer)
                return SeeOther(f"{visit.address()}?{urlencode({SENT: '1', 'lang': visit.tongue.content})}")
            except InvalidAnswer as error:
                refused = error.message
        return returned_page(visit, posted, refused=refused)


@dataclass(frozen=True)
class PreviewVisit(Visit):
    """A visit that stays within the preview, and keeps nothing for later."""

    place: str = ""

    def address(self, what: str = "") -> str:
        return "" if what == "save" else self.place

    def render(self, template: str, more: dict[str, Any] | None = None, *, status: int = 200) -> HttpResponse:
        return super().render(template, {**(more or {}), "preview": True}, status=status)


def _visit(request: MemberRequest, survey: Survey, group: StakeholderGroup, language: str) -> PreviewVisit:
    assessment, shown = survey.assessment, questionnaire_to_show(survey)
    if not shown.items:
        raise Http404("There is nothing to ask yet: the short list is empty.")
    tags = shown.content.languages
    content = language if language in tags else tags[0]
    link = AnswerLink(
        token="preview",  # noqa: S106, leads nowhere
        group_id=group.pk,
        group=group.name,
        side=group.side,
        survey_id=survey.pk or 0,
        state=SurveyState.OPEN,
        closes_at=None,
        minimum_group=survey.minimum_group,
        title=survey.title,
        slug=assessment.slug,
        company=assessment.company,
        organisation_id=assessment.organisation_id,
        questionnaire=shown,
        # Where answers are kept with whose they are, that is so by a personal link, and the page says it.
        invited=Invited(0, 0, "") if survey.links_people else None,
    )
    tongue = Tongue(content, interface_language(content))
    place = address(request, assessment.slug, "surveys:preview-form", group=group.code)
    return PreviewVisit(request, PERSONAL if survey.links_people else PUBLIC, link, tongue, place)
