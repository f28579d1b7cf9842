"""Surveys of any design, with the addresses of their pages."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse

from scoping.models import Assessment, StakeholderGroup
from surveys.keys import new_secret, personal_token, token_hash
from surveys.models import Invitation, ProfileQuestion, Roll, Survey, Translation
from surveys.models.invitations import new_nonce
from surveys.services import open_survey, prepare_survey


@dataclass(frozen=True)
class Asked:
    """An open survey: addresses for its first group, which is internal, and others where they are wanted."""

    survey: Survey

    @property
    def group(self) -> StakeholderGroup:
        return self.survey.assessment.groups.all()[0]

    def page(self, group: int = 0, name: str = "respond") -> str:
        return reverse(name, kwargs={"token": self.survey.links.all()[group].token})

    @property
    def kiosk(self) -> str:
        return self.page(name="respond-kiosk")

    def invite(self, number: int = 0, language: str = "") -> str:
        """The page of a personal link to one more person of the first group."""
        nonce = new_nonce()
        token = personal_token(nonce)
        Roll.objects.get_or_create(survey=self.survey, group=self.group, defaults={"answered": bytes(8)})
        Invitation.objects.create(
            survey=self.survey,
            group=self.group,
            address=f"{new_secret().lower()}@example.org",
            language=language,
            nonce=nonce,
            token_hash=token_hash(token),
            number=number,
        )
        return reverse("respond-personal", kwargs={"token": token})


@pytest.fixture
def ask(assessment: Assessment) -> Callable[..., Asked]:
    """ask(kind="top", choose=2, profile=[{...}], words={"ar": {"title": "..."}}): opens a survey of that design."""

    def make(*, profile: Any = (), words: Any = None, **design: Any) -> Asked:
        survey = prepare_survey(assessment=assessment)
        for name, value in {"languages": list(words or ()), **design}.items():
            setattr(survey, name, value)
        survey.save()
        for position, question in enumerate(profile):
            ProfileQuestion.objects.create(survey=survey, position=position, **question)
        for language, texts in (words or {}).items():
            for key, text in texts.items():
                Translation.objects.create(survey=survey, language=language, key=key, text=text, source="")
        open_survey(survey=survey)
        survey.refresh_from_db()
        return Asked(survey)

    return make


@pytest.fixture
def forgetful() -> None:
    """Nobody has guessed yet."""
    cache.clear()
