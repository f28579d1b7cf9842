"""Forms about members, and those of signing in."""

from typing import Any, ClassVar

from allauth.account import forms as allauth
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Role


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


class NewPasswordForm(PlainLabels, allauth.ResetPasswordKeyForm):
    pass


class ChangePasswordForm(PlainLabels, allauth.ChangePasswordForm):
    pass
