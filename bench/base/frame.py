"""Ground floor and partners."""

import math

from django.db import models

from bench.base.texts import BORN, EMAIL, END, FIGURES, PARTNERS, PEOPLE, SIGNATORIES, paragraphs, some
from partners.enums import OrganisationKind, Standing
from partners.models import (
    Approval,
    Commitment,
    Contact,
    Organisation,
    Partner,
    PartnerDocument,
    Signature,
    StakeholderAnalysis,
)
from pti.enums import PactState, Role, TerritoryKind, VersionStage
from pti.models import (
    Access,
    ContextFigure,
    GlossaryTerm,
    Pact,
    PactTerritory,
    Scheme,
    Section,
    StateChange,
    Statement,
    Territory,
    User,
    Version,
)
from pti.outlines import POINTS
from pti.versions import FORMAT, canonical, draft_of, sha256_of


class Frame:
    """The pact, its frame, its partners and their signatures."""

    def place(self, rank):
        """A territory, with an outline as heavy as they are kept."""
        turn = 2 * math.pi / (POINTS - 1)
        ring = [
            [round(rank % 4 + math.cos(turn * one) / 2, 5), round(46 + rank // 4 + math.sin(turn * one) / 2, 5)]
            for one in range(POINTS - 1)
        ]
        outline = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
        name = f"Territoire {rank}"
        return Territory(name=name, kind=TerritoryKind.SOCIAL, parent=self.department, outline=outline)

    def frame(self):

        self.department = self.put(Territory, [Territory(name="Indre-et-Loire", kind=TerritoryKind.DEPARTMENT, code="37")])[0]
        self.places = self.put(Territory, [self.place(rank) for rank in range(12)])
        pact = Pact(
            title="Pacte territorial pour l’insertion du bench",
            start_text="2022",
            end_text="2027",
            state=PactState.IN_FORCE,
            starts_on=BORN,
            ends_on=END,
            in_force_on=BORN,
            legal_basis=paragraphs(1, 0),
        )
        self.pact = self.put(Pact, [pact])[0]
        self.link(Pact.departments, [(self.pact, self.department)])
        self.put(
            PactTerritory, [PactTerritory(pact=self.pact, territory=place, order=i) for i, place in enumerate(self.places)]
        )
        self.user = self.put(User, [User(email=EMAIL, first_name="Nadia", last_name="Bench", password="!")])[0]
        self.put(Access, [Access(user=self.user, pact=self.pact, role=Role.ANIMATOR)])
        self.put(StateChange, [StateChange(pact=self.pact, from_state="signature", to_state="in_force", on=BORN, by=self.user)])
        sections = [Section(pact=self.pact, title=some(5, i), text=paragraphs(4, i), order=i) for i in range(15)]
        self.put(Section, sections)
        self.put(Statement, [Statement(pact=self.pact, kind="stake", title=some(6, i), order=i) for i in range(8)])
        self.put(GlossaryTerm, [GlossaryTerm(pact=self.pact, term=some(2, i), definition=paragraphs(1, i)) for i in range(20)])
        self.schemes = self.put(Scheme, [Scheme(pact=self.pact, name=f"Plan {some(4, i)}", order=i) for i in range(6)])
        self.put(
            ContextFigure,
            (
                ContextFigure(
                    pact=self.pact,
                    label=some(8, i),
                    raw_value=str(100 + i),
                    value=100 + i,
                    unit="personnes",
                    date_text="2021",
                    territory=self.places[i % 12],
                    source="Caisse d’allocations familiales",
                    order=i,
                )
                for i in range(FIGURES * self.scale)
            ),
        )

    def partners(self):

        kinds = OrganisationKind.values
        count = PARTNERS * self.scale
        self.bodies = self.put(
            Organisation,
            [
                Organisation(name=f"Organisme {i} {some(3, i)}", acronym=f"ORG{i}", kind=kinds[i % len(kinds)])
                for i in range(count)
            ],
        )
        signing = SIGNATORIES * self.scale
        self.all_partners = self.put(
            Partner,
            [
                Partner(
                    pact=self.pact,
                    organisation=body,
                    is_funder=i < signing,
                    order=i,
                    standing=Standing.SIGNATORY if i < signing else Standing.ASSOCIATED,
                )
                for i, body in enumerate(self.bodies)
            ],
        )
        self.put(
            StakeholderAnalysis, [StakeholderAnalysis(partner=one, motivation=1, influence=1) for one in self.all_partners]
        )
        commitments = self.put(
            Commitment, [Commitment(pact=self.pact, text=paragraphs(1, i), order=i) for i in range(len(self.all_partners))]
        )
        self.link(Commitment.partners, zip(commitments, self.all_partners, strict=True))
        self.people = self.put(
            Contact,
            [
                Contact(
                    pact=self.pact,
                    organisation=self.bodies[i % count],
                    first_name="Camille",
                    last_name=f"Nom{i}",
                    email=f"nom{i}@bench.example",
                    is_referent=i % 4 == 0,
                    function="Directrice",
                )
                for i in range(PEOPLE * self.scale)
            ],
        )
        self.sign()

    def version(self, number, content, **more):
        said = {"pact": self.pact, "number": number, "content": content, "sha256": sha256_of(content)}
        return Version(**said, frozen_on=BORN, frozen_by=self.user, **more)

    def versions(self):
        """What the first version says, and a second one where every tenth fiche has another objective."""
        said = {"format": FORMAT, "number": 1, **draft_of(self.pact)}
        content = canonical(said)
        models.QuerySet(Version).filter(number=1).update(content=content, sha256=sha256_of(content))
        self.version_signed.sha256 = sha256_of(content)
        for fiche in said["parts"]["actions"]["Action"][::10]:
            fiche["objectives"] = paragraphs(2, len(fiche["objectives"]))
        self.working = self.put(Version, [self.version(2, canonical(said | {"number": 2}), stage=VersionStage.WORKING)])[0]

    def sign(self):

        version = self.version_signed = self.put(Version, [self.version(1, "{}")])[0]
        signing = [one for one in self.all_partners if one.standing == "signatory"]
        proofs = self.put(
            PartnerDocument,
            [
                PartnerDocument(pact=self.pact, partner=one, file="aa/absent", name="acte.pdf", mime="application/pdf", size=1)
                for one in signing
            ],
        )
        acts = zip(signing, proofs, strict=True)
        self.put(
            Approval,
            [
                Approval(pact=self.pact, partner=one, version=version, body="Conseil", held_on=BORN, proof=proof)
                for one, proof in acts
            ],
        )
        self.put(
            Signature,
            [
                Signature(
                    partner=one,
                    version=version,
                    signatory="Anne Exemple",
                    capacity="Directrice",
                    signed_on=BORN,
                    method="scan",
                    proof=proof,
                )
                for i, (one, proof) in enumerate(zip(signing, proofs, strict=True))
                if i % 9 < 7
            ],
        )
