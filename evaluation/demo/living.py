"""Builds the living copy of the demonstration: a pact in its last year, as if two years had passed."""

import datetime
from decimal import Decimal

from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile

from actions.enums import ActionStatus, FundingState, FundingUnit, LeadRole, Pace
from actions.models import Action, Funding, Indicator, Lead, Measure, Milestone, SavedView, Theme, Update
from actions.watching import follow
from evaluation.demo.amended import Amended
from evaluation.demo.chapters import arrange
from evaluation.demo.collected import Collections
from evaluation.demo.consulted import Concertation
from evaluation.demo.money import Purse
from evaluation.demo.paper import one_page_pdf
from evaluation.demo.parapheur import signed_pdf
from evaluation.demo.raised import Raised
from evaluation.demo.sittings import COPIL, FUNDERS, SITTINGS, working_day
from evaluation.demo.story import CARRIED_OUT, SIGNATORIES, STORIES
from governance.enums import DecisionState, MeetingStatus, Presence
from governance.models import AgendaItem, Attendance, Chair, Committee, Decision, Meeting, Seat
from partners.enums import ApprovalBody, Cooperation, SignatureMethod, Standing
from partners.models import (
    Approval,
    Contact,
    PartnerDocument,
    ReminderPlan,
    Signatory,
    Signature,
    StakeholderAnalysis,
)
from partners.signing import agreement
from pti.dates import add_months
from pti.enums import PactState
from pti.models import Pact
from pti.pdf_signatures import check_pdf
from pti.rows import save_together
from pti.search import normalise
from pti.services import change_state, create_from
from pti.versions import pdf_of_version

TITLE = "PTI de démonstration"
FUNDED = (("8", "Plateforme de mobilité", 180_000), ("9", "Bou’tchou service", 64_000), ("3", "Formations sur mesure", 95_000))


def build_living_copy(old, *, on, by, users):
    """Make the living copy of `old`, so that `on` falls in its last year; `users` are the personas, whom contacts name."""
    pact = create_from(old, title=TITLE, by=by, years=on.year - old.ends_on.year)
    Living(pact, on, by, users).build()
    return Pact.objects.get(pk=pact.pk)


class Living:
    """The living copy while it is built: `on` is the day of loading, `by` the animator."""

    def __init__(self, pact, on, by, users):
        self.pact, self.on, self.by = pact, on, by
        self.accounts = {(user.first_name, user.last_name): user for user in users}
        self.actions = {action.number: action for action in Action.objects.filter(pact=pact)}
        self.partners = {partner.name_in_text: partner for partner in pact.partners.select_related("organisation")}
        self.committees = {committee.name: committee for committee in Committee.objects.filter(pact=pact)}

    def build(self):
        """What is said first, while the text may be written; then its adoption; then what happens."""
        self.set_signatories()
        self.set_priorities()
        self.plan_money()
        self.set_thresholds()
        arrange(self.pact)
        self.adopt()
        self.meet_people()
        self.approve_and_sign()
        self.seat()
        purse = Purse(self)
        purse.plan()
        self.live()
        self.measure()
        self.receive_money()
        purse.receive()
        self.sit()
        Raised(self).write()
        purse.ask()
        Collections(self).write()
        self.keep_views()
        Amended(self).write()

    def keep_views(self):
        """What the staff looks at every week; the animator is told what enters the first."""
        for name, key, tab, pace in (
            ("En retard", "retard", "frise", Pace.WEEKLY),
            ("Point de blocage", "blocage", "liste", ""),
        ):
            said = {"query": f"alerte={key}", "said": f"Alerte\u00a0: {name.lower()}", "tab": tab, "is_shared": True}
            view = SavedView.objects.create(pact=self.pact, owner=self.by, name=name, **said)
            follow(view=view, user=self.by, pace=pace)

    # What the pact says.

    def set_signatories(self):
        """The funders sign; the others are associated."""
        for partner in self.partners.values():
            told = SIGNATORIES.get(partner.name_in_text)
            partner.standing = Standing.SIGNATORY if partner.is_funder else Standing.ASSOCIATED
            partner.role_text = "" if partner.is_funder else partner.role_text
            if told:
                partner.needs_approval = bool(told.body) or not told.signed
                partner.is_conditional, partner.condition = bool(told.condition), told.condition
            partner.save()

    def set_priorities(self):
        themes = {theme.name: theme for theme in Theme.objects.all()}
        places = {place.name: place for place in self.pact.territories.all()}
        for number, story in STORIES.items():
            action = self.actions[number]
            action.impact, action.complexity, action.priority, action.financial_incidence = story.stars
            action.is_experiment = number in {"4", "9"}
            action.short_title = story.short_title
            action.save()
            action.themes.set([themes[name] for name in story.themes])
            action.territories.set([places[name] for name in CARRIED_OUT.get(number, ())])

    def plan_money(self):
        for order, (number, label, euros) in enumerate(FUNDED):
            for year in range(self.pact.starts_on.year, self.pact.ends_on.year + 1):
                self.fund(number, label, year, FundingState.PLANNED, euros, order)
        self.fund(
            "9",
            "Bou’tchou service",
            self.on.year,
            FundingState.PLANNED,
            None,
            9,
            is_conditional=True,
            note="Sous réserve du budget.",
        )

    def fund(self, number, label, year, state, euros, order, **fields):
        """One cell of the money of a fiche, given by the Département and by its pilot."""
        action = self.actions[number]
        Funding.objects.create(
            pact=self.pact,
            action=action,
            label=label,
            funder=self.funders()[order % 3],
            year=year,
            state=state,
            unit=FundingUnit.EUROS,
            amount=None if euros is None else Decimal(euros),
            raw_amount="" if euros is None else str(euros),
            order=100 + order,
            **fields,
        )

    def funders(self):
        return [partner.organisation for partner in self.partners.values() if partner.is_funder]

    def set_thresholds(self):
        """Two indicators say what to do beyond a value; the second is beyond."""
        for name, low, high, deed in (
            ("Délai moyen d’orientation", None, 60, "Saisir le comité de pilotage."),
            ("Nombre d’examens de santé pour les publics fragiles", 300, None, "Réunir l’ARS et la CPAM."),
        ):
            indicator = Indicator.objects.get(pact=self.pact, name=name)
            indicator.threshold_low, indicator.threshold_high, indicator.threshold_action = low, high, deed
            indicator.save()

    def adopt(self):
        """Adoption in the autumn before the pact, signature open, in force on its first day."""
        start = self.pact.starts_on
        reason = "Texte repris du pacte précédent : les manques sont connus."
        steps = (
            (PactState.ADOPTION, add_months(start, -2), reason, ""),
            (PactState.SIGNATURE, add_months(start, -2) + datetime.timedelta(days=7), "", ""),
            (PactState.IN_FORCE, start, "", "Sept signatures sur neuf ; les deux autres sont attendues."),
        )
        Concertation(self, add_months(start, -4)).hold()
        for state, day, why, act in steps:
            change_state(pact=self.pact, to=state, by=self.by, on=day, reason=why, act=act)
        self.pact.refresh_from_db()
        self.version = self.pact.versions.adopted().get()
        self.actions = {action.number: action for action in Action.objects.filter(pact=self.pact)}

    # What happens.

    def meet_people(self):
        """Contacts of each signatory, and how the Département sees it."""
        for name, told in SIGNATORIES.items():
            partner = self.partners[name]
            for first, last, function, kind in told.people:
                Contact.objects.create(
                    pact=self.pact,
                    organisation=partner.organisation,
                    first_name=first,
                    last_name=last,
                    function=function,
                    email=f"{plain(first)}.{plain(last)}@{told.domain}.example",
                    user=self.accounts.get((first, last)),
                    is_signatory=kind in {"signatory", "elected"},
                    is_elected=kind == "elected",
                    is_referent=kind == "referent",
                )
            StakeholderAnalysis.objects.create(
                partner=partner,
                strategy=f"{name} agit dans son champ propre et cherche des parcours plus courts.",
                partnership_history="Signataire de fait des deux pactes précédents ; réunions régulières avec le Département.",
                function="Finance, oriente des publics et participe au comité de pilotage.",
                motivation=told.motivation,
                influence=told.influence,
                strategic_fit="Les fiches qui le concernent reprennent ses priorités.",
                short_term_impact="Des réponses plus rapides aux personnes accompagnées.",
                diagnosis_mode=Cooperation.CONSULTATION,
                implementation_mode=Cooperation.CO_CONSTRUCTION if told.motivation > 0 else Cooperation.CONSULTATION,
                evaluation_mode=Cooperation.INFORMATION,
            )

    def approve_and_sign(self):
        """Seven partners approve and sign; one is conditional, one is awaited."""
        for rank, (name, told) in enumerate(SIGNATORIES.items()):
            if not told.signed:
                continue
            approved = self.version.frozen_on + datetime.timedelta(days=8 + 2 * rank)
            votes = dict(zip(("votes_for", "votes_against", "abstentions"), told.votes, strict=False))
            Approval.objects.create(
                pact=self.pact,
                partner=self.partners[name],
                version=self.version,
                kind=ApprovalBody.PARTNER,
                body=told.body,
                object="Approbation du pacte et autorisation de le signer",
                held_text=approved.isoformat(),
                held_on=approved,
                act_number=told.act,
                present=sum(told.votes) or None,
                voters=sum(told.votes) or None,
                proof=self.paper(name, f"Acte {told.act}", told.body),
                recorded_by=self.by,
                on_behalf=True,
                **votes,
            )
            self.sign(rank, name, told, approved + datetime.timedelta(days=6))
        plan = {"is_active": True, "first_after": 15, "every": 30, "started_on": self.on}
        ReminderPlan.objects.create(pact=self.pact, **plan)

    def sign(self, rank, name, told, on):
        """By hand and scanned, in a parapheur, or on line where the signatory has been named."""
        partner = self.partners[name]
        at = datetime.datetime.combine(on, datetime.time(10, 12), tzinfo=datetime.UTC)
        contact = self.pact.contacts.filter(organisation=partner.organisation, is_signatory=True, is_elected=False).first()
        said = {"partner": partner, "version": self.version, "capacity": told.capacity, "signed_on": on}
        if contact is None:
            said["signatory"] = told.signer
        if contact is not None:
            signatory = Signatory.objects.create(
                partner=partner, contact=contact, name=str(contact), capacity=told.capacity, email=contact.email,
                delegated_by=told.body, delegation_reference=told.act, starts_on=self.version.frozen_on, recorded_by=self.by,
                on_behalf=True,
            )  # fmt: skip
            signature = Signature.objects.create(**said, signatory=str(contact), method=SignatureMethod.ONLINE)
            agreement.seal(signature=signature, signatory=signatory, email=contact.email, address="192.0.2.37", at=at)
        elif rank % 2:
            original = pdf_of_version(self.version)
            content = signed_pdf(original, name=told.capacity[:64], at=at)
            kept = self.keep(name, content, "pacte-signe.pdf")
            Signature.objects.create(
                **said, method=SignatureMethod.PARAPHEUR, proof=kept, recorded_by=self.by, on_behalf=True,
                pdf_check=check_pdf(content, original=original).as_data(),
            )  # fmt: skip
        else:
            paper = self.paper(name, "Page de signature", told.capacity)
            Signature.objects.create(**said, method=SignatureMethod.SCAN, proof=paper, recorded_by=self.by, on_behalf=True)

    def paper(self, name, title, line):
        """An invented file: it says so itself."""
        content = one_page_pdf(
            [TITLE, title, name, line, f"Version {self.version.number}", "Document inventé pour la démonstration"]
        )
        return self.keep(name, content, f"{plain(title)}.pdf")

    def keep(self, name, content, filename):
        file = ContentFile(content, name=filename)
        return PartnerDocument.objects.create(pact=self.pact, partner=self.partners[name], file=file, added_by=self.by)

    def seat(self):
        """The signatories sit in the steering committee and among the funders; the Département chairs."""
        for name in (COPIL, FUNDERS):
            committee, seats = self.committees[name], []
            for order, partner in enumerate(self.partners[name] for name in SIGNATORIES):
                holder = Contact.objects.filter(pact=self.pact, organisation=partner.organisation).first()
                day = self.pact.starts_on
                seats.append(
                    Seat(committee=committee, organisation=partner.organisation, holder=holder, starts_on=day, order=order)
                )
            save_together(seats)
            Chair.objects.create(committee=committee, organisation=self.funders()[0], starts_on=self.pact.starts_on)

    def live(self):
        """Updates over two years, milestones done, and where each fiche stands today."""
        contacts = self.pact.contacts.filter(is_elected=False).exclude(user=None)
        people = {contact.organisation_id: contact.user for contact in contacts}
        updates = []
        for rank, (number, story) in enumerate(STORIES.items()):
            action = self.actions[number]
            lead = Lead.objects.filter(action=action, role=LeadRole.PILOT).first()
            organisation = lead.organisation if lead else None
            author = people.get(organisation and organisation.pk)
            before = ActionStatus.RUNNING if story.status == ActionStatus.RUNNING else ActionStatus.ONGOING
            for point in story.points:
                status = story.status if point is story.points[-1] else before
                updates.append(self.update(action, point, self.day_of(point.quarter, rank), organisation, author, status))
            self.finish_milestones(action, story)
            self.say_where_it_stands(action, story, rank)
        save_together(updates)

    def day_of(self, quarter, rank):
        return add_months(self.on, -3 * quarter) - datetime.timedelta(days=4 + 2 * rank)

    def update(self, action, point, day, organisation, author, status):
        lifted = None if point.unblocked_quarter is None else add_months(self.on, -3 * point.unblocked_quarter)
        return Update(
            action=action,
            on=day,
            author=author or self.by,
            organisation=organisation,
            on_behalf=author is None,
            channel="" if author else "Téléphone",
            status=status,
            confidence=point.confidence,
            sentence=point.sentence,
            done=point.done,
            difficulties=point.difficulties,
            next_steps=point.next_steps,
            blocking_point=point.blocking_point,
            blocking_level=point.blocking_level,
            unblocked_on=lifted,
            unblocking=point.unblocking,
        )

    def finish_milestones(self, action, story):
        """What was due before this year is done, but what the story leaves undone."""
        for milestone in Milestone.objects.filter(action=action).exclude(label__in=story.undone):
            if milestone.planned_last and milestone.planned_last.year < self.on.year:
                milestone.done_on = milestone.planned_last - datetime.timedelta(days=9)
                milestone.save()

    def say_where_it_stands(self, action, story, rank):
        last = story.points[-1] if story.points else None
        day = self.day_of(last.quarter, rank) if last else None
        action.set_status(story.status, on=day)
        if last:
            action.confidence, action.confidence_on, action.confidence_text = last.confidence, day, last.sentence
        if story.status == ActionStatus.DONE:
            for milestone in Milestone.objects.filter(action=action, done_on=None):
                milestone.done_on = day
                milestone.save()
        action.save()

    def measure(self):
        """Values of the three years of the pact; this year's are read so far."""
        first, measures = self.pact.starts_on.year, []
        for number, story in STORIES.items():
            for name, values in story.measures.items():
                indicator = Indicator.objects.get(action=self.actions[number], name=name)
                for year, value in enumerate(values, first):
                    if value is not None:
                        day = min(datetime.date(year, 12, 15), self.on)
                        said = {"raw_value": str(value), "value": value, "recorded_by": self.by}
                        measures.append(Measure(indicator=indicator, year=year, measured_on=day, **said))
        save_together(measures)

    def receive_money(self):
        """Past years are paid, this year is acquired or still asked."""
        for order, (number, label, euros) in enumerate(FUNDED):
            for year in range(self.pact.starts_on.year, self.on.year):
                self.fund(number, label, year, FundingState.PAID, euros, order)
            state = FundingState.ASKED if order == 1 else FundingState.ACQUIRED
            self.fund(number, label, self.on.year, state, euros, order)

    def sit(self):
        """Six meetings, the last one still to come."""
        self.meetings = [self.hold(sitting) for sitting in SITTINGS]

    def hold(self, sitting):
        committee = self.committees[sitting.committee]
        day = working_day(add_months(self.on, -sitting.months_ago) + datetime.timedelta(days=sitting.days_ahead))
        held = sitting.days_ahead == 0
        meeting = Meeting.objects.create(
            committee=committee,
            committee_text=committee.name,
            date_text=day.isoformat(),
            starts_at=datetime.time(14, 0),
            ends_at=datetime.time(16, 30),
            place="Hôtel du Département, Tours",
            object=sitting.object,
            status=MeetingStatus.HELD if held else MeetingStatus.CONVENED,
            quorum=5,
            minutes=sitting.minutes,
            minutes_sent_on=day + datetime.timedelta(days=10) if held else None,
            closed_on=day + datetime.timedelta(days=9) if held else None,
        )
        action_type = ContentType.objects.get_for_model(Action)
        save_together([
            AgendaItem(
                meeting=meeting,
                order=order,
                title=title,
                presenter=presenter,
                minutes_planned=minutes,
                subject_type=action_type if number else None,
                subject_id=self.actions[number].pk if number else None,
            )
            for order, (title, presenter, minutes, number) in enumerate(sitting.agenda)
        ])  # fmt: skip
        self.mark_attendance(meeting, sitting, held)
        for order, line in enumerate(sitting.decisions):
            self.decide(meeting, line, day, order)
        return meeting

    def mark_attendance(self, meeting, sitting, held):
        rows = []
        for name in SIGNATORIES:
            presence = Presence.PRESENT if held else Presence.UNKNOWN
            if name in sitting.excused:
                presence = Presence.EXCUSED
            elif name in sitting.represented:
                presence = Presence.REPRESENTED
            rows.append(Attendance(meeting=meeting, organisation=self.partners[name].organisation, presence=presence))
        save_together(rows)

    def decide(self, meeting, line, day, order):
        due = add_months(day, line.due_months)
        owner = next(p.organisation for p in self.partners.values() if line.owner in p.organisation.aliases_text.splitlines())
        Decision.objects.create(
            meeting=meeting,
            text=line.text,
            owner=owner,
            due_text=due.isoformat(),
            state=DecisionState.DONE if line.done else DecisionState.OPEN,
            done_on=min(due, self.on) if line.done else None,
            order=order,
        )


def plain(text):
    """`text` without accents, spaces as hyphens: the shape of an address or of a file name."""
    return "-".join(normalise(text).split())
