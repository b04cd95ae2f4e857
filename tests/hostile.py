"""A script, an attribute that breaks out, a formula: written in every text of a base, and looked for in what comes out."""

from html.parser import HTMLParser

from django.apps import apps
from django.db import models, transaction
from django.db.models import Case, F, Value, When
from django.db.models.functions import Concat, Length
from django.db.models.lookups import LessThanOrEqual
from django.db.utils import IntegrityError

from pti.fields import DateTextField
from pti.models import OutgoingMail, Version
from tests.emptied import FLOORS
from tests.factories.whole import whole_pact
from tests.secrets import SECRETS, make_secret_world

BREAKS_OUT = "\"'><img src=x onerror=alert(7)><script>alert(7)</script>{{ 7|add:7 }}</textarea>\u2028"
LINK = "javascript:alert(7)"
# What code writes and reads again: fingerprints, addresses, types, colours.
NOT_TYPED = {
    "sha256", "mime", "file", "email", "password", "brand", "accent", "logo", "imprint", "content", "siren", "siret",
    "base_sha256", "kind", "model", "target_model", "field", "read_as", "query",
}  # fmt: skip


def make_hostile_world():
    """The world with secrets, where each text that people type is what it was, after what a browser must not run."""
    world = make_secret_world()
    whole_pact()
    write_everywhere(BREAKS_OUT, keep=True)
    # A refused address is known by the mails that were sent to it: another mail bears the text as well.
    other, mails = OutgoingMail.objects.get(pk=world.mail.pk), models.QuerySet(OutgoingMail)
    other.pk, other.key = None, "autre"
    mails.bulk_create([other])
    mails.filter(pk=world.mail.pk).update(to=world.mail.to)
    return world


def text_columns(model):
    """Fields of a model in which people write freely."""
    for column in model._meta.concrete_fields:
        free = isinstance(column, models.CharField | models.TextField) and not isinstance(column, DateTextField)
        if free and not column.choices and not column.unique and column.name not in NOT_TYPED:
            yield column


def write_everywhere(text, *, keep=False):
    """Write `text` in every free column, below the guards of the models; `keep` what was there where both hold."""
    for floor in FLOORS:
        for model in apps.get_app_config(floor).get_models():
            if model is Version or model.__name__.startswith("Historical"):
                continue
            values = {column.name: written(column, text, keep) for column in text_columns(model)}
            if values and not taken(model, values):
                for name, value in values.items():
                    if not taken(model, {name: value}):  # a name that must be unique: one row bears it
                        first = models.QuerySet(model).order_by("pk").values_list("pk", flat=True)[:1]
                        models.QuerySet(model).filter(pk__in=list(first)).update(**{name: value})


def written(column, text, keep):
    """What a column gets: `text` cut to its length, or `text` and what was there; secrets are not written over."""
    if isinstance(column, models.URLField):
        return LINK
    if not keep:
        return text[: column.max_length]
    both = Concat(Value(column.get_prep_value(text)), F(column.name), output_field=models.TextField())
    secret = When(**{f"{column.name}__in": list(SECRETS.values())}, then=F(column.name))
    if column.max_length is None:
        return both
    room = When(LessThanOrEqual(Length(F(column.name)), column.max_length - len(text)), then=both)
    return Case(secret, room, default=Value(text[: column.max_length]), output_field=models.TextField())


def without_scripts(text):
    """`text` as it was before `write_everywhere`; of what was not kept, something short, or no address."""
    plain = text.replace(BREAKS_OUT, "").replace(LINK, "")
    return "1" if plain.startswith(BREAKS_OUT[:20]) else plain


def taken(model, values):
    """True when every row of `model` may bear `values`."""
    try:
        with transaction.atomic():
            models.QuerySet(model).update(**values)
    except IntegrityError:
        return False
    return True


class Danger(HTMLParser):
    """What a browser would run."""

    def __init__(self):
        super().__init__()
        self.found, self.in_script = [], False

    def handle_starttag(self, tag, attrs):
        self.in_script = tag == "script"
        for name, value in attrs:
            if name.startswith("on") or (name in {"href", "src", "action", "formaction", "xlink:href"} and runs(value)):
                self.found.append((tag, name, value))

    def handle_endtag(self, tag):
        self.in_script = False

    def handle_data(self, data):
        if (self.in_script and "alert(7)" in data and "<" in data) or (self.in_script and data.strip().startswith("alert(7)")):
            self.found.append(("script", "", data[:80]))


def runs(address):
    return (address or "").strip().lower().startswith(("javascript:", "data:text"))


def dangers_in(text):
    """What a browser would run of a page, and whether a template ran."""
    reader = Danger()
    reader.feed(text)
    return reader.found + (["a template ran"] if "14</textarea>" in text else [])
