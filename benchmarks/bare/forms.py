from django import forms

from benchmarks.sizes import GROUPS, ITEMS

RATINGS = [*((str(value), str(value)) for value in range(1, 6)), ("0", "I cannot judge this")]


class AnswerForm(forms.Form):
    """42 fields: forty ratings, a group and a remark."""

    group = forms.ChoiceField(choices=[(str(number), f"Group {number}") for number in range(GROUPS)])
    for number in range(ITEMS):
        locals()[f"issue-{number}"] = forms.ChoiceField(
            label=f"How important is issue number {number}?", choices=RATINGS, widget=forms.RadioSelect
        )
    remark = forms.CharField(required=False, max_length=1000)
