"""What partners were asked and answered, the public page, the amendments, a workbook sent back."""

import datetime
import uuid

from django.db import models

from actions.models import Action, Workbook
from actions.sheets.book import write
from bench.base.texts import BORN, CONSULTATIONS, TODAY, paragraphs, some
from partners.enums import OpinionKind, ProposalState
from partners.models import Consultation, ConsultedPartner, Opinion, Proposal, Publication
from pti.amending.mapping import text_parts
from pti.enums import PactState
from pti.models import Amendment, AmendmentPoint, Pact, VersionDocument
from pti.ticks import copy_uid


class Talks:
    """Consultations on the working version, the publication of the adopted one, one amendment being drafted."""

    def talks(self):
        asked = self.put(
            Consultation,
            [
                Consultation(
                    pact=self.pact,
                    version=self.working,
                    title=some(6, i).capitalize(),
                    deadline=BORN + datetime.timedelta(days=60),
                    opened_on=BORN,
                    closed_on=TODAY,
                )
                for i in range(CONSULTATIONS * self.scale)
            ],
        )
        self.asked = asked[0]
        self.put(ConsultedPartner, [ConsultedPartner(consultation=asked[0], partner=one) for one in self.all_partners])
        self.put(Proposal, [self.proposal(i) for i in range(len(self.fiches))])
        self.put(
            Opinion,
            [
                Opinion(consultation=asked[0], partner=one, kind=OpinionKind.values[i % 4], text=paragraphs(1, i))
                for i, one in enumerate(self.all_partners[::2])
            ],
        )

    def proposal(self, i):
        """Another wording for the objectives of one fiche, pending or accepted in turn."""
        fiche, pending = self.fiches[i], i % 2
        return Proposal(
            consultation=self.asked,
            partner=self.all_partners[i % len(self.all_partners)],
            target_model="Action",
            target_uid=fiche.uid,
            target_name=fiche.title,
            field="objectives",
            base=fiche.objectives,
            text=paragraphs(2, i + 9),
            submitted_on=BORN,
            state=ProposalState.SUBMITTED if pending else ProposalState.ACCEPTED,
            decided_on=None if pending else TODAY,
        )

    def publish(self):
        self.put(
            VersionDocument,
            [VersionDocument(version=self.version_signed, file="aa/absent", name="pacte.pdf", mime="application/pdf", size=1)],
        )
        self.put(Publication, [Publication(pact=self.pact, version=self.version_signed, posted_on=TODAY, posted_by=self.user)])

    def amend(self):
        """An amendment being drafted: a copy of the text, ten fiches ticked, the objectives of three of them written again."""
        amendment = self.amendment = Pact.objects.get(pk=self.pact.pk)
        amendment.pk, amendment.uid, amendment.state = None, uuid.uuid4(), PactState.DRAFTING
        amendment.amends, amendment.amendment_number = self.pact, 1
        models.QuerySet(Pact).bulk_create([amendment])
        version = self.version_signed
        self.put(
            Amendment,
            [
                Amendment(
                    pact=amendment,
                    purpose=paragraphs(1, 0),
                    opened_on=TODAY,
                    base_number=version.number,
                    base_sha256=version.sha256,
                )
            ],
        )
        self.put(
            AmendmentPoint,
            [
                AmendmentPoint(pact=amendment, target=one.uid, model="Action", label=one.title, reason=some(9, i))
                for i, one in enumerate(self.fiches[:10])
            ],
        )
        self.copy_text(amendment)
        models.QuerySet(Action).filter(pact=amendment, order__lt=3).update(objectives=paragraphs(2, 30))

    def copy_text(self, amendment):
        """The rows of the text under the amendment, each with the uid of a copy."""
        twins = {(Pact, self.pact.pk): amendment.pk}
        for part in text_parts():
            for model in part.models:
                if model is not Pact:
                    rows = list(part.rows(model, self.pact).order_by("pk"))
                    nested = [one for one in rows if getattr(one, "parent_id", None)]
                    for level in ([one for one in rows if one not in nested], nested):
                        self.copy_rows(model, level, amendment, twins)

    def copy_rows(self, model, rows, amendment, twins):
        """Insert copies of `rows`, which point to the copies made before (`twins`), and copy their links."""
        old = [row.pk for row in rows]
        for row in rows:
            row.pk, row.uid = None, copy_uid(amendment.uid, row.uid)
            for column in model._meta.concrete_fields:
                if column.is_relation:
                    target = getattr(row, column.attname)
                    setattr(row, column.attname, twins.get((column.related_model, target), target))
        models.QuerySet(model).bulk_create(rows, batch_size=2000)
        twins |= {(model, before): row.pk for before, row in zip(old, rows, strict=True)}
        for field in model._meta.many_to_many:
            own, other = field.m2m_column_name(), field.m2m_reverse_name()
            links = models.QuerySet(field.remote_field.through).filter(**{f"{own}__in": old}).values_list(own, other)
            through = field.remote_field.through
            models.QuerySet(through).bulk_create(
                through(**{own: twins[model, mine], other: twins.get((field.related_model, target), target)})
                for mine, target in links
            )

    def workbook(self):
        """The fiches of the amendment, whose text is still written, sent back as they were handed out."""
        rows = [Workbook(pact=self.amendment, sent_by=self.user, name="fiches.xlsx", content=write(self.amendment))]
        models.QuerySet(Workbook).bulk_create(rows)
