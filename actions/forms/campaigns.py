"""A collection, its reminders, what the animator does with an answer, what the person of a mail may say."""

from django import forms
from django.db.models import Exists, OuterRef, Q

from actions.campaigns.questions import QUESTIONS
from actions.models import Action, Axis, Campaign, CampaignPlan, Funding, Lead
from actions.models.campaigns import MOST_YEARS
from actions.models.fiches import LIVE
from actions.roadmaps import FIRST_YEAR, LAST_YEAR
from actions.tree import Tree
from partners.models import Commitment, Partner
from partners.signing.forms import ReminderForm
from pti import typography
from pti.dates import today
from pti.forms import HeldForm, PtiForm
from pti.models import Pact

SCOPE = (
    "opens_on",
    "asks_updates",
    "asks_values",
    "asks_commitments",
    "asks_fundings",
    "funding_from",
    "funding_to",
    "actions",
    "axes",
    "partners",
)


class CampaignForm(HeldForm):
    """What is asked, of whom, until when. Once it is open, whom and what do not change.

    `chosen` are the fiches that it is restricted to, when it was prepared from a list: any of them may be left out.
    `local_pacts` are those where the same may be asked, each by a collection of its own.
    """

    moves = ("opened_on", "closed_on")

    local_pacts = forms.ModelMultipleChoiceField(
        Pact.objects.none(),
        label="Demander la même chose dans les pactes locaux",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Chacun a sa propre collecte, de toutes ses fiches : vous la verrez, puis l’ouvrirez, dans le pacte local.",
    )

    class Meta:
        model = Campaign
        fields = ["name", "period", "deadline", "message", *SCOPE]
        help_texts = {
            "name": "Les partenaires le lisent dans l’objet du courriel : « Point du 3e trimestre ».",
            "deadline": "Les liens des courriels valent jusqu’à ce jour ; reporter l’échéance les prolonge.",
            "message": "À quoi serviront les réponses ? Une ou deux phrases, en tête du courriel.",
        }
        widgets = {
            "message": forms.Textarea(attrs={"rows": 3}),
            "actions": forms.CheckboxSelectMultiple,
            "axes": forms.CheckboxSelectMultiple,
            "partners": forms.CheckboxSelectMultiple,
        }

    def __init__(self, *args, chosen=(), local_pacts=(), **kwargs):
        super().__init__(*args, **kwargs)
        pact, self.chosen = self.instance.pact, list(chosen)
        self.shows_local_pacts = bool(local_pacts)
        self.fields["local_pacts"].queryset = Pact.objects.filter(pk__in=[one.pk for one in local_pacts])
        if not self.instance.is_draft:
            for name in SCOPE:
                del self.fields[name]
            return
        self.fields["actions"].queryset = Action.objects.filter(pact=pact, status__in=LIVE)
        self.fields["actions"].choices = [(action.pk, str(action)) for action in self.chosen]
        if not self.instance.pk:
            self.initial["actions"] = [action.pk for action in self.chosen]
        if self.chosen:  # commitments belong to no fiche, and a funder says all that it gives
            for name in ("asks_commitments", "asks_fundings", "funding_from", "funding_to"):
                del self.fields[name]
        self.fields["axes"].queryset = Axis.objects.filter(pact=pact)
        self.fields["axes"].choices = Tree(pact).choices()
        leading = Lead.objects.leading().filter(action__pact=pact)
        committed = Exists(Commitment.partners.through.objects.filter(partner=OuterRef("pk")))
        paying = Exists(Funding.objects.filter(pact=pact, funder=OuterRef("organisation")))
        asked = Q(committed) | Q(paying) | Q(is_funder=True) | Q(organisation__in=leading.values("organisation"))
        partners = Partner.objects.filter(asked, pact=pact, left_on=None)
        self.fields["partners"].queryset = partners.select_related("organisation")

    @property
    def shows_actions(self):
        """There are fiches to tick, or something to say of those that were sent."""
        return "actions" in self.fields and bool(self.chosen or self.errors.get("actions"))

    def clean_actions(self):
        """Without a fiche it would be sent about the whole pact."""
        actions = self.cleaned_data["actions"]
        if self.chosen and not actions:
            raise forms.ValidationError("Gardez au moins une fiche.")
        return actions

    @property
    def opens_scope(self):
        """Something of the scope is chosen already: its fold is open."""
        return any(self[name].value() for name in ("axes", "partners") if name in self.fields)

    def clean_opens_on(self):
        day = self.cleaned_data["opens_on"]
        if day and "opens_on" in self.changed_data and day < today():
            raise forms.ValidationError("Choisissez un jour à venir.")
        return day

    def clean(self):
        data = super().clean()
        if data.get("opens_on") and data.get("deadline") and data["opens_on"] > data["deadline"]:
            self.add_error("opens_on", "La collecte s’ouvre avant le jour où l’on attend les réponses.")
        if "asks_updates" in self.fields and not any(data.get(one.asks) for one in QUESTIONS.values()):
            self.add_error("asks_updates", "Demandez au moins une chose.")
        first, last = data.get("funding_from"), data.get("funding_to")
        if any(year and not FIRST_YEAR <= year <= LAST_YEAR for year in (first, last)):
            self.add_error("funding_from", "Écrivez une année : 2027.")
        elif last and not (first or last) <= last < (first or last) + MOST_YEARS:
            self.add_error("funding_to", "Trois années au plus, de la première à la dernière.")
        return data

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


class ChannelForm(PtiForm):
    """How the animator heard it, when it was said by another way than the link."""

    channel = forms.CharField(
        label="Reçu par", max_length=60, initial="Téléphone", help_text="Par téléphone, par courrier, en réunion…"
    )
    # The answers that were there when the page was opened.
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)


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


class StaffPersonForm(PersonForm):
    """Whom the animator writes to instead."""

    everything = forms.BooleanField(label="Lui confier aussi ce qu’on attend encore de la même personne", required=False)
    keep = forms.BooleanField(label="La garder comme contact de l’organisme", required=False, initial=True)

    def __init__(self, *args, others=0, **kwargs):
        super().__init__(*args, **kwargs)
        if others:
            self.fields["everything"].label += f" ({typography.plural(others, 'autre demande')})"
        else:
            del self.fields["everything"]


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
        label="Qui s’en occupe désormais ?", required=False, max_length=200, help_text="Un nom suffit, si vous le savez."
    )
    everything = forms.BooleanField(label="Pour tout ce que cette collecte me demande", required=False)
