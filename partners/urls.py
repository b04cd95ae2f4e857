"""Addresses of the partners' floor."""

from django.urls import path

from partners import consulting_urls
from partners.views import agreement, closing, organisations, partner, reminders, signing, signing_file, verify, words

app_name = "partners"

urlpatterns = [
    *consulting_urls.urlpatterns,
    path("pactes/<int:pact_pk>/partenaires/", partner.PartnerList.as_view(), name="partner_list"),
    path("pactes/<int:pact_pk>/partenaires/ajouter/", partner.partner_add, name="partner_add"),
    path("pactes/<int:pact_pk>/partenaires/adhesion/", partner.partner_join, name="partner_join"),
    path("pactes/<int:pact_pk>/partenaires/analyse/", partner.analysis_matrix, name="analysis_matrix"),
    path("pactes/<int:pact_pk>/partenaires/<int:pk>/", partner.partner_detail, name="partner_detail"),
    path("pactes/<int:pact_pk>/partenaires/<int:pk>/modifier/", partner.partner_edit, name="partner_edit"),
    path("pactes/<int:pact_pk>/partenaires/<int:pk>/retirer/", partner.partner_delete, name="partner_delete"),
    path("pactes/<int:pact_pk>/partenaires/<int:pk>/depart/", partner.partner_leave, name="partner_leave"),
    path("pactes/<int:pact_pk>/partenaires/<int:pk>/analyse/", partner.analysis_edit, name="analysis_edit"),
    path("pactes/<int:pact_pk>/partenaires/<int:pk>/engagements/ajouter/", words.own_commitment_add, name="own_commitment_add"),
    path("pactes/<int:pact_pk>/partenaires/<int:pk>/contacts/ajouter/", words.contact_add, name="contact_add"),
    path("pactes/<int:pact_pk>/partenaires/<int:pk>/deliberation/", signing.approval_add, name="approval_add"),
    path("pactes/<int:pact_pk>/partenaires/<int:pk>/signature/", signing.signature_add, name="signature_add"),
    path("pactes/<int:pact_pk>/partenaires/<int:pk>/dossier/", signing_file.signing_file, name="signing_file"),
    path("pactes/<int:pact_pk>/partenaires/<int:pk>/dossier/signataire/", signing_file.signatory_add, name="signatory_add"),
    path("pactes/<int:pact_pk>/partenaires/<int:pk>/dossier/refus/", signing_file.refusal_add, name="refusal_add"),
    path("pactes/<int:pact_pk>/partenaires/<int:pk>/dossier/accord/", agreement.agreement_read, name="agreement_read"),
    path("pactes/<int:pact_pk>/partenaires/<int:pk>/dossier/accord/code/", agreement.agreement_code, name="agreement_code"),
    path("pactes/<int:pact_pk>/partenaires/refus/<int:pk>/lever/", signing_file.refusal_lift, name="refusal_lift"),
    path("pactes/<int:pact_pk>/partenaires/<int:pk>/documents/ajouter/", words.document_add, name="document_add"),
    path("pactes/<int:pact_pk>/partenaires/documents/<int:pk>/retirer/", words.document_delete, name="document_delete"),
    path("pactes/<int:pact_pk>/engagements/ajouter/", words.commitment_add, name="commitment_add"),
    path("pactes/<int:pact_pk>/engagements/<int:pk>/modifier/", words.commitment_edit, name="commitment_edit"),
    path("pactes/<int:pact_pk>/engagements/<int:pk>/supprimer/", words.commitment_delete, name="commitment_delete"),
    path("pactes/<int:pact_pk>/conventions/ajouter/", words.agreement_add, name="agreement_add"),
    path("pactes/<int:pact_pk>/conventions/<int:pk>/modifier/", words.agreement_edit, name="agreement_edit"),
    path("pactes/<int:pact_pk>/conventions/<int:pk>/supprimer/", words.agreement_delete, name="agreement_delete"),
    path("pactes/<int:pact_pk>/contacts/<int:pk>/modifier/", words.contact_edit, name="contact_edit"),
    path("pactes/<int:pact_pk>/contacts/<int:pk>/supprimer/", words.contact_delete, name="contact_delete"),
    path("pactes/<int:pact_pk>/contacts/<int:pk>/inviter/", words.contact_invite, name="contact_invite"),
    path("pactes/<int:pact_pk>/partenaires/signatures/", signing.signature_board, name="signature_board"),
    path("pactes/<int:pact_pk>/partenaires/signatures/acte/", signing.act_add, name="act_add"),
    path("pactes/<int:pact_pk>/partenaires/signatures/<int:pk>/corriger/", signing.signature_edit, name="signature_edit"),
    path(
        "pactes/<int:pact_pk>/partenaires/signatures/<int:pk>/retirer/", signing.signature_withdraw, name="signature_withdraw"
    ),
    path("pactes/<int:pact_pk>/partenaires/approbations/<int:pk>/modifier/", signing.approval_edit, name="approval_edit"),
    path("pactes/<int:pact_pk>/partenaires/signatures/clore/", closing.signature_close, name="signature_close"),
    path("pactes/<int:pact_pk>/partenaires/signatures/relances/", reminders.reminder_list, name="reminder_list"),
    path("pactes/<int:pact_pk>/partenaires/signatures/relances/envoyer/", reminders.remind, name="remind"),
    path("verifier/", verify.verify, name="verify"),
    path("organismes/", organisations.OrganisationList.as_view(), name="organisation_list"),
    path("organismes/ajouter/", organisations.organisation_add, name="organisation_add"),
    path("organismes/<int:pk>/", organisations.organisation_detail, name="organisation_detail"),
    path("organismes/<int:pk>/modifier/", organisations.organisation_edit, name="organisation_edit"),
    path("organismes/<int:pk>/renommer/", organisations.organisation_rename, name="organisation_rename"),
    path("organismes/<int:pk>/succession/", organisations.organisation_succeed, name="organisation_succeed"),
]
