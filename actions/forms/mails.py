"""A mail that came back, an address to put right."""

from django import forms

from pti.forms import PtiForm


class BounceForm(PtiForm):
    """What the mail that came back says."""

    reason = forms.CharField(
        label="Que dit le retour ?",
        max_length=300,
        required=False,
        help_text="« Utilisateur inconnu », « boîte pleine »… Une phrase suffit.",
    )
    for_good = forms.BooleanField(label="L’adresse n’existe plus : ne plus rien lui envoyer", required=False, initial=True)

    def __init__(self, *args, may_block, **kwargs):
        super().__init__(*args, **kwargs)
        if not may_block:
            del self.fields["for_good"]
            self.fields["reason"].help_text += " Cette adresse sert ailleurs : l’animation du pacte peut la bloquer."


class AddressForm(PtiForm):
    """The right address; the same one when it works again."""

    email = forms.EmailField(
        label="Adresse électronique",
        max_length=254,
        help_text="Les contacts et les demandes en attente la prennent ; ce qu’on attend est envoyé de nouveau.",
    )
