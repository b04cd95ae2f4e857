"""The concertation of the living copy: one reading, answered by invented people, closed before the adoption."""

import datetime

from partners.consulting import close_consultation, decide, open_consultation
from partners.enums import Arrival, OpinionKind, ProposalState
from partners.models import Opinion, Proposal
from pti import typography
from pti.fields import clean_html, readable
from pti.models import Statement

CAF = "Caisse d’allocations familiales Touraine"
EMPLOYMENT = "Pôle emploi"
HEALTH = "Agence régionale de santé"
ASKED = (CAF, EMPLOYMENT, HEALTH, "Préfecture d’Indre-et-Loire")
# Partner, person, words of the principle, what is proposed, why, the answer, the state, the text that enters when amended.
PROPOSALS = (
    (
        CAF, "Claire Morvan", "Faire participer les personnes concernées",
        "Faire participer les personnes concernées, de l’élaboration à l’évaluation, et leur dire ce que leurs avis ont changé",
        "Les groupes d’allocataires demandent à savoir ce que devient ce qu’ils disent.",
        "Retenu tel quel : c’est ce que demande aussi le comité de pilotage.", ProposalState.ACCEPTED, "",
    ),
    (
        EMPLOYMENT, "Karim Lefort", "Garder l’emploi comme horizon",
        "Garder l’emploi durable comme seul horizon",
        "L’emploi durable est l’objectif de nos conseillers.",
        "« Durable » entre dans le texte ; les difficultés sociales restent dites, comme l’ont voulu les autres partenaires.",
        ProposalState.AMENDED, "Garder l’emploi durable comme horizon tout en traitant les difficultés sociales",
    ),
    (
        HEALTH, "Julien Perrin", "Ne pas stigmatiser",
        "Ne pas stigmatiser les publics fragiles, et ouvrir un centre de santé par territoire",
        "L’accès aux soins manque dans les principes.",
        "C’est une action, pas un principe : la fiche sur l’accès aux soins la reprend.", ProposalState.REFUSED, "",
    ),
)  # fmt: skip


class Concertation:
    """Opens the reading on its day, lets partners answer, examines, closes."""

    def __init__(self, living, on):
        self.pact, self.partners, self.by, self.on = living.pact, living.partners, living.by, on

    def hold(self):
        """Two weeks to answer; the prefecture never did."""
        self.row = open_consultation(
            pact=self.pact,
            title="Première lecture du texte",
            deadline=self.on + datetime.timedelta(days=21),
            partners=[self.partners[name] for name in ASKED],
            by=self.by,
            message="Lisez les principes et les fiches que vous pilotez, et dites ce que vous changeriez.",
            on=self.on,
        )
        for rank, said in enumerate(PROPOSALS):
            self.propose(self.on + datetime.timedelta(days=5 + 4 * rank), *said)
        self.give(CAF, OpinionKind.FAVOURABLE, "", 16, author_name="Claire Morvan")
        self.give(
            HEALTH, OpinionKind.RESERVED, "<p>Favorable, sous réserve du calendrier du projet régional de santé.</p>", 18,
            author_name="Julien Perrin", on_behalf=True, received_by=Arrival.EMAIL, recorded_by=self.by,
        )  # fmt: skip
        close_consultation(consultation=self.row, on=self.on + datetime.timedelta(days=30))

    def propose(self, day, name, author, words, text, reason, answer, state, entered):
        """A proposal on the principle that begins with `words`, and its answer a week later."""
        target = next(one for one in Statement.objects.filter(pact=self.pact) if readable(one.text).startswith(words))
        row = Proposal.objects.create(
            consultation=self.row, partner=self.partners[name], author_name=author, target_model="Statement",
            target_uid=target.uid, target_name=typography.typeset(readable(target.text)[:80]), field="text", base=target.text,
            text=clean_html(text), reason=reason, submitted_on=day,
        )  # fmt: skip
        later = day + datetime.timedelta(days=7)
        decide(proposal=row, state=state, answer=answer, by=self.by, text=clean_html(entered), on=later)

    def give(self, name, kind, text, days, **said):
        Opinion.objects.create(
            consultation=self.row, partner=self.partners[name], kind=kind, text=text,
            given_on=self.on + datetime.timedelta(days=days), **said,
        )  # fmt: skip
