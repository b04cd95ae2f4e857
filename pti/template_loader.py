"""The templates of the project as they are read: what they say in French takes its no-break spaces (docs/look.md).

A template is written with ordinary spaces; a line of a page never begins with « : » or « ! », nor ends with « « ».
Done once for each template, as it is compiled; what a page is filled with goes through the filter `typo`.
"""

import re

from django.template.loaders.filesystem import Loader as FilesystemLoader

from pti.typography import NBSP

# Tags of HTML and of Django: what they hold is no text.
TAGS = re.compile(r"(<[^>]*>|\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\})", re.S)
SPACE = re.compile(r" (?=[:;?!»])|(?<=«) ")


def typeset(source):
    """The source of a template, the spaces of its literal text made no-break where French wants them."""
    pieces = TAGS.split(source)
    pieces[::2] = [SPACE.sub(NBSP, text) for text in pieces[::2]]
    return "".join(pieces)


class Loader(FilesystemLoader):
    """Reads the folders of the settings; the text of mails keeps its spaces."""

    def get_contents(self, origin):
        source = super().get_contents(origin)
        return typeset(source) if origin.name.endswith(".html") else source
