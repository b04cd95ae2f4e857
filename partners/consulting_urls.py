"""Addresses of the concertation."""

from django.urls import path

from partners.views import consultations, proposals, reminders

CONSULTATIONS = "pactes/<int:pact_pk>/concertations/"
PLACE = f"{CONSULTATIONS}<int:pk>/texte/<uuid:uid>/"
PROPOSALS = "pactes/<int:pact_pk>/propositions/"

urlpatterns = [
    path(CONSULTATIONS, consultations.ConsultationList.as_view(), name="consultation_list"),
    path(f"{CONSULTATIONS}ouvrir/", consultations.consultation_add, name="consultation_add"),
    path(f"{CONSULTATIONS}<int:pk>/", consultations.consultation_detail, name="consultation_detail"),
    path(f"{CONSULTATIONS}<int:pk>/modifier/", consultations.consultation_edit, name="consultation_edit"),
    path(f"{CONSULTATIONS}<int:pk>/clore/", consultations.consultation_close, name="consultation_close"),
    path(f"{CONSULTATIONS}<int:pk>/relances/", reminders.consultation_reminders, name="consultation_reminders"),
    path(f"{CONSULTATIONS}<int:pk>/relances/envoyer/", reminders.consultation_remind, name="consultation_remind"),
    path(f"{CONSULTATIONS}<int:pk>/avis/", proposals.opinion_edit, name="opinion_edit"),
    path(PLACE, consultations.place_detail, name="place_detail"),
    path(f"{PLACE}<slug:name>/proposer/", proposals.proposal_add, name="proposal_add"),
    path(PROPOSALS, proposals.proposal_list, name="proposal_list"),
    path(f"{PROPOSALS}<int:pk>/", proposals.proposal_detail, name="proposal_detail"),
    path(f"{PROPOSALS}<int:pk>/modifier/", proposals.proposal_edit, name="proposal_edit"),
    path(f"{PROPOSALS}<int:pk>/examiner/", proposals.proposal_decide, name="proposal_decide"),
]
