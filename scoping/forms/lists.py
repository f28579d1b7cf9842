"""The file that somebody uploads."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from scoping.forms.base import ScopingForm
from tables.reading import Limits

LARGEST = Limits().bytes


class UploadForm(ScopingForm):
    file = forms.FileField(
        label="File",
        widget=forms.FileInput(attrs={"accept": ".csv,.tsv,.txt,.xlsx,.xlsm"}),
        help_text=f"CSV or Excel (.xlsx), at most {LARGEST // 1_000_000} MB. The first row holds the headers.",
        error_messages={
            "required": "Choose a file first.",
            "empty": "The file is empty. Choose one with a list in it.",
            "max_length": "The name of the file is too long. Give it a shorter one.",
        },
        max_length=200,
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST:
            raise ValidationError(
                f"{file.name} has {(file.size or 0) / 1e6:,.0f} MB, and at most {LARGEST / 1e6:,.0f} MB are read. "
                "Leave out what is not part of the list, or split it and import the parts."
            )
        return file
