from django.urls import path

from surveys import respondent

urlpatterns = [
    path("<str:token>/", respondent.respond, name="respond"),
    path("<str:token>/save", respondent.save, name="respond-save"),
    path("<str:token>/thanks", respondent.thanks, name="respond-thanks"),
]
