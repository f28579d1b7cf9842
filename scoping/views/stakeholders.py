"""The stakeholder register: its table, the sheet of a group, channels, scores with the power-interest grid, weights."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import editors_only
from accounts.requests import MemberRequest
from scoping import grid
from scoping.forms.stakeholders import ChannelForm, ScoresForm, WeightForm
from scoping.models import Assessment, Channel, StakeholderGroup
from scoping.selectors.stakeholders import (
    headline,
    parts_of,
    register_of,
    registered_group,
    scored_axes,
    scored_group,
    scored_groups,
    scores_given,
)
from scoping.services.scope import FROZEN
from scoping.services.stakeholders import (
    accept_weight,
    accept_weights,
    overrule_weight,
    remove_channel,
    save_channel,
    save_scores,
)
from scoping.stakeholding import HIGH, LEVELS, MODELS
from scoping.views.base import address, came_from, find_assessment, form_page, form_response, is_open, sent
from scoping.wording import enumerated


@require_GET
def stakeholders(request: MemberRequest, slug: str) -> HttpResponse:
    """Who they are, why they matter, what they ask, how one talks with them."""
    assessment = find_assessment(request, slug)
    rows = register_of(assessment)
    context = {
        "assessment": assessment,
        "rows": rows,
        "internal": sum(row.is_internal for row in rows),
        "topics": sum(len(row.topics) for row in rows),
        "channels": sum(len(row.channels) for row in rows),
        "contacts": sum(row.contacts for row in rows),
        "has_relevance": any(row.group.relevance for row in rows),
        "has_responses": any(topic.response for row in rows for topic in row.topics),
        "frozen": not is_open(assessment),
        "frozen_because": FROZEN,
        "may_edit": request.membership.may_edit,
    }
    return render(request, "scoping/stakeholders.html", context)


@require_GET
def group_sheet(request: MemberRequest, slug: str, code: str) -> HttpResponse:
    """Everything about one group."""
    assessment = find_assessment(request, slug)
    group = _find_group(assessment, code)
    scored = scored_group(group)
    context = {
        "assessment": assessment,
        "row": registered_group(group),
        "scored": scored,
        "group": group,
        "model": MODELS[assessment.stakeholder_model],
        "levels": LEVELS,
        "frozen": not is_open(assessment),
        "may_edit": request.membership.may_edit,
    }
    return render(request, "scoping/group_sheet.html", context)


@editors_only
@form_page
def channel(request: MemberRequest, slug: str, code: str | None = None, channel_id: int | None = None) -> HttpResponse:
    """Adds a channel of the group called `code`, or changes the one with this id."""
    assessment = find_assessment(request, slug)
    present = _find_channel(assessment, channel_id) if channel_id is not None else None
    group = present.group if present else _find_group(assessment, code or "")
    form = ChannelForm(sent(request), channel=present)
    if request.method == "POST" and form.attempt(
        lambda values: save_channel(group=group, channel=present, by=request.user, **values)
    ):
        messages.success(request, gettext("“%(name)s” is saved.") % {"name": form.cleaned_data["name"]})
        if "another" in request.POST:
            return redirect(request.path)
        return redirect(address(request, slug, "group-sheet", code=group.code, section="channels"))
    context = {"assessment": assessment, "channel": present, "group": group}
    return form_response(request, "scoping/channel.html", form, context)


@editors_only
@require_POST
def channel_remove(request: MemberRequest, slug: str, channel_id: int) -> HttpResponse:
    present = _find_channel(find_assessment(request, slug), channel_id)
    remove_channel(channel=present, by=request.user)
    messages.success(request, gettext("“%(name)s” is removed.") % {"name": present})
    return redirect(address(request, slug, "group-sheet", code=present.group.code, section="channels"))


@require_GET
def scores(request: MemberRequest, slug: str) -> HttpResponse:
    """What the scores say: the grid or the classes, and the weights that they suggest."""
    assessment = find_assessment(request, slug)
    model = MODELS[assessment.stakeholder_model]
    groups = scored_groups(assessment)
    figure = grid.figure_of(assessment, groups, lambda one: address(request, slug, "group-sheet", code=one.group.code))
    suggested = [one for one in groups if one.judgement]
    context = {
        "assessment": assessment,
        "model": model,
        "groups": groups,
        "headline": headline(model, groups),
        "parts": parts_of(model, groups),
        "unscored": [one for one in groups if not one.judgement],
        "axes": scored_axes(groups),
        "suggested": suggested,
        "open": sum(one.is_open for one in groups),
        "acceptable": any(one.would_change for one in groups),
        "weightless": enumerated([one.group.name for one in groups if one.would_be_weightless]),
        "overruled": sum(one.is_overruled for one in groups),
        "drawing": grid.drawing_of(figure) if figure else None,
        "formats": grid.CONTENT_TYPES,
        "high": HIGH,
        "reasons": any(score.reason for one in groups for score in one.scores),
        "frozen": not is_open(assessment),
        "may_edit": request.membership.may_edit,
    }
    return render(request, "scoping/scores.html", context)


@editors_only
@form_page
def scores_edit(request: MemberRequest, slug: str) -> HttpResponse:
    """Scores of all groups by one model, saved together. `?model=` shows the fields of the other one."""
    assessment = find_assessment(request, slug)
    asked = request.POST.get("model") or request.GET.get("model") or assessment.stakeholder_model
    if asked not in MODELS:
        raise Http404("There is no such model.")
    model = MODELS[asked]
    present = scores_given(assessment, model)
    form = ScoresForm(sent(request), groups=list(assessment.groups.all()), model=model, present=present)
    if request.method == "POST" and form.attempt(
        lambda _: save_scores(assessment=assessment, model=model.slug, scores=form.given(), by=request.user)
    ):
        messages.success(
            request, gettext("The scores are saved. Weights stay as they are until you accept what is suggested.")
        )
        return redirect(address(request, slug, "scores"))
    context = {
        "assessment": assessment,
        "model": model,
        "models": list(MODELS.values()),
        "rows": form.rows_by_group(),
        "mistakes": form.mistakes(),
        "levels": LEVELS,
        "high": HIGH,
    }
    return form_response(request, "scoping/scores_form.html", form, context)


@require_GET
def grid_figure(request: MemberRequest, slug: str, format: str) -> HttpResponse:
    """The grid as a file, with the same layout as on the page."""
    assessment = find_assessment(request, slug)
    figure = grid.figure_of(assessment, scored_groups(assessment))
    if figure is None:
        messages.error(
            request, gettext("There is no grid to download yet: it needs a group with power and interest scored.")
        )
        return redirect(address(request, slug, "scores"))
    if format not in grid.CONTENT_TYPES:
        raise Http404(f"The grid is a file in the formats {', '.join(grid.CONTENT_TYPES)}.")
    try:
        content = grid.file_of(figure, format)
    except ValueError as error:
        messages.error(request, gettext("The figure could not be made: %(problem)s") % {"problem": error})
        return redirect(address(request, slug, "scores"))
    response = HttpResponse(content, content_type=grid.CONTENT_TYPES[format])
    response["Content-Disposition"] = f'attachment; filename="{assessment.slug}-power-interest.{format}"'
    response["Cache-Control"] = "private, no-store"
    return response


@editors_only
@form_page
def weight(request: MemberRequest, slug: str, code: str) -> HttpResponse:
    """Keeps or sets another weight than the suggested one, with a reason."""
    assessment = find_assessment(request, slug)
    group = _find_group(assessment, code)
    sheet = {"sheet": address(request, slug, "group-sheet", code=group.code)}
    back = came_from(request, sheet, address(request, slug, "scores", section="weights"))
    form = WeightForm(sent(request), group=group)
    if request.method == "POST" and form.attempt(
        lambda values: overrule_weight(group=group, by=request.user, **values)
    ):
        messages.success(request, gettext("The weight of “%(group)s” is saved with its reason.") % {"group": group})
        return redirect(back)
    context = {
        "assessment": assessment,
        "group": group,
        "scored": scored_group(group),
        "model": MODELS[assessment.stakeholder_model],
        "back": back,
    }
    return form_response(request, "scoping/weight.html", form, context)


@editors_only
@require_POST
def weight_accept(request: MemberRequest, slug: str, code: str) -> HttpResponse:
    group = _find_group(find_assessment(request, slug), code)
    try:
        accept_weight(group=group, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, gettext("“%(group)s” has the suggested weight.") % {"group": group})
    return redirect(address(request, slug, "scores", section="weights"))


@editors_only
@require_POST
def weights_accept(request: MemberRequest, slug: str) -> HttpResponse:
    assessment = find_assessment(request, slug)
    try:
        count = accept_weights(assessment=assessment, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        done = gettext("All suggestions had been accepted or overruled already.")
        if count:
            done = ngettext(
                "%(n)s group has the suggested weight now.", "%(n)s groups have the suggested weight now.", count
            )
        messages.success(request, done % {"n": count})
    return redirect(address(request, slug, "scores", section="weights"))


def _find_group(assessment: Assessment, code: str) -> StakeholderGroup:
    group: StakeholderGroup = get_object_or_404(assessment.groups, code=code)
    # So that nothing below asks for the assessment again.
    group.assessment = assessment
    return group


def _find_channel(assessment: Assessment, channel_id: int) -> Channel:
    found = Channel.objects.filter(group__assessment=assessment).select_related("group__assessment")
    return get_object_or_404(found, pk=channel_id)
