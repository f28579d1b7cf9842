"""Addresses of the review. Issues have a folder of their own, so that no code of one can be the name of a page."""

from django.urls import path

from materiality.review import compared_views, views

urlpatterns = [
    path("a/<slug:slug>/review/", views.review, name="review"),
    path("a/<slug:slug>/review/comment/", views.say, name="review-comment"),
    path("a/<slug:slug>/review/points/<int:point>/close/", views.close_point, name="review-close"),
    path("a/<slug:slug>/review/compared/", compared_views.compared, name="runs-compared"),
    path("a/<slug:slug>/review/compared.csv", compared_views.export, name="runs-compared-export"),
    path("a/<slug:slug>/review/issues/<slug:code>/", views.issue, name="review-issue"),
    path("a/<slug:slug>/review/issues/<slug:code>/tier/", views.give_tier, name="review-tier"),
    path("a/<slug:slug>/review/issues/<slug:code>/tier/back/", views.take_back, name="review-tier-back"),
    path("a/<slug:slug>/review/issues/<slug:code>/comment/", views.say_on_issue, name="review-issue-comment"),
]
