"""A reminder about indicators: those of fiches by the reminder of their fiches, those of axes by a mail to who pilots the axis.

A collection asks about fiches, with the values of their indicators; no partner writes the value of an axis. Its pilot is
written to, and answers the person who asks.
"""

from dataclasses import dataclass

from django.db import transaction

from actions.campaigns.preparing import letters_of, people_of
from actions.models import Indicator
from actions.selection import MOST
from pti import outbox
from pti.dates import today
from pti.mail_choices import choices_url
from pti.models import OutgoingMail

TEMPLATE = "mail/indicators"
KEY = "indicateurs:"
KIND = "indicators_of_axes"
PLACE = ("axis__lead", "axis__parent__lead", "axis__parent__parent__lead")
NO_AXIS = "ni fiche ni axe : personne n’en répond"
NO_LEAD = "son axe n’a pas de pilote"
NO_PERSON = "personne à qui écrire chez {}"


@dataclass
class Line:
    """One indicator of an axis, and the person who is written to about it."""

    indicator: Indicator
    axis: object
    person_name: str
    person_email: str


def lead_of(axis):
    """(node, body) that pilots `axis`: its own pilot, else that of the node above."""
    while axis is not None:
        if axis.lead_id:
            return axis, axis.lead
        axis = axis.parent
    return None, None


class Wanted:
    """Of a selection of indicators: how many fiches bear, those of axes that may be asked, the others with the reason."""

    def __init__(self, selection):
        self.pact, self.why = selection.pact, selection.why or "nouvelles attendues"
        self.of_fiches = selection.rows.exclude(action=None).count()
        rows = list(selection.rows.filter(action=None).select_related(*PLACE)[: MOST + 1])
        self.is_cut = len(rows) > MOST
        rows = rows[:MOST]
        self.lines, self.unwritten = [], []
        leads = {one.pk: lead_of(one.axis) for one in rows}
        people = people_of(self.pact, {body.pk for _, body in leads.values() if body})
        for one in rows:
            self.place(one, *leads[one.pk], people)

    def place(self, indicator, axis, body, people):
        """To whom one writes about it, or why nobody is."""
        if body is None:
            self.unwritten.append((indicator, NO_LEAD if indicator.axis_id else NO_AXIS))
        elif not people[body.pk]:
            self.unwritten.append((indicator, NO_PERSON.format(body.name)))
        else:
            person = people[body.pk][0]
            self.lines.append(Line(indicator, axis, person.name, person.email))

    def letters(self, on=None):
        """One letter a person, who wants such mails, whose address is good, who was not written to today."""
        on = on or today()
        letters = [one for one in letters_of(self.lines, self.pact, kind=KIND) if one.leaves]
        keys = {self.key_of(one, on): one for one in letters}
        told = set(OutgoingMail.objects.filter(key__in=keys).values_list("key", flat=True))
        return [letter for key, letter in keys.items() if key not in told]

    def key_of(self, letter, on):
        return outbox.fitted(f"{KEY}{self.pact.uid}:{on}:{self.why}:{letter.email}")


@transaction.atomic
def remind(*, wanted, by, on=None):
    """Queue the letters. Returns how many."""
    on = on or today()
    return outbox.queue_many(
        {
            "key": wanted.key_of(letter, on),
            "to": letter.email,
            "template": TEMPLATE,
            "pact": wanted.pact,
            "about": f"Indicateurs : {wanted.why}",
            "on": on,
            "pact_name": str(wanted.pact),
            "letter": letter,
            "why": wanted.why,
            "by": by,
            "choices_url": choices_url(letter.email),
        }
        for letter in wanted.letters(on)
    )
