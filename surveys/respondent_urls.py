"""Addresses of the respondents' pages, short for QR codes: public links under /s/, personal ones under /p/."""

from django.urls import path

from surveys.respondent import personal, public, receipts
from surveys.views import opt_out

urlpatterns = [
    path("s/<str:token>/", public.respond, name="respond"),
    path("s/<str:token>/save", public.save, name="respond-save"),
    path("s/<str:token>/thanks", public.thanks, name="respond-thanks"),
    path("s/<str:token>/receipt", receipts.receipt, name="respond-receipt"),
    path("s/<str:token>/kiosk/", public.respond_kiosk, name="respond-kiosk"),
    path("s/<str:token>/kiosk/thanks", public.thanks_kiosk, name="respond-kiosk-thanks"),
    path("p/receipt", receipts.receipt_personal, name="receipt-personal"),
    path("p/<str:token>/", personal.respond, name="respond-personal"),
    path("p/<str:token>/save", personal.save, name="respond-personal-save"),
    path("p/<str:token>/thanks", personal.thanks, name="respond-personal-thanks"),
    path("p/<str:token>/out", opt_out.page, name="opt-out"),
]
