"""Questionnaires that were frozen before their content was kept: what was asked then, in one language."""

from django.db import migrations


def fill(apps, schema_editor):
    questionnaires = apps.get_model("surveys", "Questionnaire").objects.filter(content={})
    for questionnaire in questionnaires.select_related("survey__assessment"):
        items = list(questionnaire.items.order_by("position"))
        survey = questionnaire.survey
        groups = list(survey.assessment.groups.all())
        texts = {"title": survey.title, "introduction": survey.introduction}
        texts |= {f"issue.{item.code}.name": item.name for item in items}
        texts |= {f"issue.{item.code}.description": item.description for item in items}
        texts |= {f"group.{group.code}.name": group.name for group in groups}
        positions = [item.position for item in items]
        questionnaire.content = {
            "kind": "rating",
            "low": questionnaire.scale_low,
            "high": questionnaire.scale_high,
            "choose": 0,
            "comment_per_issue": False,
            "comment_overall": False,
            "ask_missing": False,
            "anonymity": "anonymous",
            "editable": False,
            "languages": ["en"],
            "items": [{"position": item.position, "code": item.code, "dimension": ""} for item in items],
            "groups": {
                str(group.pk): {"code": group.code, "side": group.side, "positions": positions} for group in groups
            },
            "profile": [],
            "texts": {"en": {key: text for key, text in texts.items() if text}},
        }
        questionnaire.save(update_fields=["content"])
    # What was asked then asked for no comments; what has been counted was shown.
    tallies = apps.get_model("surveys", "GroupTally").objects.filter(shown=None)
    for tally in tallies.iterator():
        tally.shown = tally.next = tally.packed
        tally.save(update_fields=["shown", "next"])


class Migration(migrations.Migration):
    dependencies = [("surveys", "0002_survey_design")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
