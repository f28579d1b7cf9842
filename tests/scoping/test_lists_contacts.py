"""Lists of contacts: what a file would change, what it refuses, and what is stored."""

import csv
import io
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from accounts.models import AuditEvent
from scoping.lists import contacts as contacts_module
from scoping.lists.base import PlanChanged
from scoping.lists.contact_plan import COLUMNS, ContactPlan, Group, plan_contacts
from scoping.lists.contacts import ContactList, import_contacts
from scoping.lists.plan import Action
from scoping.lists.sources import read_list
from scoping.models import Assessment, Contact, Phase
from tables.problems import SourceError
from tables.writing import csv_bytes, xlsx_bytes
from tests.support.factories import AssessmentFactory, ContactFactory

GROUPS = [Group(1, "staff", "Staff"), Group(2, "customers", "Customers")]
LI = (7, 2, "Li Wei", "li@example.org", "Example Ltd.", "Buyer", "en")


def sheet(*rows: str, header: str = "Group,Name,E-mail,Employer,Role,Language") -> bytes:
    return "\r\n".join([header, *rows, ""]).encode()


def plan(*rows: str, present: tuple[Any, ...] = (), **more: str) -> ContactPlan:
    return plan_contacts(read_list("people.csv", sheet(*rows, **more), COLUMNS), groups=GROUPS, present=list(present))


def actions(made: ContactPlan) -> list[tuple[int, str]]:
    return [(line[0], line[1]) for line in made.lines]


def problems(made: ContactPlan) -> list[tuple[int, str, str]]:
    return [(line.row, line.column, line.note) for line in made.problems]


def facts(made: ContactPlan) -> dict[str, int]:
    return {fact.name: fact.number for fact in made.facts}


# --- the plan ---------------------------------------------------------------------------------------------
def test_a_new_person_is_added_with_all_that_the_row_says():
    made = plan("Customers,Li Wei,li@example.org,Example Ltd.,Buyer,English")
    assert made.added[0][1:] == (2, "Li Wei", "li@example.org", "Example Ltd.", "Buyer", "en")
    assert made.page()[0].values == ("Customers", "li@example.org", "Example Ltd.", "Buyer", "en")


def test_groups_are_found_by_name_or_code_in_any_letters():
    made = plan("STAFF,A,,,,", "customers,B,,,,", " Customers ,C,,,,")
    assert [person[1] for person in made.added] == [1, 2, 2]


def test_a_row_that_says_what_is_there_changes_nothing():
    made = plan("Customers,Li Wei,li@example.org,Example Ltd.,Buyer,en", present=(LI,))
    assert actions(made) == [(2, "unchanged")]
    assert not made.changes_something


def test_a_person_is_recognised_by_the_address_in_any_letters():
    made = plan("Customers,Li Wei,LI@Example.ORG,,,", present=(LI,))
    assert actions(made) == [(2, "unchanged")]


def test_a_change_names_the_field_with_old_and_new():
    made = plan("Staff,Li Wei,li@example.org,,Director,", present=(LI,))
    assert made.page()[0].changes == (("Group", "Customers", "Staff"), ("Role", "Buyer", "Director"))
    assert made.changed == [(7, 1, "Li Wei", "li@example.org", "Example Ltd.", "Director", "en")]


def test_an_empty_cell_leaves_what_is_there():
    made = plan(",,li@example.org,,,", present=(LI,))
    assert actions(made) == [(2, "unchanged")]


def test_without_an_address_group_and_name_tell_who_it_is():
    made = plan("Customers,li  WEI,,,Director,", present=(LI,))
    assert made.page()[0].changes == (("Name", "Li Wei", "li WEI"), ("Role", "Buyer", "Director"))


def test_the_same_name_in_another_group_is_another_person():
    made = plan("Staff,Li Wei,,,,", present=(LI,))
    assert facts(made) == {"New": 1, "Changed": 0, "Unchanged": 0}


def test_a_person_known_by_name_gets_the_address():
    made = plan("Customers,Li Wei,li@example.org,,,", present=((7, 2, "Li Wei", "", "", "", ""),))
    assert made.page()[0].changes == (("E-mail", "", "li@example.org"),)


def test_another_address_of_the_same_name_is_another_person():
    made = plan("Customers,Li Wei,other@example.org,,,", present=(LI,))
    assert facts(made)["New"] == 1
    assert made.changed == []


def test_a_name_that_several_have_needs_the_address():
    twin = (8, 2, "Li Wei", "other@example.org", "", "", "")
    made = plan("Customers,Li Wei,,,Director,", present=(LI, twin))
    assert problems(made)[0][:2] == (2, "E-mail")
    assert "2 contacts of Customers are called Li Wei" in problems(made)[0][2]


def test_a_row_that_says_the_same_again_is_called_a_repetition():
    made = plan("Staff,A,a@example.org,,,", "Staff,B,b@example.org,,,", "Staff,A,A@example.org,,,")
    assert made.page(Action.REPEAT)[0].note == "Repeats row 2."
    assert facts(made)["New"] == 2


def test_a_second_row_may_fill_what_the_first_left_empty():
    made = plan("Staff,A,a@example.org,,,", "Staff,A,a@example.org,,Director,")
    assert made.added[0][1:] == (1, "A", "a@example.org", "", "Director", "")
    assert made.page()[1].note == "The same person as in row 2."


def test_two_rows_that_contradict_each_other_are_a_problem_that_names_both():
    made = plan("Staff,A,a@example.org,,Buyer,", "Customers,A,a@example.org,,Director,")
    assert [(row, column) for row, column, _ in problems(made)] == [(3, "Group"), (3, "Role")]
    assert "“Director” here, but “Buyer” in row 2" in problems(made)[1][2]


def test_rows_about_somebody_who_is_there_may_not_contradict_each_other_either():
    made = plan(",,li@example.org,,Buyer,", ",,li@example.org,,Director,", present=(LI,))
    assert "in row 2" in problems(made)[0][2]


def test_an_unknown_group_is_refused_with_a_suggestion_and_the_groups():
    made = plan("Custmers,A,a@example.org,,,")
    assert problems(made) == [
        (2, "Group", '“Custmers” is not a stakeholder group of this assessment. Did you mean "Customers"?')
    ]
    assert made.notices == ["The stakeholder groups are: Staff and Customers."]


@pytest.mark.parametrize(
    ("row", "column", "said"),
    [
        (",A,a@example.org,,,", "Group", "The cell is empty"),
        (",A,,,,", "Group", "The cell is empty"),
        ("Staff,,,Example Ltd.,,", "Name", "The cell is empty, and so is the e-mail"),
        ("Staff,A,a.example.org,,,", "E-mail", "is not an e-mail address"),
        (f"Staff,A,{'a' * 250}@example.org,,,", "E-mail", "at most 254 characters"),
        (f"Staff,{'A' * 201},,,,", "Name", "has 201 characters; at most 200 fit"),
        (f"Staff,A,,{'A' * 201},,", "Employer", "at most 200"),
        (f"Staff,A,,,{'A' * 201},", "Role", "at most 200"),
        ("Staff,A,,,,Klingon!", "Language", "is not a language"),
    ],
)
def test_a_cell_that_cannot_be_is_named_by_row_and_column(row: str, column: str, said: str):
    made = plan("Staff,Fine,fine@example.org,,,", row)
    assert [(number, name) for number, name, _ in problems(made)] == [(3, column)]
    assert said in problems(made)[0][2]


def test_all_problems_of_a_row_are_said_at_once():
    made = plan(f"Nobody,{'A' * 201},no address,,,")
    assert [column for _, column, _ in problems(made)] == ["Group", "Name", "E-mail"]


def test_line_breaks_control_and_bidi_characters_do_not_reach_a_name_or_an_address():
    made = plan('Staff,"Li\r\nWei\u202e\x07","li@example.org\u200e",,,')
    assert made.added[0][2:4] == ("Li Wei", "li@example.org")


def test_an_address_that_carries_a_mail_header_is_refused():
    made = plan('Staff,Li,"li@example.org\r\nBcc: all@example.org",,,')
    assert problems(made)[0][:2] == (2, "E-mail")


@pytest.mark.parametrize("name", ["=cmd|'/c calc'!A1", "+1 555", "-Li", "@handle"])
def test_formulas_are_plain_texts(name: str):
    assert plan(f'Staff,"{name}",a@example.org,,,').added[0][2] == name


def test_who_is_not_in_the_file_stays():
    made = plan("Staff,A,a@example.org,,,", present=(LI,))
    assert made.notices == ["1 contact that the file does not name stays as it is. An import removes nobody."]


def test_the_digest_of_a_plan_changes_with_what_it_would_do():
    row = "Customers,Li Wei,li@example.org,,Director,"
    assert plan(row).digest == plan(row).digest
    assert plan(row).digest != plan(row, present=(LI,)).digest


def test_lines_are_shown_with_problems_first_and_the_unchanged_last():
    made = plan(",,li@example.org,,,", "Staff,A,a@example.org,,,", "Staff,,,,,", present=(LI,))
    assert [line.action for line in made.page()] == ["problem", "new", "unchanged"]


# --- the import -------------------------------------------------------------------------------------------
@pytest.fixture
def assessment(db: None) -> Assessment:
    made = AssessmentFactory(slug="paper-2024")
    for code, name in (("staff", "Staff"), ("customers", "Customers")):
        made.groups.create(code=code, name=name, side="internal" if code == "staff" else "external")
    return made


def imported(assessment: Assessment, *rows: str, **more: str) -> contacts_module.Imported:
    return import_contacts(assessment=assessment, name="people.csv", raw=sheet(*rows, **more))


def stored() -> list[tuple[str, ...]]:
    return list(Contact.objects.order_by("pk").values_list("group__code", "name", "email", "role"))


def test_an_import_stores_who_is_new_and_what_changed(assessment: Assessment):
    imported(assessment, "Staff,A,a@example.org,,Buyer,", "Staff,B,b@example.org,,,")
    counts = imported(assessment, "Customers,A,a@example.org,,Director,", "Staff,C,,,,", "Staff,B,b@example.org,,,")
    assert (counts.added, counts.changed, counts.unchanged, counts.repeated) == (1, 1, 1, 0)
    assert stored() == [
        ("customers", "A", "a@example.org", "Director"),
        ("staff", "B", "b@example.org", ""),
        ("staff", "C", "", ""),
    ]


def test_importing_the_same_file_twice_changes_nothing(assessment: Assessment):
    rows = ("Staff,Li Wei,,,,", "Staff,Li Wei,li@example.org,,,", "Customers,D,,,,", "Staff,,c@example.org,,,")
    imported(assessment, *rows)
    before = stored()
    counts = imported(assessment, *rows)
    assert (counts.added, counts.changed) == (0, 0)
    assert stored() == before


def test_one_problem_refuses_the_whole_file_and_nothing_is_stored(assessment: Assessment):
    with pytest.raises(ValidationError) as refused:
        imported(assessment, "Staff,A,a@example.org,,,", "Nobody,B,b@example.org,,,")
    assert refused.value.messages[0].startswith("Row 3, Group: “Nobody” is not a stakeholder group")
    assert stored() == []


def test_of_very_many_problems_the_first_hundred_are_said_and_the_rest_counted(assessment: Assessment):
    with pytest.raises(ValidationError) as refused:
        imported(assessment, *[f"Nobody {number},A,,,," for number in range(250)])
    assert len(refused.value.messages) == 101
    assert refused.value.messages[-1] == "And 150 more."


def test_an_import_that_fails_while_storing_leaves_nothing(assessment: Assessment, monkeypatch: pytest.MonkeyPatch):
    imported(assessment, "Staff,A,a@example.org,,Buyer,")
    events = AuditEvent.objects.count()

    def broken(contacts: Any) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(contacts_module, "update_contacts", broken)
    with pytest.raises(RuntimeError):
        imported(assessment, "Staff,A,a@example.org,,Director,", "Staff,B,b@example.org,,,")
    assert stored() == [("staff", "A", "a@example.org", "Buyer")]
    assert AuditEvent.objects.count() == events


def test_the_audit_trail_has_numbers_and_no_person(assessment: Assessment):
    imported(assessment, "Staff,Li Wei,li@example.org,,,", "Staff,B,,,,")
    assert AuditEvent.objects.latest("pk").summary == "imported contacts: 2 added"


def test_an_import_that_changes_nothing_leaves_no_line_in_the_audit_trail(assessment: Assessment):
    imported(assessment, "Staff,A,a@example.org,,,")
    events = AuditEvent.objects.count()
    imported(assessment, "Staff,A,a@example.org,,,")
    assert AuditEvent.objects.count() == events


def test_contacts_may_change_after_the_survey_has_opened(assessment: Assessment):
    Assessment.objects.update(phase=Phase.SURVEY)
    assert imported(assessment, "Staff,A,a@example.org,,,").added == 1


def test_contacts_of_another_assessment_are_not_touched(assessment: Assessment):
    other = ContactFactory(name="A", email="a@example.org")
    imported(assessment, "Staff,B,a@example.org,,,")
    other.refresh_from_db()
    assert other.name == "A"
    assert assessment.contacts.get().name == "B"


def test_a_plan_that_nobody_agreed_to_is_not_carried_out(assessment: Assessment):
    contacts = ContactList(assessment)
    file = contacts.read("people.csv", sheet("Staff,A,a@example.org,,,"))
    agreed = contacts.plan(file).digest
    imported(assessment, "Customers,A,a@example.org,,,")
    with pytest.raises(PlanChanged) as refused:
        contacts.carry_out(file, agreed=agreed)
    assert refused.value.plan.rows[Action.CHANGE] == 1
    assert stored()[0][0] == "customers"


def test_a_file_that_is_no_list_of_contacts_is_refused(assessment: Assessment):
    with pytest.raises(SourceError, match="no column Group"):
        imported(assessment, "x", header="Water")


HOSTILE = ["=1+1", "+49 30", "-Li", "@li", "'=quoted", "O'Neill", "数据 “张”", 'a "quote"', "semi;colon, comma", "--"]


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_an_export_that_is_imported_unchanged_changes_nothing(assessment: Assessment, format: str):
    group = assessment.groups.get(code="customers")
    for number, name in enumerate(HOSTILE):
        email = f"p{number}@example.org" if number % 2 else ""
        ContactFactory(group=group, name=name, email=email, employer=name, role=name, language="zh-Hans")
    ContactFactory(group=group, name="", email="only@example.org")
    table = ContactList(assessment).table()
    raw = csv_bytes(table) if format == "csv" else xlsx_bytes([table], title="Contacts")
    contacts = ContactList(assessment)
    made = contacts.plan(contacts.read(f"export.{format}", raw))
    assert made.rows == {"problem": 0, "changed": 0, "new": 0, "repeated": 0, "unchanged": len(HOSTILE) + 1}


def test_an_export_runs_no_formula(assessment: Assessment):
    ContactFactory(group=assessment.groups.first(), name="=1+1", email="")
    rows = list(csv.reader(io.StringIO(csv_bytes(ContactList(assessment).table()).decode("utf-8-sig"))))
    assert rows[1][1] == "'=1+1"
