"""The controls of forms, written as Django's templates write them, character for character.

A form of forty fields drew a hundred templates, which took a third of its page.
"""

from django.forms.renderers import DjangoTemplates
from django.utils.formats import localize
from django.utils.html import conditional_escape

PLAIN = "checkbox", "color", "date", "datetime", "email", "file", "hidden", "number", "search", "tel", "text", "time", "url"
OPTION = "django/forms/widgets/select_option.html"


said = conditional_escape  # a value of an attribute


def read(value):
    """A value that is read: a label, a text."""
    return conditional_escape(localize(value))


def attributes(widget):
    """The attributes of a control, a space before each; a false one is left out, a true one has no value."""
    return "".join(
        f" {said(name)}" if value is True else f' {said(name)}="{said(value)}"'
        for name, value in widget["attrs"].items()
        if value is not False
    )


def draw_input(widget):
    value = "" if widget["value"] is None else f' value="{said(widget["value"])}"'
    return f'<input type="{said(widget["type"])}" name="{said(widget["name"])}"{value}{attributes(widget)}>'


def draw_textarea(widget):
    text = read(widget["value"]) if widget["value"] else ""
    return f'<textarea name="{said(widget["name"])}"{attributes(widget)}>\n{text}</textarea>'


def draw_option(option):
    return f'<option value="{said(option["value"])}"{attributes(option)}>{read(option["label"])}</option>\n'


def draw_select(widget):
    lines = []
    for group, options, _ in widget["optgroups"]:
        if group:
            lines.append(f'\n  <optgroup label="{read(group)}">')
        lines += [f"\n  {draw_option(option)}" for option in options]
        if group:
            lines.append("\n  </optgroup>")
    return f'<select name="{said(widget["name"])}"{attributes(widget)}>{"".join(lines)}\n</select>'


DRAWN = {f"django/forms/widgets/{name}.html": draw_input for name in PLAIN} | {
    "django/forms/widgets/textarea.html": draw_textarea,
    "django/forms/widgets/select.html": draw_select,
    "django/forms/widgets/radio_option.html": draw_input,
    "django/forms/widgets/checkbox_option.html": draw_input,
}


def is_plain(template_name, widget):
    """False for what a template must write: an option inside its label, a select whose options have their own."""
    if template_name == "django/forms/widgets/select.html":
        return all(option["template_name"] == OPTION for _, options, _ in widget["optgroups"] for option in options)
    return template_name in DRAWN and not widget.get("wrap_label")


class Renderer(DjangoTemplates):
    """Plain controls without a template, the others as Django does."""

    def render(self, template_name, context, request=None):
        widget = context.get("widget")
        if widget is None or not is_plain(template_name, widget):
            return super().render(template_name, context, request)
        return DRAWN[template_name](widget).strip()
