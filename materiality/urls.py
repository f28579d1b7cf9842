from django.urls import path

from materiality import chapter_views, method_views, views
from materiality.change.urls import urlpatterns as change_urls
from materiality.charts.urls import urlpatterns as chart_urls
from materiality.confirmation.urls import urlpatterns as confirmation_urls
from materiality.disclosure.urls import urlpatterns as disclosure_urls
from materiality.exports.paper.urls import urlpatterns as paper_urls
from materiality.files.urls import urlpatterns as file_urls
from materiality.house_style.urls import urlpatterns as house_style_urls
from materiality.publishing.urls import urlpatterns as publishing_urls
from materiality.review.urls import urlpatterns as review_urls
from materiality.scenarios.urls import urlpatterns as scenario_urls
from materiality.whatif.urls import urlpatterns as whatif_urls

app_name = "materiality"
urlpatterns = [
    path("a/<slug:slug>/", views.overview, name="overview"),
    path("a/<slug:slug>/process/", views.process, name="process"),
    path("a/<slug:slug>/statement/", views.statement, name="statement"),
    path("a/<slug:slug>/statement.txt", views.statement_text, name="statement-text"),
    path("a/<slug:slug>/chapter.docx", chapter_views.chapter, name="chapter"),
    path("a/<slug:slug>/analyse/", views.analyse, name="analyse"),
    path("a/<slug:slug>/method/", method_views.method, name="method"),
    path("a/<slug:slug>/results/", views.results, name="results"),
    path("a/<slug:slug>/results/<uuid:run>/", views.run, name="run"),
    path("a/<slug:slug>/results/<uuid:run>/<str:filename>", views.export, name="export"),
    *change_urls,
    *chart_urls,
    *paper_urls,
    *publishing_urls,
    *whatif_urls,
    *scenario_urls,
    *review_urls,
    *file_urls,
    *house_style_urls,
    *confirmation_urls,
    *disclosure_urls,
]
