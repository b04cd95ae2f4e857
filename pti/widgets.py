"""The rich editor: django-prose-editor, with what our texts allow, and a readable textarea without JavaScript."""

from functools import cache

from django_prose_editor.widgets import ProseEditorWidget, prose_editor_media
from js_asset import Media, Script

from pti.fields import clean_html, readable

EXTENSIONS = {
    "Bold": True,
    "Italic": True,
    "Underline": True,
    "Subscript": True,
    "Superscript": True,
    "Heading": {"levels": [4, 5]},
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "HardBreak": True,
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto", "tel"]},
    # All four, or the editor dies.
    "Table": True,
    "TableRow": True,
    "TableHeader": True,
    "TableCell": True,
    "History": True,
}


@cache
def media_of(preset):
    """Style and scripts of the editor."""
    return prose_editor_media(preset=preset) + Media(js=[Script("js/editor.js", defer=True)])


class RichTextWidget(ProseEditorWidget):
    """The textarea holds readable text; `js/editor.js` puts the markup in before the editor starts, and names it."""

    def __init__(self, *args, **kwargs):
        kwargs = {"config": {"extensions": EXTENSIONS}, "preset": "configurable", **kwargs}
        super().__init__(*args, **kwargs)
        self.attrs["rows"] = "6"

    @property
    def media(self):
        """The same object for every field: a form adds them up, and compares what it does not know."""
        return media_of(self.preset)

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        html = value or ""
        context["widget"]["attrs"]["data-pti-html"] = html
        context["widget"]["value"] = readable(clean_html(html)) or None
        return context
