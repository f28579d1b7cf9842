from allauth.account import views as account
from django.urls import include, path, re_path

from accounts import passkeys, token_views, views

# The pages of allauth that this product offers. It has more; what is not listed here does not exist.
sign_in = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("signup/", account.signup, name="account_signup"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/reset/", account.password_reset, name="account_reset_password"),
    path("password/reset/done/", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        account.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("passkeys/", passkeys.Passkeys.as_view(), name="mfa_list_webauthn"),
    path("passkeys/add/", passkeys.AddPasskey.as_view(), name="mfa_add_webauthn"),
    path("passkeys/<int:pk>/", passkeys.NamePasskey.as_view(), name="mfa_edit_webauthn"),
    path("passkeys/<int:pk>/remove/", passkeys.RemovePasskey.as_view(), name="mfa_remove_webauthn"),
    path("passkeys/challenge/", passkeys.challenge, name="passkey_challenge"),
    path("passkeys/login/", passkeys.SignInByPasskey.as_view(), name="mfa_login_webauthn"),
]
members = [
    path("members/", views.members, name="members"),
    path("members/confirming/", views.confirming, name="confirming"),
    path("members/<int:member>/", views.change, name="change"),
    path("tokens/", token_views.tokens, name="tokens"),
    path("tokens/<uuid:token>/revoke/", token_views.revoke, name="token-revoke"),
]

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", views.healthz, name="healthz"),
    path("accounts/", include(sign_in)),
    path("accounts/name/", views.name, name="account_name"),
    path("o/<slug:organisation>/", include((members, "accounts"))),
]
