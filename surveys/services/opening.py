"""When a survey takes answers: prepare, open, close, reopen. Opening freezes what is asked."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from accounts.models import User
from scoping.models import Assessment, Phase
from scoping.services import set_phase
from scoping.services.scope import hold, note
from surveys.content import compose
from surveys.links import forget_link
from surveys.models import Item, Questionnaire, Survey, SurveyLink, SurveyState, new_token
from surveys.partition import partition_of
from surveys.readiness import readiness_of
from surveys.selectors import default_title, tallies_of
from surveys.services.mixing import request_mixing
from surveys.services.purging import refuse_purged
from webhooks.events import SURVEY_CLOSED
from webhooks.services import announce

NO_SURVEY = gettext_noop(
    "This assessment holds no survey: its list of issues is the result. "
    "To ask stakeholders, edit the assessment and say that they will be surveyed."
)


@transaction.atomic
def prepare_survey(*, assessment: Assessment) -> Survey:
    """The survey of `assessment`; made as a draft with the usual title if there is none.

    Raises
    ------
    ValidationError
        If the assessment holds no survey.
    """
    if not assessment.with_survey:
        raise ValidationError(_(NO_SURVEY))
    survey, _made = Survey.objects.get_or_create(assessment=assessment, defaults={"title": default_title(assessment)})
    return survey


@transaction.atomic
def open_survey(
    *,
    survey: Survey,
    by: User | None = None,
    scale: tuple[int, int] | None = None,
    closes_at: datetime | None = None,
    title: str | None = None,
    introduction: str | None = None,
) -> Questionnaire:
    """Freeze the questionnaire, make a public link for each stakeholder group, take answers from now on.

    Parameters
    ----------
    scale : instead of the scale of the survey's design, for ratings that were given elsewhere.
    title, introduction : what respondents read above the questions; both None leaves what is there.

    Raises
    ------
    ValidationError
        If something is missing (no issues, no stakeholder groups), the scale does not fit a byte, the closing
        date has passed, the survey was opened before, or the assessment holds none.
    """
    survey = _locked(survey)
    # From here on nobody decides a short list, merges issues or adds a group: what is frozen is what is listed.
    survey.assessment = assessment = hold(survey.assessment)
    issues = list(assessment.issues.asked())
    groups = list(assessment.groups.all())
    missing = _obstacles(survey, has_issues=bool(issues), has_groups=bool(groups), scale=scale)
    missing += _date_obstacles(closes_at)
    if missing:
        raise ValidationError(missing)
    _describe(
        survey, survey.title if title is None else title, survey.introduction if introduction is None else introduction
    )

    content = compose(survey, scale=scale)
    version = (survey.questionnaires.aggregate(newest=Max("version"))["newest"] or 0) + 1
    questionnaire = Questionnaire.objects.create(
        survey=survey,
        version=version,
        scale_low=content.low,
        scale_high=content.high,
        content=content.to_json(),
    )
    by_code = {issue.code: issue for issue in issues}
    Item.objects.bulk_create(
        Item(
            questionnaire=questionnaire,
            issue=by_code[item.code],
            position=item.position,
            code=item.code,
            dimension=item.dimension,
            name=by_code[item.code].name,
            description=by_code[item.code].description,
        )
        for item in content.items
    )
    SurveyLink.objects.bulk_create(SurveyLink(survey=survey, group=group) for group in groups)
    survey.opened_at = timezone.now()
    _take_answers(survey, closes_at)
    note(survey.assessment, by, f"opened the survey: {len(issues)} issues, {len(groups)} stakeholder groups")
    return questionnaire


@transaction.atomic
def open_when_ready(
    *, survey: Survey, by: User | None = None, closes_at: datetime | None = None, incomplete: bool = False
) -> Questionnaire:
    """Open the survey as the working group does: only when its scope is ready.

    Imports open theirs without this, since their answers are there already and may be of one side only.

    Parameters
    ----------
    incomplete : somebody confirmed that the waivable points of the survey's readiness stay open.

    Raises
    ------
    ValidationError
        If the scope is not ready, with every point and its place, or for the reasons of open_survey.
    """
    survey = _locked(survey)
    if survey.state == SurveyState.DRAFT:
        refusals = readiness_of(survey.assessment).refusals(waived=incomplete)
        if refusals:
            raise ValidationError(refusals)
    return open_survey(survey=survey, by=by, closes_at=closes_at)


@transaction.atomic
def close_survey(*, survey: Survey, by: User | None = None, occasion: str = "") -> Survey:
    """Take no more answers. What was begun and not sent stays as a draft.

    Parameters
    ----------
    occasion : when or why, as the record goes on after "closed the survey", such as "after an import".

    Raises
    ------
    ValidationError
        If the survey is not open.
    """
    survey = _locked(survey)
    if survey.state != SurveyState.OPEN:
        raise ValidationError(_("The survey is not open, so there is nothing to close."))
    survey.state = SurveyState.CLOSED
    survey.closed_at = timezone.now()
    survey.save(update_fields=["state", "closed_at"])
    set_phase(assessment=survey.assessment, phase=Phase.RESULTS)
    summary = "closed the survey" if by else "the survey was closed"
    note(survey.assessment, by, f"{summary} {occasion}".strip())
    request_mixing(survey=survey, by=by)
    announce(
        organisation=survey.assessment.organisation,
        event=SURVEY_CLOSED,
        data={"assessment": survey.assessment.slug, "closed_at": survey.closed_at.isoformat(timespec="seconds")},
    )
    return survey


@transaction.atomic
def reopen_survey(*, survey: Survey, by: User | None = None, closes_at: datetime | None = None) -> Survey:
    """Take answers again, to the same questions. Groups added since opening get their link now.

    Raises
    ------
    ValidationError
        If the survey is not closed, its personal data was deleted, or the new closing date has passed.
    """
    survey = _locked(survey)
    now = timezone.now()
    ended = survey.state == SurveyState.OPEN and not survey.takes_answers(now)
    if survey.state != SurveyState.CLOSED and not ended:
        raise ValidationError(_("The survey is not closed, so it cannot be reopened."))
    refuse_purged(survey)
    if obstacles := _date_obstacles(closes_at):
        raise ValidationError(obstacles)
    _note_what_was_shown(survey)
    linked = set(survey.links.values_list("group_id", flat=True))
    SurveyLink.objects.bulk_create(
        SurveyLink(survey=survey, group=group) for group in survey.assessment.groups.all() if group.pk not in linked
    )
    _take_answers(survey, closes_at)
    note(survey.assessment, by, "reopened the survey")
    return survey


def _note_what_was_shown(survey: Survey) -> None:
    """Whatever may have been read of the closed survey goes on to be shown in the same way."""
    if survey.minimum_group > 1:
        # Folding locks these rows: what is noted is what the last result could be made of.
        list(Questionnaire.objects.select_for_update(no_key=True).filter(survey=survey))
        ended = tallies_of(survey.assessment)
        if ended:
            ended.questionnaire.partition = partition_of(ended)
            ended.questionnaire.save(update_fields=["partition"])


@transaction.atomic
def set_closing_date(*, survey: Survey, closes_at: datetime | None, by: User | None = None) -> Survey:
    """Give an open survey another last day, or none.

    Raises
    ------
    ValidationError
        If the survey is not open, or the day has passed.
    """
    survey = _locked(survey)
    if not survey.takes_answers(timezone.now()):
        raise ValidationError(_("The survey is not open: reopen it, with the last day that it shall have."))
    if obstacles := _date_obstacles(closes_at):
        raise ValidationError(obstacles)
    survey.closes_at = closes_at
    survey.save(update_fields=["closes_at"])
    until = f"until {timezone.localtime(closes_at):%Y-%m-%d}" if closes_at else "until somebody closes it"
    note(survey.assessment, by, f"had the survey stay open {until}")
    return survey


@transaction.atomic
def renew_link(*, link: SurveyLink, by: User | None = None) -> SurveyLink:
    """Give a group a new public link; the one before opens nothing any more. For a link that went too far.

    Answers that came by it stay. What was begun and not sent cannot be found again.
    """
    before = link.token
    link.token = new_token()
    link.save(update_fields=["token"])
    transaction.on_commit(lambda: forget_link(before))
    note(link.survey.assessment, by, f"gave {link.group} a new public link")
    return link


def close_ended_surveys() -> int:
    """Close what is past its closing date. Answers were refused from that moment on; this makes it visible."""
    ended = Survey.objects.filter(state=SurveyState.OPEN, closes_at__lte=timezone.now())
    closed = 0
    for survey in ended.select_related("assessment"):
        try:
            close_survey(survey=survey, occasion="on its closing date")
        except ValidationError:
            continue  # somebody closed or reopened it meanwhile
        closed += 1
    return closed


def _locked(survey: Survey) -> Survey:
    """The survey as it is now; nobody else opens or closes it until this transaction ends."""
    of_survey = Survey.objects.select_for_update(of=("self",))
    return of_survey.select_related("assessment__organisation").get(pk=survey.pk)


def _describe(survey: Survey, title: str, introduction: str) -> None:
    survey.title = title
    survey.introduction = introduction
    survey.full_clean(validate_constraints=False)
    survey.save(update_fields=["title", "introduction"])


def _take_answers(survey: Survey, closes_at: datetime | None) -> None:
    survey.state = SurveyState.OPEN
    survey.closes_at = closes_at
    survey.closed_at = None
    survey.save(update_fields=["state", "opened_at", "closes_at", "closed_at"])
    set_phase(assessment=survey.assessment, phase=Phase.SURVEY)


def _obstacles(survey: Survey, *, has_issues: bool, has_groups: bool, scale: tuple[int, int] | None) -> list[str]:
    if survey.state == SurveyState.OPEN:
        return [_("The survey is open already.")]
    if survey.state == SurveyState.CLOSED:
        return [_("The survey was opened before and is closed now: reopen it, so that its answers stay together.")]
    if not survey.assessment.with_survey:
        return [_(NO_SURVEY)]
    obstacles = []
    if not has_issues:
        obstacles.append(_("The assessment has no issues to rate: add at least one under Scoping."))
    if not has_groups:
        obstacles.append(_("The assessment has no stakeholder group to ask: add at least one under Scoping."))
    low, high = scale or (1, survey.steps)
    if not 1 <= low < high <= 254:
        obstacles.append(
            _(
                "A scale from %(low)d to %(high)d does not work: it starts at 1 or higher, ends at 254 or lower, "
                "and has at least two steps."
            )
            % {"low": low, "high": high}
        )
    return obstacles


def _date_obstacles(closes_at: datetime | None) -> list[str]:
    if closes_at is None or closes_at > timezone.now():
        return []
    passed = _("The closing date, %(moment)s, has passed: choose a later one, or none.")
    return [passed % {"moment": f"{closes_at:%Y-%m-%d %H:%M %Z}"}]
