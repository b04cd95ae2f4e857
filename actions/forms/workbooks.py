"""Sending a workbook of fiches, and matching the names that it leaves in doubt."""

from django import forms

from actions.models import Workbook
from pti.files import XLSX, UploadField, check_upload
from pti.forms import PtiForm

MATCHES_AT_ONCE = 50


class WorkbookForm(PtiForm):
    """The .xlsx file, recognised by its content."""

    file = UploadField(label="Classeur", help_text="Un classeur Excel (.xlsx), 20 Mo au plus : celui que cette page exporte.")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = ".xlsx"

    def clean_file(self):
        file = self.cleaned_data["file"]
        if check_upload(file) != XLSX:
            raise forms.ValidationError("Ce fichier n’est pas un classeur Excel (.xlsx).")
        return file

    def keep(self, *, pact, by):
        """Keep the file for its verification; those that nobody took in are forgotten."""
        Workbook.objects.forgotten().delete()
        file = self.cleaned_data["file"]
        file.seek(0)
        return Workbook.objects.create(pact=pact, sent_by=by, name=file.name[-200:], content=file.read())


class MatchForm(PtiForm):
    """One choice for each name in doubt: an organisation that resembles it, or the words as they are."""

    says_optional = False

    def __init__(self, *args, matches, **kwargs):
        super().__init__(*args, **kwargs)
        self.keys = {}
        for index, match in enumerate(list(matches)[:MATCHES_AT_ONCE]):
            self.keys[f"nom-{index}"] = match.key
            self.fields[f"nom-{index}"] = forms.ChoiceField(
                label=match.words,
                choices=[("", "À choisir"), *match.choices],
                initial=match.chosen,
                required=False,
                help_text=f"{match.times} fois dans le classeur." if match.times > 1 else "",
            )

    def chosen(self):
        """{normalised name: key}."""
        return {self.keys[name]: value for name, value in self.cleaned_data.items() if value}
