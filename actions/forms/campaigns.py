"""A collection, its reminders, what the animator does with an answer, what the person of a mail may say."""

from django import forms

from actions.forms.updates import UpdateForm
from actions.models import Axis, Campaign, CampaignPlan, Lead, MailChoice
from actions.tree import Tree
from partners.models import Partner
from partners.signing.forms import ReminderForm
from pti.dates import today
from pti.forms import PtiForm, PtiModelForm

SCOPE = ("axes", "partners", "asks_values")


class CampaignForm(PtiModelForm):
    """What is asked, of whom, until when. Once it is open, whom and what do not change."""

    class Meta:
        model = Campaign
        fields = ["name", "period", "deadline", "message", "asks_values", "axes", "partners"]
        help_texts = {
            "name": "Les partenaires le lisent dans l’objet du courriel : « Point du 3e trimestre ».",
            "deadline": "Les liens des courriels valent jusqu’à ce jour.",
            "message": "À quoi serviront les réponses ? Une ou deux phrases, en tête du courriel.",
        }
        widgets = {
            "message": forms.Textarea(attrs={"rows": 3}),
            "axes": forms.CheckboxSelectMultiple,
            "partners": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        pact = self.instance.pact
        if not self.instance.is_draft:
            for name in SCOPE:
                del self.fields[name]
            return
        self.fields["axes"].queryset = Axis.objects.filter(pact=pact)
        self.fields["axes"].choices = Tree(pact).choices()
        leading = Lead.objects.leading().filter(action__pact=pact)
        partners = Partner.objects.filter(pact=pact, left_on=None, organisation__in=leading.values("organisation"))
        self.fields["partners"].queryset = partners.select_related("organisation")

    @property
    def opens_scope(self):
        """Something of the scope is chosen already: its fold is open."""
        return any(self[name].value() for name in ("axes", "partners") if name in self.fields)

    def clean_deadline(self):
        day = self.cleaned_data["deadline"]
        if "deadline" in self.changed_data and day < today():
            raise forms.ValidationError("Choisissez une échéance à venir.")
        return day


class CampaignReminderForm(ReminderForm):
    """The schedule of the reminders of a collection."""

    class Meta(ReminderForm.Meta):
        model = CampaignPlan
        help_texts = ReminderForm.Meta.help_texts | {
            "first_after": "Depuis l’ouverture de la collecte. Seule la personne à qui l’on écrit est relancée.",
            "every": "Trois jours au moins. À partir de la deuxième relance, le référent de l’organisme est prévenu aussi.",
        }


class OnBehalfForm(UpdateForm):
    """What a lead said by another way than her link."""

    channel = forms.CharField(
        label="Reçu par", max_length=60, initial="Téléphone", help_text="Par téléphone, par courrier, en réunion…"
    )

    @property
    def how(self):
        """How it was received, even when nothing else is said."""
        self.is_valid()
        return self.cleaned_data.get("channel", "")


class ReturnForm(PtiForm):
    """Why an answer is returned."""

    reason = forms.CharField(
        label="Que manque-t-il ?",
        help_text="La personne lit cette phrase dans un courriel, avec un nouveau lien.",
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class PersonForm(PtiForm):
    """Whom one writes to."""

    name = forms.CharField(label="Nom", max_length=200)
    email = forms.EmailField(label="Adresse électronique", max_length=254)


class HandOverForm(PersonForm):
    """The colleague who will answer."""

    prefix = "transmettre"

    name = forms.CharField(label="Nom de votre collègue", max_length=200)
    email = forms.EmailField(
        label="Son adresse électronique", max_length=254, help_text="Une adresse de votre organisme : un lien lui est envoyé."
    )


class HelpForm(PtiForm):
    """What help is needed."""

    prefix = "aide"

    said = forms.CharField(
        label="De quoi avez-vous besoin ?",
        help_text="L’animation du pacte vous lit et vous rappelle.",
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class NotMeForm(PtiForm):
    """Who follows the fiche now."""

    prefix = "pas-moi"

    named = forms.CharField(
        label="Qui suit cette action désormais ?", required=False, max_length=200, help_text="Un nom suffit, si vous le savez."
    )


class MailChoiceForm(PtiModelForm):
    """What one no longer wants to receive."""

    class Meta:
        model = MailChoice
        fields = ["no_requests", "no_reminders", "no_news_of_views"]
