"""Assessments that were made before screening get the criteria that new ones come with."""

from django.db import migrations

# As they were when this was written; what new assessments get may change.
CRITERIA = (
    (
        "Contribution to sustainable development",
        "Handling it well makes a real difference to people or to nature, beyond the company itself.",
    ),
    (
        "General concern of stakeholders",
        "Several stakeholder groups bring it up themselves, or one group brings it up again and again.",
    ),
    (
        "Highlighted in related ESG guidelines",
        "The standards, listing rules or ratings that the report follows ask about it by name.",
    ),
    (
        "Need of the company’s strategic development",
        "The plans for the coming years depend on it, or could fail because of it.",
    ),
)


def add_criteria(apps, schema_editor):
    Criterion = apps.get_model("scoping", "Criterion")
    without = apps.get_model("scoping", "Assessment").objects.filter(criteria=None)
    Criterion.objects.bulk_create(
        Criterion(assessment_id=pk, name=name, description=description, position=position)
        for pk in without.values_list("pk", flat=True)
        for position, (name, description) in enumerate(CRITERIA)
    )


class Migration(migrations.Migration):
    dependencies = [("scoping", "0002_scoping_in_full")]

    operations = [migrations.RunPython(add_criteria, migrations.RunPython.noop, elidable=False)]
