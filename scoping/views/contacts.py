"""The contact people of the stakeholder groups. They are personal data: only who edits sees them."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_POST

from accounts.permissions import editors_only
from accounts.requests import MemberRequest
from scoping.forms.contacts import ContactForm
from scoping.selectors.contacts import contact_groups, contact_page
from scoping.services.contacts import remove_contact, remove_contacts, save_contact
from scoping.views.base import address, find_assessment, form_page, form_response, sent
from scoping.views.paging import links_to_pages, page_number
from tables.names import tidy


@require_GET
def contacts(request: MemberRequest, slug: str) -> HttpResponse:
    """A hundred contacts: of all groups or one, all or those with some words in name or address."""
    if not request.membership.may_edit:
        raise PermissionDenied(gettext("Contacts are people's names and addresses. Only owners and analysts see them."))
    assessment = find_assessment(request, slug)
    groups = contact_groups(assessment)
    code = request.GET.get("group", "")
    group = next((one for one in groups if one.code == code), None)
    if code and group is None:
        raise Http404("There is no such group.")
    words = tidy(request.GET.get("q", ""))[:200]
    page = contact_page(assessment, groups, group=group, words=words, page=page_number(request))
    here = {key: value for key, value in (("group", code), ("q", words)) if value}
    context = {
        "assessment": assessment,
        "groups": groups,
        "group": group,
        "total": sum(one.contacts for one in groups),
        "words": words,
        "page": page,
        "pages": links_to_pages(page.page, page.pages, here),
    }
    return render(request, "scoping/contacts.html", context)


@editors_only
@form_page
def contact(request: MemberRequest, slug: str, contact_id: int | None = None) -> HttpResponse:
    """Adds a contact, or changes the one with this id."""
    assessment = find_assessment(request, slug)
    present = None
    if contact_id is not None:
        present = get_object_or_404(assessment.contacts.select_related("group"), pk=contact_id)
    form = ContactForm(sent(request), assessment=assessment, contact=present, group=request.GET.get("group", ""))
    if request.method == "POST" and form.attempt(
        lambda values: save_contact(contact=present, by=request.user, **values)
    ):
        messages.success(
            request, gettext("“%(name)s” is saved.") % {"name": form.cleaned_data["name"] or form.cleaned_data["email"]}
        )
        chosen = form.cleaned_data["group"].code
        if "another" in request.POST:
            return redirect(address(request, slug, "contact-new", query={"group": chosen}))
        return redirect(address(request, slug, "contacts", query={"group": chosen}))
    # The list shows one group when the form was opened from it there.
    group = request.GET.get("group", "")
    known = assessment.groups.filter(code=group.replace("\x00", "")).exists() if group else False
    back = address(request, slug, "contacts", query={"group": group} if known else {})
    context = {"assessment": assessment, "contact": present, "back": back}
    return form_response(request, "scoping/contact.html", form, context)


@editors_only
@require_POST
def contact_remove(request: MemberRequest, slug: str, contact_id: int) -> HttpResponse:
    assessment = find_assessment(request, slug)
    present = get_object_or_404(assessment.contacts.select_related("group", "assessment"), pk=contact_id)
    remove_contact(contact=present, by=request.user)
    messages.success(request, gettext("“%(name)s” is removed.") % {"name": present})
    return redirect(address(request, slug, "contacts", query={"group": present.group.code}))


@editors_only
@require_POST
def contacts_remove(request: MemberRequest, slug: str, code: str) -> HttpResponse:
    """Removes all contacts of a group."""
    assessment = find_assessment(request, slug)
    group = get_object_or_404(assessment.groups.select_related("assessment"), code=code)
    removed = remove_contacts(group=group, by=request.user)
    done = ngettext("%(n)s contact of %(group)s is removed.", "%(n)s contacts of %(group)s are removed.", removed) % {
        "n": f"{removed:,}",
        "group": group,
    }
    messages.success(request, done)
    return redirect(address(request, slug, "contacts"))
