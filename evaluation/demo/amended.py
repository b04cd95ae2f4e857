"""The amendment of the living copy: two fiches and a section opened, submitted to four partners, one of them awaited."""

import datetime

from actions.models import Action
from evaluation.demo.consulted import ASKED, CAF, HEALTH
from partners.consulting import decide, open_consultation
from partners.enums import Arrival, OpinionKind, ProposalState
from partners.models import ConsultationPlan, Opinion, Proposal
from pti.amending import services
from pti.fields import clean_html
from pti.models import Section
from pti.ticks import copy_uid

PREFECTURE = "Préfecture d’Indre-et-Loire"
PURPOSE = (
    "<p>Le bilan de l’an dernier le demande : la plateforme de mobilité ouvre ses services aux jeunes, l’accès aux soins se "
    "rapproche des lieux d’accueil, et les outils de suivi sont complétés. Le reste du pacte ne change pas.</p>"
)
YOUNG = "<p>Jeunes de 16 à 25 ans suivis par une mission locale et gênés par leur mobilité</p>"
# Model, how the row is found, field, what is added at its end, the reason of the point.
POINTS = (
    (
        Action, {"number": "8"}, "audience", YOUNG,
        "Les missions locales orientent déjà des jeunes vers la plateforme, que la fiche ne prévoyait pas.",
    ),
    (
        Action, {"number": "10"}, "content",
        "<p>Tenir une permanence santé chaque mois dans les maisons de la solidarité.</p>",
        "Un tiers des personnes orientées vers un examen de santé ne s’y rend pas : le soin vient à elles.",
    ),
    (
        Section, {"title": "Outils"}, "text",
        "<p>Chaque année, les partenaires lisent ensemble les indicateurs de leurs fiches.</p>",
        "Les indicateurs étaient relevés, mais personne ne les lisait ensemble.",
    ),
)  # fmt: skip
# Partner, person, rank of the point, what replaces the text added, why, the answer, the state.
PROPOSALS = (
    (
        CAF, "Claire Morvan", 2,
        "<p>Chaque année, les partenaires et les groupes d’allocataires lisent ensemble les indicateurs de leurs fiches.</p>",
        "Ceux que ces chiffres décrivent ont à en dire.", "Retenu : les groupes ressources y seront invités.",
        ProposalState.ACCEPTED,
    ),
    (
        HEALTH, "Julien Perrin", 1,
        "<p>Tenir une permanence santé chaque semaine dans les maisons de la solidarité.</p>",
        "Une fois par mois ne suffit pas à créer une habitude.",
        "Non retenu cette année : les moyens de l’équipe ne le permettent pas. Le rythme sera revu au bilan.",
        ProposalState.REFUSED,
    ),
    (
        PREFECTURE, "Bureau de la cohésion sociale", 0,
        "<p>Jeunes de 16 à 29 ans suivis par une mission locale ou par Cap emploi et gênés par leur mobilité</p>",
        "Le contrat d’engagement jeune va jusqu’à 29 ans pour les personnes handicapées.", "", ProposalState.SUBMITTED,
    ),
)  # fmt: skip


class Amended:
    """Opens the amendment five weeks before the day of loading, writes it, submits it; its deadline is ten days ahead."""

    def __init__(self, living):
        self.base, self.by, self.on = living.pact, living.by, living.on

    def days_ago(self, count):
        return self.on - datetime.timedelta(days=count)

    def write(self):
        self.pact = services.open_amendment(base=self.base, purpose=PURPOSE, by=self.by, on=self.days_ago(35))
        self.rows = [self.change(*said) for said in POINTS]
        self.partners = {partner.name_in_text: partner for partner in self.pact.partners.select_related("organisation", "pact")}
        self.consultation = open_consultation(
            pact=self.pact,
            title="Lecture de l’avenant n° 1",
            deadline=self.days_ago(-10),
            partners=[self.partners[name] for name in ASKED],
            by=self.by,
            message="Trois points changent. Dites-nous si leur rédaction vous convient avant les délibérations de l’hiver.",
            on=self.days_ago(20),
        )
        plan = {"is_active": True, "first_after": 25, "every": 15, "started_on": self.days_ago(20)}
        ConsultationPlan.objects.create(consultation=self.consultation, **plan)
        for rank, said in enumerate(PROPOSALS):
            self.propose(self.days_ago(14 - 4 * rank), *said)
        self.give(CAF, OpinionKind.FAVOURABLE, "", 14, author_name="Claire Morvan")
        self.give(
            HEALTH, OpinionKind.RESERVED, "<p>Favorable, si le rythme des permanences est revu l’an prochain.</p>", 9,
            author_name="Julien Perrin", on_behalf=True, received_by=Arrival.EMAIL, recorded_by=self.by,
        )  # fmt: skip

    def change(self, model, found, name, added, reason):
        """Tick a row, and write at the end of one of its texts; returns (copy of the row, field, what was added)."""
        row = model.objects.get(pact=self.base, **found)
        services.tick(amendment=self.pact, model=model, target=row.uid, reason=reason, by=self.by)
        copy = model.objects.get(pact=self.pact, uid=copy_uid(self.pact.uid, row.uid))
        setattr(copy, name, getattr(copy, name) + clean_html(added))
        copy.save()
        return copy, name, clean_html(added)

    def propose(self, day, name, author, rank, text, reason, answer, state):
        row, field, base = self.rows[rank]
        received = {"on_behalf": True, "received_by": Arrival.LETTER, "recorded_by": self.by} if name == PREFECTURE else {}
        proposal = Proposal.objects.create(
            consultation=self.consultation, partner=self.partners[name], author_name=author, target_model=type(row).__name__,
            target_uid=row.uid, target_name=self.name_of(row), field=field, is_passage=True, base=base,
            text=clean_html(text), reason=reason, submitted_on=day, **received,
        )  # fmt: skip
        if state != ProposalState.SUBMITTED:
            decide(proposal=proposal, state=state, answer=answer, by=self.by, on=day + datetime.timedelta(days=3))

    def name_of(self, row):
        return f"{row.number}. {row.title}" if isinstance(row, Action) else row.title

    def give(self, name, kind, text, days, **said):
        Opinion.objects.create(
            consultation=self.consultation, partner=self.partners[name], kind=kind, text=text,
            given_on=self.days_ago(days), **said,
        )  # fmt: skip
