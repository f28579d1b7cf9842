"""Organisations, their members and what the members did. Knows nothing of assessments."""

import uuid
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_noop


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        if not email:
            raise ValueError("A user needs an e-mail address.")
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_superuser=True, is_staff=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in by e-mail. Stakeholders who answer a survey are not users."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField(max_length=150, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    joined_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(Lower("email"), name="user_email_ignoring_case")]

    def __str__(self) -> str:
        return self.name or self.email


class Organisation(models.Model):
    """A company or a group of companies; everything else belongs to one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    slug = models.SlugField(max_length=80, unique=True)
    members = models.ManyToManyField(User, through="Membership", related_name="organisations")
    people_to_confirm = models.PositiveSmallIntegerField(
        default=1, help_text="How many people a result needs to be confirmed: one, or two together."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(people_to_confirm__in=[1, 2]), name="one_or_two_people_confirm")
        ]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    OWNER = "owner", gettext_noop("Owner")
    ANALYST = "analyst", gettext_noop("Analyst")
    APPROVER = "approver", gettext_noop("Approver")
    VIEWER = "viewer", gettext_noop("Viewer")


class Membership(models.Model):
    """What one person may do in one organisation."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "user"], name="one_role_per_member"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()}"

    @property
    def may_edit(self) -> bool:
        """Owners and analysts run the assessment. Approvers confirm it, so they cannot edit it."""
        return self.role in (Role.OWNER, Role.ANALYST)

    @property
    def may_confirm(self) -> bool:
        """Approvers, and owners, who may do everything."""
        return self.role in (Role.OWNER, Role.APPROVER)

    @property
    def may_manage(self) -> bool:
        return self.role == Role.OWNER


class AuditEvent(models.Model):
    """One thing that somebody did, in words, without the content of anybody's answer."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="events")
    actor = models.ForeignKey(User, models.SET_NULL, null=True, blank=True)
    subject = models.CharField(max_length=120, help_text="What it is about, such as an assessment's slug.")
    summary = models.CharField(max_length=300)
    at = models.DateTimeField(auto_now_add=True)
    # The chain (accounts/audit.py): sealed soon after it was written, so that writers need not wait for one another.
    position = models.PositiveBigIntegerField(null=True, blank=True, help_text="In the chain, from 1.")
    seal = models.CharField(max_length=64, blank=True, help_text="SHA-256 over the seal before it and this line.")
    salt = models.CharField(max_length=32, blank=True, help_text="Random, so that nobody finds a line by its hash.")
    # Accounts go, what was sealed does not change.
    author = models.CharField(max_length=36, blank=True, help_text="The actor's id when the line was sealed.")

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["organisation", "subject", "-at"]),
            models.Index(fields=["organisation"], condition=models.Q(position=None), name="audit_lines_to_seal"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "position"], name="one_line_per_place_in_the_chain")
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.summary}"


class ApiToken(models.Model):
    """A key to the API within one organisation. Of the key itself only a hash is kept.

    A personal one acts as its person and may never do more than they; a service one acts by its scopes alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="api_tokens")
    user = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="api_tokens")
    name = models.CharField(max_length=120)
    start = models.CharField(max_length=12, help_text="The key's first characters, by which people tell it.")
    key_hash = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the key.")
    scopes = models.JSONField(default=list)
    created_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-created_at", "pk"]

    def __str__(self) -> str:
        return self.name
