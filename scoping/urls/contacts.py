"""Contact people of the stakeholder groups."""

from django.urls import path

from scoping.views import contacts

urlpatterns = [
    path("a/<slug:slug>/scoping/contacts/", contacts.contacts, name="contacts"),
    path("a/<slug:slug>/scoping/contacts/new/", contacts.contact, name="contact-new"),
    path("a/<slug:slug>/scoping/contacts/<int:contact_id>/", contacts.contact, name="contact"),
    path("a/<slug:slug>/scoping/contacts/<int:contact_id>/remove/", contacts.contact_remove, name="contact-remove"),
    path("a/<slug:slug>/scoping/groups/<slug:code>/contacts/remove/", contacts.contacts_remove, name="contacts-remove"),
]
