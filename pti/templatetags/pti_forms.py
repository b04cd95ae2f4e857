"""Entry forms: one field, every field, the summary of errors, the save bar.

{% load pti_forms %}
{% error_summary form formset %}   links to every field to correct, above the form
{% field form.title %}             label, help before the field, control, counter, error
{% fields form %}                  all of them, hidden ones included
{% savebar "Enregistrer la fiche" cancel_url %}
{% form_media form %}              in the `scripts` block: the rich editor, when the form has one
"""

from django import forms, template
from django.forms.formsets import BaseFormSet
from django.template.loader import get_template
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from js_asset import Media

from pti import typography

register = template.Library()

GROUPS = (forms.RadioSelect, forms.CheckboxSelectMultiple)


def control_class(widget):
    if isinstance(widget, forms.Select):
        return "form-select"
    return "" if isinstance(widget, forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple) else "form-control"


def label_of(bound):
    """The label, « (facultatif) » when the answer may be left out."""
    label = typography.typeset(capfirst(str(bound.label)))
    says_optional = getattr(bound.form, "says_optional", True) and bound.name not in getattr(bound.form, "one_of", ())
    if bound.field.required or not says_optional or isinstance(bound.field.widget, forms.CheckboxInput):
        return label
    return format_html('{} <span class="pti-meta fw-normal">(facultatif)</span>', label)


def counter_of(bound):
    """What stands under a counted field, or nothing: only long texts and short titles with a limit are counted."""
    limit = bound.field.widget.attrs.get("maxlength") or getattr(bound.field, "max_length", None)
    if not limit or not getattr(bound.field.widget, "counted", isinstance(bound.field.widget, forms.Textarea)):
        return ""
    length = len(str(bound.value() or ""))
    return f"{typography.plural(length, 'caractère')} sur {typography.number(limit)}"


@register.inclusion_tag("pti/_field.html")
def field(bound, hidden_label=False):
    """One field, whatever its kind."""
    widget, errors = bound.field.widget, bound.errors
    counted = counter_of(bound)
    described = [bound.aria_describedby or "", f"{bound.auto_id}_count" if counted else ""]
    described = " ".join(part for part in described if part)
    context = {
        # Each dot of a template on a field is an exception: what it draws is given by name.
        "key": bound.auto_id,
        "control_key": bound.id_for_label,
        "help": bound.help_text,
        "errors": errors,
        "label": label_of(bound),
        "hidden_label": hidden_label,
        "described": described,
        "counted": counted,
        "options": [],
        "control": "",
    }
    if isinstance(widget, GROUPS):
        return context | {"kind": "choices", "options": list(bound)}
    kind = "checkbox" if isinstance(widget, forms.CheckboxInput) else "group" if widget.use_fieldset else "text"
    classes = [widget.attrs.get("class", ""), control_class(widget), "is-invalid" if errors else ""]
    attrs = {"class": " ".join(name for name in classes if name)}
    if described and kind != "group":
        attrs["aria-describedby"] = described
    if counted:
        attrs["data-pti-count"] = f"{bound.auto_id}_count"
    return context | {"kind": kind, "control": bound.as_widget(attrs=attrs)}


@register.simple_tag
def fields(form):
    """Every field of the form, in its order."""
    draw = get_template("pti/_field.html")
    hidden = [str(bound) for bound in form.hidden_fields()]
    return mark_safe("".join(hidden + [draw.render(field(bound)) for bound in form.visible_fields()]))


def first_control(bound):
    """The id that a link of the summary leads to."""
    if isinstance(bound.field.widget, GROUPS):
        return f"{bound.auto_id}_0"
    return bound.id_for_label or bound.auto_id


def error_lines(form):
    """[(text, id of the field)] of a form or a formset."""
    if isinstance(form, BaseFormSet):
        lines = [(typography.typeset(str(error)), "") for error in form.non_form_errors()]
        return lines + [line for one in form.forms for line in error_lines(one)]
    lines = [(typography.typeset(str(error)), "") for error in form.non_field_errors()]
    for bound in form:
        for error in bound.errors:
            lines.append((typography.typeset(f"{capfirst(str(bound.label))} : {error}"), first_control(bound)))
    return lines


@register.inclusion_tag("pti/_errors.html")
def error_summary(*all_forms):
    """The first thing that a refused form says; it takes the focus (js/errors.js)."""
    lines = [line for form in all_forms if form is not None and form.is_bound for line in error_lines(form)]
    if len(lines) > 1:
        title = f"{len(lines)} points sont à corriger"
    else:
        title = "Un champ est à corriger avant d’enregistrer" if any(at for _, at in lines) else "Rien n’est encore enregistré"
    return {"lines": lines, "title": title}


@register.inclusion_tag("pti/_savebar.html")
def savebar(verb, cancel_url="", status=""):
    """Save, cancel as a link, what was kept."""
    return {"verb": verb, "cancel_url": cancel_url, "status": status}


@register.simple_tag(takes_context=True)
def form_media(context, *all_forms):
    """Style and scripts that the forms need (the rich editor), under the page's nonce; nothing for plain forms."""
    media = Media()
    for form in all_forms:
        media = media + form.media
    if not media._js and not media._css:
        return ""
    nonce = getattr(context.get("request"), "csp_nonce", "")
    return Media.from_media(media, nonce=nonce)
