"""Field types of the house: long texts and raw dates."""

import html as html_entities
import re
from functools import lru_cache

import nh3
from django.db import models

# Headings inside a text are h4 and h5 only: the page and the printed document own the levels above.
ALLOWED_TAGS = {
    "a", "blockquote", "br", "em", "h4", "h5", "li", "ol", "p", "strong", "sub", "sup", "table",
    "tbody", "td", "th", "thead", "tr", "u", "ul",
}  # fmt: skip
ALLOWED_ATTRIBUTES = {"a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan", "scope"}, "ol": {"start"}}
SYNONYMS = {"b": "strong", "i": "em", "h1": "h4", "h2": "h4", "h3": "h4", "h6": "h5"}
WORD_BULLET = re.compile(r"(?:<p>\s*[·•▪‣◦§]\s*(?:&nbsp;|\u00a0|\s)*(.*?)</p>\s*)+", re.S)
WORD_BULLET_ITEM = re.compile(r"<p>\s*[·•▪‣◦§]\s*(?:&nbsp;|\u00a0|\s)*(.*?)</p>", re.S)
BULLET_LINE = re.compile(r"^[ \t]*[·•▪‣◦§*-][ \t\u00a0]+(.+)$", re.M)
EMPTY = re.compile(r"^(?:\s|&nbsp;|\u00a0|<p>(?:\s|&nbsp;|\u00a0|<br>)*</p>)*$")
BREAKS = re.compile(r"\n\s*")
BLOCK_TAGS = {"p", "h4", "h5", "ul", "ol", "table", "blockquote"}
VOID_TAGS = {"br"}
DEEPEST = 40
TAG = re.compile(r"<(/?)(\w+)([^>]*)>")


def _each_tag(change, html):
    """`TAG.sub`, up to the last tag that ends: thousands that never do would each be read to the end of the text."""
    end = html.rfind(">") + 1
    return TAG.sub(change, html[:end]) + html[end:]


def _rename_tag(match):
    slash, name, rest = match.groups()
    new = SYNONYMS.get(name.lower())
    return f"<{slash}{new}{'' if slash else rest}>" if new else match[0]


def _bullets_to_list(match):
    items = "".join(f"<li>{text.strip()}</li>" for text in WORD_BULLET_ITEM.findall(match[0]))
    return f"<ul>{items}</ul>"


def paragraphs(text):
    """Plain text as paragraphs: an empty line parts them, a line that starts with a bullet is an item."""
    lines = BULLET_LINE.sub(r"\n\n• \1\n\n", text)
    blocks = [block.strip() for block in re.split(r"\n\s*\n", lines) if block.strip()]
    return "".join(f"<p>{block.replace(chr(10), '<br>')}</p>" for block in blocks)


def readable(html):
    """Clean HTML as plain text, for a textarea or a comparison: `paragraphs` reads it back."""
    text = re.sub(r"<li[^>]*>(?:<p>)?", "\n• ", html or "")
    text = re.sub(r"<br[^>]*>|</(?:li|tr)>", "\n", text)
    text = re.sub(r"</(?:p|h4|h5|ul|ol|table|blockquote)>", "\n\n", text)
    text = re.sub(r"</t[dh]>", "\t", text)
    text = html_entities.unescape(_each_tag("", text))
    return BREAKS.sub(_fewer_lines, text).strip()


def _fewer_lines(match):
    """One empty line between paragraphs, none before an item: each run of white space is read once."""
    run = match[0]
    if run.count("\n") < 2:
        return run
    return "\n" if run.endswith("\n") and match.string.startswith("• ", match.end()) else "\n\n"


def _allowed(html):
    return nh3.clean(
        html,
        tags=ALLOWED_TAGS,
        clean_content_tags={"script", "style"},
        attributes=ALLOWED_ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer",
    )


def _shallow(html):
    """`html` without the tags nested deeper than any text of people: what draws a text goes down level by level."""
    depth = 0

    def kept(match):
        nonlocal depth
        slash, name, _ = match.groups()
        if name in VOID_TAGS:
            return match[0]
        depth += -1 if slash else 1
        return match[0] if depth + bool(slash) <= DEEPEST else ""

    return _each_tag(kept, html)


@lru_cache(maxsize=64)
def clean_html(html):
    """Clean `html` for good: allowed tags only, Word bullets as real lists, no script, no style, no `javascript:`.

    Plain text without any tag becomes paragraphs, so that an import or a textarea gives the same shape as the editor.
    Each save asks it of the same texts several times (the row, its past row): the last ones are remembered.
    """
    html = (html or "").replace("\r\n", "\n").strip()
    if not html:
        return ""
    if "<" not in html:
        html = paragraphs(html)
    cleaned = _allowed(_each_tag(_rename_tag, html))
    if cleaned.count("<") > 2 * DEEPEST:
        flat = _shallow(cleaned)
        cleaned = cleaned if flat == cleaned else _allowed(flat)
    cleaned = WORD_BULLET.sub(_bullets_to_list, cleaned)
    return "" if EMPTY.match(cleaned) else cleaned.strip()


def passages_of(html):
    """The outermost blocks of a clean text (paragraphs, headings, lists, tables), in order: joined, they are the text."""
    found, depth, start = [], 0, 0
    for tag in TAG.finditer(html or ""):
        slash, name, _ = tag.groups()
        if name in VOID_TAGS:
            continue
        if slash:
            depth -= 1
            if depth == 0 and name in BLOCK_TAGS:
                found.append(html[start : tag.end()])
                start = tag.end()
        else:
            if depth == 0 and name in BLOCK_TAGS and html[start : tag.start()].strip():
                found.append(html[start : tag.start()])
                start = tag.start()
            depth += 1
    if (html or "")[start:].strip():
        found.append(html[start:])
    return [one.strip() for one in found]


class RichTextField(models.TextField):
    """Long text, stored as clean HTML whatever the way in (form, import, admin, restore)."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    def pre_save(self, model_instance, add):
        value = clean_html(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value

    def get_prep_value(self, value):
        # `update()` and `bulk_update()` do not call pre_save: clean here too (cleaning twice changes nothing).
        return clean_html(super().get_prep_value(value))

    def formfield(self, **kwargs):
        from pti.forms import RichTextFormField

        return super().formfield(**{"form_class": RichTextFormField, "widget": RichTextFormField.widget, **kwargs})


class DateTextField(models.CharField):
    """A date or a period as the pact writes it (« 2015 », « 2014-S2 », « 31/02/2014 »); see pti.dates."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 120)
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)


def without_texts(queryset):
    """Leave unread the long texts, outlines and search columns of the rows and of what is selected with them.

    For lists and choices: a fiche weighs ten times its line.
    """
    return queryset.defer(*_heavy(queryset.model, queryset.query.select_related or {}))


def _heavy(model, related, path=""):
    """Lookups of the heavy columns of `model` and of its `related` rows."""
    for field in model._meta.concrete_fields:
        if isinstance(field, RichTextField | models.JSONField) or field.name == "search":
            yield f"{path}{field.name}"
    if isinstance(related, dict):
        for name, deeper in related.items():
            yield from _heavy(model._meta.get_field(name).related_model, deeper, f"{path}{name}__")
