"""The file that somebody uploads."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.text import format_lazy
from django.utils.translation import gettext, gettext_lazy

from scoping.forms.base import ScopingForm
from tables.reading import Limits

LARGEST = Limits().bytes


class UploadForm(ScopingForm):
    file = forms.FileField(
        label=gettext_lazy("File"),
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xlsm"}),
        help_text=format_lazy(
            gettext_lazy("CSV or Excel (.xlsx), at most {size} MB. The first row holds the headers."),
            size=LARGEST // 1_000_000,
        ),
        error_messages={
            "required": gettext_lazy("Choose a file first."),
            "empty": gettext_lazy("The file is empty. Choose one with a list in it."),
            "max_length": gettext_lazy("The name of the file is too long. Give it a shorter one."),
        },
        max_length=200,
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST:
            raise ValidationError(
                gettext(
                    "%(file)s has %(size)s MB, and at most %(most)s MB are read. "
                    "Leave out what is not part of the list, or split it and import the parts."
                )
                % {"file": file.name, "size": f"{(file.size or 0) / 1e6:,.0f}", "most": f"{LARGEST / 1e6:,.0f}"}
            )
        return file
