"""The list of the partners of a pact, the page of one, its place, its analysis."""

from django.contrib import messages
from django.db.models import ProtectedError
from django.shortcuts import redirect, render
from django.urls import reverse

from partners import access
from partners.enums import Influence, Motivation
from partners.filters import PartnerFilter
from partners.forms import AnalysisForm, JoinForm, LeaveForm, PartnerForm
from partners.models import Partner, StakeholderAnalysis
from partners.reading import commitments_of, contacts_of, partner_composed, parts_of, read_organisation
from partners.tables import PartnerTable
from pti.access import is_animator_on, is_staff_on, require
from pti.forms import saved
from pti.found import found_or_404
from pti.views import TablePage, pact_or_404


class PartnerList(TablePage):
    """Partners of the pact: place, marks, commitments, where each signatory stands."""

    model = Partner
    table_class = PartnerTable
    filterset_class = PartnerFilter
    template_name = "partners/partner_list.html"

    def way_out(self):
        if access.can_write_partners(self.request.user, self.pact):
            return reverse("partners:partner_add", args=[self.pact.pk]), "Ajouter un partenaire"
        return None

    def get_context_data(self, **kwargs):
        user, pact = self.request.user, self.pact
        return super().get_context_data(
            may_add=access.can_write_partners(user, pact),
            may_join=access.can_move_partners(user, pact),
            may_analyse=access.can_analyse(user, pact),
            awaited_count=Partner.objects.filter(pact=pact).awaited().count(),
            **kwargs,
        )


def partner_or_404(request, pact_pk, pk, *, with_signing=False):
    """The pact of the address and one of its partners, with what it signed when the page says so."""
    pact = pact_or_404(request.user, pact_pk)
    partner = found_or_404(partner_composed(with_signing=with_signing), pact.pk, pk)
    partner.pact = pact
    return pact, partner


def partner_detail(request, pact_pk, pk):
    """One partner: its place, what it commits to, whom to speak to, what it approved and signed, what it leads."""
    pact, partner = partner_or_404(request, pact_pk, pk, with_signing=True)
    user = request.user
    sees_people = access.can_see_coordinates(user, pact, partner.organisation_id)
    organisation = read_organisation(partner.organisation)
    context = {
        "pact": pact,
        "partner": partner,
        "organisation": organisation,
        "services": organisation.services.all(),
        "contacts": contacts_of(partner),
        "commitments": [
            (one, access.can_write_commitment(user, one), access.can_tell_commitment(user, one))
            for one in commitments_of(partner)
        ],
        "approvals": parts_of([partner], "approvals"),
        "signatures": parts_of([partner], "signatures"),
        "documents": parts_of([partner], "documents") if sees_people else [],
        "sees_people": sees_people,
        "is_staff": is_staff_on(user, pact),
        "may_write": access.can_write_partner(user, partner),
        "may_commit": access.can_add_commitment(user, partner),
        "may_add_contact": access.can_add_contact(user, partner),
        "may_leave": access.can_leave(user, partner) and pact.is_frozen,
        "may_invite": is_animator_on(user, pact),
    }
    return render(request, "partners/partner_detail.html", context)


def partner_add(request, pact_pk):
    """A new partner of a text that may be written."""
    pact = pact_or_404(request.user, pact_pk)
    require(access.can_write_partners(request.user, pact))
    return new_partner(request, pact, PartnerForm, title="Ajouter un partenaire", verb="Ajouter le partenaire")


def partner_join(request, pact_pk):
    """A late adhesion: the partner carries its date, the frozen text does not move."""
    pact = pact_or_404(request.user, pact_pk)
    require(access.can_move_partners(request.user, pact))
    return new_partner(request, pact, JoinForm, title="Enregistrer une adhésion", verb="Enregistrer l’adhésion")


def new_partner(request, pact, form_class, **words):
    row = Partner(pact=pact, order=pact.partners.count())
    form = form_class(request.POST or None, instance=row, pact=pact, user=request.user)
    if request.method == "POST" and saved(form):
        messages.success(request, "Partenaire ajouté.")
        return redirect(form.instance)
    return render(request, "partners/partner_form.html", {"pact": pact, "form": form, **words})


def partner_edit(request, pact_pk, pk):
    pact, partner = partner_or_404(request, pact_pk, pk)
    require(access.can_write_partner(request.user, partner))
    form_class = JoinForm if partner.is_life_row else PartnerForm
    form = form_class(request.POST or None, instance=partner, pact=pact, user=request.user)
    if request.method == "POST" and saved(form):
        messages.success(request, "Partenaire enregistré.")
        return redirect(partner)
    context = {"pact": pact, "form": form, "title": "Modifier le partenaire", "verb": "Enregistrer le partenaire"}
    return render(request, "partners/partner_form.html", context)


def partner_leave(request, pact_pk, pk):
    """Record the departure: date and reason; the signed text keeps the name."""
    pact, partner = partner_or_404(request, pact_pk, pk)
    require(access.can_leave(request.user, partner))
    form = LeaveForm(request.POST or None, instance=partner)
    if request.method == "POST" and saved(form):
        messages.success(request, "Départ enregistré.")
        return redirect(partner)
    context = {"pact": pact, "form": form, "title": f"Enregistrer le départ : {partner}", "verb": "Enregistrer le départ"}
    return render(request, "partners/partner_form.html", context)


def partner_delete(request, pact_pk, pk):
    """Take a partner out of a text that is still being written."""
    pact, partner = partner_or_404(request, pact_pk, pk)
    require(access.can_write_partner(request.user, partner))
    held = partner.approvals.exists() or partner.signatures.exists()
    if request.method == "POST" and not held:
        try:
            partner.delete()
        except ProtectedError:  # it was asked in a concertation, or is to sign
            held = True
        else:
            messages.success(request, "Partenaire retiré.")
            return redirect("partners:partner_list", pact.pk)
    return render(request, "partners/partner_delete.html", {"pact": pact, "partner": partner, "held": held})


def analysis_matrix(request, pact_pk):
    """Motivation × influence of every partner, and what is expected of each; for staff alone."""
    pact = pact_or_404(request.user, pact_pk)
    require(access.can_analyse(request.user, pact))
    partners = list(pact.partners.present().select_related("organisation", "analysis"))
    cells, unplaced = {}, []
    for partner in partners:
        analysis = getattr(partner, "analysis", None)
        if analysis is None or analysis.motivation is None or analysis.influence is None:
            unplaced.append(partner)
        else:
            cells.setdefault((analysis.influence, analysis.motivation), []).append(partner)
    context = {
        "pact": pact,
        "columns": list(Motivation),
        "rows": [(one, [cells.get((one, column), []) for column in Motivation]) for one in sorted(Influence, reverse=True)],
        "unplaced": unplaced,
        "partners": partners,
    }
    return render(request, "partners/analysis_matrix.html", context)


def analysis_edit(request, pact_pk, pk):
    """What the Département knows and expects of one partner."""
    pact, partner = partner_or_404(request, pact_pk, pk)
    require(access.can_analyse(request.user, pact))
    row = StakeholderAnalysis.objects.filter(partner=partner).first() or StakeholderAnalysis(partner=partner)
    form = AnalysisForm(request.POST or None, instance=row)
    if request.method == "POST" and saved(form):
        messages.success(request, "Analyse enregistrée.")
        return redirect("partners:analysis_matrix", pact.pk)
    return render(request, "partners/analysis_form.html", {"pact": pact, "partner": partner, "form": form})
