"""Tags and filters that every screen uses: icons, states, whose turn, sections, French typography.

{% load pti %}
{% icon "download" %} {% state "c-warn" "Appuis nécessaires" %} {% lateness milestone.due_on milestone.done_on day %}
{% crumbs "Fiches-actions" list_url "Fiche 9" url %}
{% turn "À vous" %}Relire le texte.{% endturn %} {% turn "On attend" wait=True %}la CAF.{% endturn %}
{% section "Jalons" id="jalons" link=url link_text="Tout voir" %}…{% endsection %}
{% fold "Public" %}…{% endfold %} {% empty_box %}<p>Aucun jalon.</p>{% endempty_box %}
{{ text|typo }} {{ day|french_date }} {{ sum|euros }} {{ action.objectives|rich }}
"""

import re
from functools import cache

from django import template
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import mark_safe
from django.utils.text import slugify

from pti import colours, typography
from pti.filters import render_field

register = template.Library()

TONES = {"c-good": "good", "c-fair": "fair", "c-warn": "warn", "c-bad": "bad", "c-none": "none", "j-late": "bad"}
UNKNOWN = mark_safe('<span class="pti-state--none">Non renseigné</span>')
SOON_DAYS = 30
HEADING = re.compile(r"(</?h)([45])(?=>)")


@cache
def sprite_url():
    return static("icons.svg")


@register.simple_tag
@cache
def icon(name):
    """A shape of the sprite, hidden from screen readers: a word goes with it."""
    return format_html(
        '<svg class="pti-icon" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>', sprite_url(), name
    )


@register.simple_tag
def brand_stylesheet(brand):
    """The link to the brand's colours; those that pti.css already holds need none."""
    if (brand.brand.lower(), brand.accent.lower()) == colours.DEFAULTS:
        return ""
    colours_in_address = f"{brand.brand}{brand.accent}".replace("#", "-").strip("-")
    return format_html('<link rel="stylesheet" href="{}?{}">', reverse("brand_css"), colours_in_address)


@register.simple_tag
def state(shape, word, tone=""):
    """A state: shape, word, and a colour for confidence and lateness only."""
    tone = tone or TONES.get(shape, "ink")
    return format_html('<span class="pti-state pti-state--{}">{}<span>{}</span></span>', tone, icon(shape), word)


@register.simple_tag
def tag(shape, word, tone=""):
    """A state seen from afar (projected meeting), on its tint."""
    tone = tone or TONES.get(shape, "none")
    return format_html('<span class="pti-tag pti-tag--{}">{}<span>{}</span></span>', tone, icon(shape), word)


@register.simple_tag
def lateness(due_on, done_on, on):
    """« En retard de 98 jours », « Dans 25 jours », the date, or « Sans échéance », judged on the day `on`."""
    if done_on:
        return state("j-done", format_html("Fait le {}", typography.day(done_on)))
    if due_on is None:
        return mark_safe('<span class="pti-meta">Sans échéance</span>')
    days = (due_on - on).days
    if days < 0:
        return state("clock-history", f"En retard de {typography.elapsed(-days)}", "bad")
    if days <= SOON_DAYS:
        return state("hourglass-split", "Aujourd’hui" if days == 0 else f"Dans {typography.plural(days, 'jour')}")
    return format_html('<span class="pti-meta">{}</span>', typography.day(due_on))


@register.simple_tag
def milestone_state(due_on, done_on, on):
    """Diamond of a milestone: done, planned, late."""
    if done_on:
        return state("j-done", format_html("Fait le {}", typography.day(done_on)))
    if due_on is None:
        return state("j-todo", "Sans date")
    if due_on < on:
        planned = typography.day(due_on)
        return state("j-late", format_html("Prévu le {}, en retard de {}", planned, typography.elapsed((on - due_on).days)))
    return state("j-todo", format_html("Prévu le {}", typography.day(due_on)))


@register.simple_tag
def crumbs(*pairs):
    """Breadcrumbs: label, address, label, address…"""
    items = format_html_join("", '<li><a href="{1}">{0}</a></li>', zip(pairs[::2], pairs[1::2], strict=True))
    return format_html('<nav aria-label="Fil d’Ariane"><ol class="pti-crumbs">{}</ol></nav>', items)


DOWNLOADS = (
    ("pdf", "PDF, pour lire et imprimer"),
    ("livret", "PDF en livret A5, à plier"),
    ("docx", "Word (.docx), pour continuer le texte"),
    ("odt", "OpenDocument (.odt)"),
)


@register.inclusion_tag("pti/_downloads.html")
def downloads(view, *args, label="Télécharger"):
    """Menu of the files that `view` gives: {% downloads "pact_print" pact.pk %}; a piece has no booklet."""
    forms = [form for form in DOWNLOADS if view in ("pact_print", "version_print") or form[0] != "livret"]
    return {"label": label, "files": [(reverse(view, args=[*args, form]), words) for form, words in forms]}


@register.simple_block_tag(end_name="endturn")
def turn(content, who="À vous", wait=False):
    """What is expected and of whom; at most one « À vous » and one « On attend » in a head."""
    return format_html(
        '<div class="pti-turn{}"><span class="pti-turn__who">{}</span><span class="pti-turn__what">{}</span></div>',
        " pti-turn--wait" if wait else "",
        who,
        content,
    )


@register.simple_block_tag(end_name="endsection")
def section(content, title, id="", first=False, link="", link_text="", meta=""):
    """One h2 with at most one link, or one remark, facing it."""
    id = id or slugify(title)
    facing = format_html('<a href="{}">{}</a>', link, link_text) if link else ""
    facing = facing or (format_html('<span class="pti-meta">{}</span>', meta) if meta else "")
    return format_html(
        '<section class="pti-section{}" id="{}" aria-labelledby="t-{}">'
        '<div class="pti-section__head"><h2 id="t-{}">{}</h2>{}</div>{}</section>',
        " pti-section--first" if first else "",
        id,
        id,
        id,
        typography.typeset(title),
        facing,
        content,
    )


@register.simple_block_tag(end_name="endfold")
def fold(content, title, open=False, id=""):
    """A folded part; it opens on paper."""
    opening = format_html(' id="{}"', id) if id else ""
    return format_html(
        '<details class="pti-fold"{}{}><summary>{}</summary>{}</details>',
        opening,
        " open" if open else "",
        typography.typeset(title),
        content,
    )


@register.simple_block_tag(end_name="endempty_box")
def empty_box(content):
    """What is absent, why, one button."""
    return format_html('<div class="pti-empty">{}</div>', content)


@register.simple_tag
def tile(count, label, definition, url, shape, tone="ink", current=False):
    """One alert tile, inside `<ul class="pti-tiles">`: a count that is a filter. At zero it stays, in grey."""
    return format_html(
        '<li><a class="pti-tile" href="{}"{} data-pti-figure="{}"><span class="pti-tile__n">{}</span>'
        '<span class="pti-state pti-state--{} justify-content-end">{}</span>'
        '<span class="pti-tile__label">{}</span><span class="pti-tile__def">{}</span></a></li>',
        url,
        mark_safe(' aria-current="true"') if current else "",
        count,
        typography.number(count),
        tone if count else "none",
        icon(shape),
        typography.typeset(label),
        typography.typeset(definition),
    )


@register.filter
def typo(text):
    """No-break spaces and curly apostrophes."""
    return typography.typeset(text)


@register.filter
def french_date(value):
    return typography.day(value)


@register.filter
def french_hour(value):
    return typography.hour(value)


@register.filter
def french_instant(value):
    return typography.instant(value)


@register.filter
def date_text(raw):
    return typography.date_text(raw)


@register.filter
def quarter(value):
    return typography.quarter(value)


@register.filter
def quarter_short(value):
    return typography.quarter_short(value)


@register.simple_tag
def period(first, last):
    return typography.span(first, last)


@register.filter
def number(value, digits=None):
    return typography.number(value, digits)


@register.filter
def euros(value):
    return typography.euros(value)


@register.filter
def count_of(count, noun):
    """`{{ 3|count_of:"fiche" }}`, `{{ 2|count_of:"jalon tenu,jalons tenus" }}`."""
    singular, _, several = noun.partition(",")
    return typography.plural(count, singular, several or None)


@register.filter
def known(value):
    """The value, or « Non renseigné »: what is unknown is shown as unknown."""
    return UNKNOWN if value is None or value == "" else conditional_escape(value)


@register.filter
def rich(html):
    """A long text that commits, in serif; clean since it was stored (pti.fields)."""
    return format_html('<div class="pti-text">{}</div>', mark_safe(html)) if html else UNKNOWN


@register.filter
def rich_plain(html):
    """A long text that runs the tool (minutes, notes), in sans."""
    return mark_safe(html) if html else UNKNOWN


@register.filter
def rich_under_h2(html):
    """A long text straight under an h2: its headings, stored as h4 and h5, go up by one, so that no level is skipped."""
    return rich_plain(HEADING.sub(lambda found: f"{found[1]}{int(found[2]) - 1}", html or ""))


@register.simple_tag
def filter_field(bound):
    """Label and control of one filter, rendered cheaply."""
    return render_field(bound)
