"""Test objects, each valid by itself. Rows only: what services do besides is tested with the services."""

from typing import Any
from uuid import uuid4

import factory
from factory.django import DjangoModelFactory

from accounts.models import Membership, Organisation, Role, User
from jobs.models import Job
from scoping.models import (
    Assessment,
    Attribute,
    Channel,
    Concern,
    Contact,
    Criterion,
    IndexEntry,
    Issue,
    Mark,
    Mention,
    Peer,
    PeerIssue,
    Pillar,
    ProcessNote,
    ProcessStage,
    PublishedResult,
    Score,
    Side,
    SourceKind,
    StakeholderGroup,
    Tier,
)
from surveys.content import compose
from surveys.keys import personal_token, token_hash
from surveys.models import (
    Comment,
    CommentKind,
    Delivery,
    Draft,
    Exclusion,
    GroupDesign,
    GroupIssue,
    Invitation,
    Item,
    Mailing,
    MailingKind,
    MailingState,
    ProfileQuestion,
    Questionnaire,
    Response,
    Survey,
    SurveyLink,
)
from surveys.models.invitations import new_nonce

PASSWORD = "correct horse battery staple"


def beyond_given(number: int) -> int:
    """A position, and with it a code and a name, beyond those that tests give by hand: however few came before in this
    process, the two never meet."""
    return 1000 + number % 9000


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User

    email = factory.Sequence(lambda n: f"person{n}@example.org")
    name = factory.Sequence(lambda n: f"Person {n}")

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        return model_class.objects.create_user(*args, password=kwargs.pop("password", PASSWORD), **kwargs)


class OrganisationFactory(DjangoModelFactory[Organisation]):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Company {n}")
    slug = factory.Sequence(lambda n: f"company-{n}")


class MembershipFactory(DjangoModelFactory[Membership]):
    class Meta:
        model = Membership

    organisation = factory.SubFactory(OrganisationFactory)
    user = factory.SubFactory(UserFactory)
    role = Role.ANALYST


class AssessmentFactory(DjangoModelFactory[Assessment]):
    """With `groups=3` and `issues=5` it comes with that many of each, sides taking turns."""

    class Meta:
        model = Assessment
        skip_postgeneration_save = True

    organisation = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence(lambda n: f"Materiality assessment {n}")
    slug = factory.Sequence(lambda n: f"assessment-{n}")
    company = "Example Ltd."
    reporting_period = "2022"

    @factory.post_generation
    def groups(self, create: bool, count: int | None, **fields: Any) -> None:
        for position in range(count or 0):
            StakeholderGroupFactory(assessment=self, position=position, **fields)

    @factory.post_generation
    def issues(self, create: bool, count: int | None, **fields: Any) -> None:
        for position in range(count or 0):
            IssueFactory(assessment=self, position=position, **fields)


class StakeholderGroupFactory(DjangoModelFactory[StakeholderGroup]):
    class Meta:
        model = StakeholderGroup

    assessment = factory.SubFactory(AssessmentFactory)
    position = factory.Sequence(beyond_given)
    code = factory.LazyAttribute(lambda group: f"group-{group.position}")
    name = factory.LazyAttribute(lambda group: f"Group {group.position}")
    side = factory.LazyAttribute(lambda group: Side.EXTERNAL if group.position % 2 else Side.INTERNAL)


class IssueFactory(DjangoModelFactory[Issue]):
    class Meta:
        model = Issue

    assessment = factory.SubFactory(AssessmentFactory)
    position = factory.Sequence(beyond_given)
    code = factory.LazyAttribute(lambda issue: f"issue-{issue.position}")
    name = factory.LazyAttribute(lambda issue: f"Issue {issue.position}")
    category = "Environment"


class ScoreFactory(DjangoModelFactory[Score]):
    class Meta:
        model = Score

    group = factory.SubFactory(StakeholderGroupFactory)
    attribute = Attribute.POWER
    value = 3


class ChannelFactory(DjangoModelFactory[Channel]):
    class Meta:
        model = Channel

    group = factory.SubFactory(StakeholderGroupFactory)
    name = factory.Sequence(lambda n: f"Channel {n}")


class ContactFactory(DjangoModelFactory[Contact]):
    class Meta:
        model = Contact

    group = factory.SubFactory(StakeholderGroupFactory)
    assessment = factory.SelfAttribute("group.assessment")
    name = factory.Sequence(lambda n: f"Contact {n}")
    email = factory.Sequence(lambda n: f"contact{n}@example.org")


class MentionFactory(DjangoModelFactory[Mention]):
    class Meta:
        model = Mention

    issue = factory.SubFactory(IssueFactory)
    kind = SourceKind.INTERVIEW
    source = factory.Sequence(lambda n: f"Interview {n}")


class CriterionFactory(DjangoModelFactory[Criterion]):
    class Meta:
        model = Criterion

    assessment = factory.SubFactory(AssessmentFactory)
    position = factory.Sequence(beyond_given)
    name = factory.LazyAttribute(lambda criterion: f"Criterion {criterion.position}")


class MarkFactory(DjangoModelFactory[Mark]):
    class Meta:
        model = Mark

    issue = factory.SubFactory(IssueFactory)
    criterion = factory.SubFactory(CriterionFactory, assessment=factory.SelfAttribute("..issue.assessment"))
    member = factory.SubFactory(UserFactory)
    value = 2


class PillarFactory(DjangoModelFactory[Pillar]):
    class Meta:
        model = Pillar

    assessment = factory.SubFactory(AssessmentFactory)
    name = factory.Sequence(lambda n: f"Pillar {n}")


class ProcessNoteFactory(DjangoModelFactory[ProcessNote]):
    class Meta:
        model = ProcessNote

    assessment = factory.SubFactory(AssessmentFactory)
    stage = ProcessStage.DETERMINING
    text = factory.Sequence(lambda n: f"Step {n} was taken.")


class IndexEntryFactory(DjangoModelFactory[IndexEntry]):
    class Meta:
        model = IndexEntry

    assessment = factory.SubFactory(AssessmentFactory)
    framework = "hkex"
    code = factory.Sequence(lambda n: f"A1.{n}")
    title = factory.Sequence(lambda n: f"Disclosure {n}")
    location = "Chapter 3"


class PeerFactory(DjangoModelFactory[Peer]):
    """With `issues=3` it comes with that many, ranked, all in the highest tier."""

    class Meta:
        model = Peer
        skip_postgeneration_save = True

    organisation = factory.SubFactory(OrganisationFactory)
    company = factory.Sequence(lambda n: f"Peer {n}")
    reporting_period = "2022"

    @factory.post_generation
    def issues(self, create: bool, count: int | None, **fields: Any) -> None:
        for position in range(count or 0):
            PeerIssueFactory(peer=self, position=position, rank=position + 1, **fields)


class PeerIssueFactory(DjangoModelFactory[PeerIssue]):
    class Meta:
        model = PeerIssue

    peer = factory.SubFactory(PeerFactory)
    name = factory.Sequence(lambda n: f"Issue of a peer {n}")
    tier = "High"
    level = 1


class ConcernFactory(DjangoModelFactory[Concern]):
    class Meta:
        model = Concern

    group = factory.SubFactory(StakeholderGroupFactory)
    topic = factory.Sequence(lambda n: f"Concern {n}")


class TierFactory(DjangoModelFactory[Tier]):
    class Meta:
        model = Tier

    assessment = factory.SubFactory(AssessmentFactory)
    position = factory.Sequence(beyond_given)
    name = factory.LazyAttribute(lambda tier: f"Tier {tier.position}")


class PublishedResultFactory(DjangoModelFactory[PublishedResult]):
    class Meta:
        model = PublishedResult

    issue = factory.SubFactory(IssueFactory)
    tier = factory.SubFactory(TierFactory, assessment=factory.SelfAttribute("..issue.assessment"))
    rank = 1
    source = "p. 1"


class SurveyFactory(DjangoModelFactory[Survey]):
    class Meta:
        model = Survey

    assessment = factory.SubFactory(AssessmentFactory)
    title = "What matters most?"


class GroupDesignFactory(DjangoModelFactory[GroupDesign]):
    class Meta:
        model = GroupDesign

    survey = factory.SubFactory(SurveyFactory)
    group = factory.SubFactory(StakeholderGroupFactory, assessment=factory.SelfAttribute("..survey.assessment"))


class GroupIssueFactory(DjangoModelFactory[GroupIssue]):
    """An issue that the group is not asked about; with `asked=True` and a name, one in words of its own."""

    class Meta:
        model = GroupIssue

    design = factory.SubFactory(GroupDesignFactory)
    issue = factory.SubFactory(IssueFactory, assessment=factory.SelfAttribute("..design.survey.assessment"))
    asked = False


class ProfileQuestionFactory(DjangoModelFactory[ProfileQuestion]):
    class Meta:
        model = ProfileQuestion

    survey = factory.SubFactory(SurveyFactory)
    position = factory.Sequence(beyond_given)
    code = factory.LazyAttribute(lambda question: f"question-{question.position}")
    text = factory.LazyAttribute(lambda question: f"Question {question.position}?")
    options = factory.LazyFunction(lambda: ["Yes", "No"])


class QuestionnaireFactory(DjangoModelFactory[Questionnaire]):
    """With `items=True` it has one item for each issue of its assessment."""

    class Meta:
        model = Questionnaire
        skip_postgeneration_save = True

    survey = factory.SubFactory(SurveyFactory)
    version = 1
    content = factory.LazyAttribute(lambda questionnaire: compose(questionnaire.survey).to_json())

    @factory.post_generation
    def items(self, create: bool, wanted: bool | None, **fields: Any) -> None:
        if wanted:
            for position, issue in enumerate(self.survey.assessment.issues.all()):
                ItemFactory(questionnaire=self, issue=issue, position=position, **fields)


class ItemFactory(DjangoModelFactory[Item]):
    class Meta:
        model = Item

    questionnaire = factory.SubFactory(QuestionnaireFactory)
    issue = factory.SubFactory(IssueFactory, assessment=factory.SelfAttribute("..questionnaire.survey.assessment"))
    position = 0
    code = factory.LazyAttribute(lambda item: item.issue.code)
    name = factory.LazyAttribute(lambda item: item.issue.name)


class SurveyLinkFactory(DjangoModelFactory[SurveyLink]):
    class Meta:
        model = SurveyLink

    survey = factory.SubFactory(SurveyFactory)
    group = factory.SubFactory(StakeholderGroupFactory, assessment=factory.SelfAttribute("..survey.assessment"))


class ResponseFactory(DjangoModelFactory[Response]):
    class Meta:
        model = Response

    questionnaire = factory.SubFactory(QuestionnaireFactory)
    group = factory.SubFactory(
        StakeholderGroupFactory, assessment=factory.SelfAttribute("..questionnaire.survey.assessment")
    )
    ratings = b""


class DraftFactory(DjangoModelFactory[Draft]):
    class Meta:
        model = Draft

    id = factory.LazyFunction(uuid4)
    questionnaire = factory.SubFactory(QuestionnaireFactory)
    group = factory.SubFactory(
        StakeholderGroupFactory, assessment=factory.SelfAttribute("..questionnaire.survey.assessment")
    )
    ratings = b""


class CommentFactory(DjangoModelFactory[Comment]):
    """On the whole, in an anonymous survey."""

    class Meta:
        model = Comment

    questionnaire = factory.SubFactory(QuestionnaireFactory)
    group = factory.SubFactory(
        StakeholderGroupFactory, assessment=factory.SelfAttribute("..questionnaire.survey.assessment")
    )
    kind = CommentKind.OVERALL
    text = factory.Sequence(lambda n: f"Comment {n}")


class ExclusionFactory(DjangoModelFactory[Exclusion]):
    class Meta:
        model = Exclusion

    survey = factory.SubFactory(SurveyFactory)
    flag = "straight-liner"
    reason = "They only clicked through."


class InvitationFactory(DjangoModelFactory[Invitation]):
    """Its link's token is personal_token(invitation.nonce). It has no roll: what answers needs the service."""

    class Meta:
        model = Invitation

    survey = factory.SubFactory(SurveyFactory)
    group = factory.SubFactory(StakeholderGroupFactory, assessment=factory.SelfAttribute("..survey.assessment"))
    address = factory.Sequence(lambda n: f"invited{n}@example.org")
    name = factory.Sequence(lambda n: f"Invited {n}")
    nonce = factory.LazyFunction(new_nonce)
    token_hash = factory.LazyAttribute(lambda invitation: token_hash(personal_token(invitation.nonce)))
    number = factory.Sequence(lambda n: n)


class MailingFactory(DjangoModelFactory[Mailing]):
    class Meta:
        model = Mailing

    survey = factory.SubFactory(SurveyFactory)
    kind = MailingKind.INVITATION
    state = MailingState.READY
    texts = factory.LazyFunction(lambda: {"en": {"subject": "Your view", "body": "Dear {name},\n\n{link}"}})


class DeliveryFactory(DjangoModelFactory[Delivery]):
    class Meta:
        model = Delivery

    mailing = factory.SubFactory(MailingFactory)
    invitation = factory.SubFactory(InvitationFactory, survey=factory.SelfAttribute("..mailing.survey"))


class JobFactory(DjangoModelFactory[Job]):
    """A waiting job of a kind that nobody has registered; tests that run it register one."""

    class Meta:
        model = Job

    organisation = factory.SubFactory(OrganisationFactory)
    kind = "tests.nothing"
    subject = "assessment-1"
