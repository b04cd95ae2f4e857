"""Form pieces that several applications use."""

from django import forms


class RichTextFormField(forms.CharField):
    """Long text edited with the rich editor; a plain textarea without JavaScript."""

    widget = forms.Textarea
