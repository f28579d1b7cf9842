"""Forms about members, and those of signing in."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

from allauth.account import forms as allauth
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Role
from accounts.services import LONGEST_NAME, choose_name


class AddMemberForm(forms.Form):
    email = forms.EmailField(label=gettext_lazy("E-mail address"), max_length=254)
    role = forms.ChoiceField(
        label=gettext_lazy("Role"),
        choices=lambda: [(value, _(label)) for value, label in Role.choices],
        initial=Role.ANALYST,
    )


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=Role)


class PlainLabels:
    """One word for one thing, above its field: a placeholder is gone as soon as somebody types."""

    labels: ClassVar = {
        "login": gettext_lazy("E-mail address"),
        "email": gettext_lazy("E-mail address"),
        "oldpassword": gettext_lazy("Your password so far"),
        "password": gettext_lazy("Password"),
        "password1": gettext_lazy("New password"),
        "password2": gettext_lazy("The same again"),
    }
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = self.labels.get(name, field.label)
            if name == "password1":
                field.help_text = _(
                    "At least 12 characters: a few words do well. Not a common password, not your address."
                )
            field.widget.attrs.pop("placeholder", None)


class SignInForm(PlainLabels, allauth.LoginForm):
    pass


class ResetPasswordForm(PlainLabels, allauth.ResetPasswordForm):
    pass


class PersonName(forms.CharField):
    """By which a person is shown, and signs."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Your name"),
            max_length=LONGEST_NAME,
            widget=forms.TextInput(attrs={"autocomplete": "name"}),
            help_text=gettext_lazy("As it shall stand beside what you do and sign, such as in the minutes."),
            error_messages={"required": gettext_lazy("Enter your name.")},
        )


class NameForm(forms.Form):
    name = PersonName()


class NewPasswordForm(PlainLabels, allauth.ResetPasswordKeyForm):
    """Who has been invited, and has no name yet, gives it too."""

    field_order: ClassVar = ["name", "password1", "password2"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.user and not self.user.name:
            self.fields["name"] = PersonName()
            self.order_fields(self.field_order)

    def save(self) -> None:
        super().save()
        if name := self.cleaned_data.get("name"):
            choose_name(user=self.user, name=name)


class ChangePasswordForm(PlainLabels, allauth.ChangePasswordForm):
    pass


class ShowAgainForm(PlainLabels, allauth.ReauthenticateForm):
    pass


class PasskeyName(forms.Form):
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=60,
        help_text=gettext_lazy("By which you tell your passkeys apart, such as the device it is on."),
    )


class CredentialField(forms.JSONField):
    """What a passkey sent. Pages never send it back."""

    def to_python(self, value: Any) -> Any:
        with readable():
            return super().to_python(value)


class AddPasskeyForm(PasskeyName, webauthn.AddWebAuthnForm):
    credential = CredentialField()
    # Every passkey here is one that the device unlocks; nobody has to choose.
    passwordless = None

    def clean(self) -> dict[str, Any]:
        with readable():
            return super().clean() or {}


class SignInByPasskeyForm(webauthn.LoginWebAuthnForm):
    credential = CredentialField()

    def clean_credential(self) -> Authenticator:
        with readable():
            return super().clean_credential()


@contextmanager
def readable() -> Iterator[None]:
    """Of what no passkey sends, only some is refused by those who read it; the rest breaks them."""
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise ValidationError(_("The passkey could not be checked. Try once more.")) from error


class NamePasskeyForm(PasskeyName, webauthn.EditWebAuthnForm):
    pass


class PeopleToConfirmForm(forms.Form):
    people = forms.TypedChoiceField(
        label=gettext_lazy("A result is confirmed by"),
        choices=lambda: [(1, _("one person")), (2, _("two people"))],
        coerce=int,
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Approvers and owners can confirm. What is proposed already keeps the number it was proposed with."
        ),
    )
