"""Shapes and short words of the states: shape first, word second, colour third."""

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import mark_safe
from django.utils.text import capfirst

from actions.enums import ActionStatus, Confidence, RequestState
from pti import typography
from pti.templatetags.pti import icon, state

STATUS_SHAPES = {
    ActionStatus.PROJECT: "s-draft",
    ActionStatus.ONGOING: "s-ongoing",
    ActionStatus.RUNNING: "s-running",
    ActionStatus.DONE: "s-done",
    ActionStatus.PAUSED: "s-paused",
    ActionStatus.DROPPED: "s-dropped",
}
CONFIDENCE_SHAPES = {
    Confidence.SECURED: ("c-good", "Sécurisé", "Le résultat est acquis ou en passe de l’être"),
    Confidence.REACHABLE: ("c-fair", "Atteignable", "Tout suit son cours, sans garantie"),
    Confidence.SUPPORT: ("c-warn", "Appuis nécessaires", "Il faut un coup de main pour y arriver"),
    Confidence.COMPROMISED: ("c-bad", "Compromis", "Nous n’y arriverons pas comme prévu"),
    Confidence.UNKNOWN: ("c-none", "Non renseignée", ""),
}
# A milestone due within so many days is said in days.
NEAR_DAYS = 30
BLOCKED = "Point de blocage"
NO_DUE = mark_safe('<span class="pti-meta">Sans échéance</span>')


def status_state(status):
    """The square of a status and its word."""
    return state(STATUS_SHAPES[status], capfirst(ActionStatus(status).label))


def confidence_state(confidence, short=True):
    """The round shape of a confidence and its word."""
    shape, word, _ = CONFIDENCE_SHAPES[confidence or Confidence.UNKNOWN]
    return state(shape, word if short else capfirst(Confidence(confidence or Confidence.UNKNOWN).label))


def confidence_icon(confidence):
    return icon(CONFIDENCE_SHAPES[confidence or Confidence.UNKNOWN][0])


def due_state(due_on, on, can_be_late):
    """« En retard de 98 jours », « Dans 25 jours », the date, or « Sans échéance »."""
    if due_on is None:
        return NO_DUE
    days = (due_on - on).days
    if days < 0 and can_be_late:
        return state("clock-history", f"En retard de {typography.elapsed(-days)}", "bad")
    if 0 <= days <= NEAR_DAYS:
        return state("hourglass-split", "Aujourd’hui" if days == 0 else f"Dans {typography.plural(days, 'jour')}")
    return format_html('<span class="pti-meta">{}</span>', typography.day(due_on))


def blocked_state():
    return state("sign-stop", BLOCKED, "bad")


REQUEST_SHAPES = {"to_do": "s-draft", "answered": "s-half", "returned": "s-paused", "validated": "s-done"}


def state_word(value, campaign):
    """The word of a state of the answers; once the collection is closed, nothing is « à faire »."""
    return "sans réponse" if value == RequestState.TO_DO and campaign.closed_on else RequestState(value).label


def request_state(row):
    """Where the answer to a collection stands, its date, what kind of answer it is."""
    day = {"answered": row.answered_at and timezone.localtime(row.answered_at), "returned": row.returned_on}
    day = day.get(row.state) or row.validated_on
    words = capfirst(state_word(row.state, row.campaign)) + (f" le {day:%d/%m/%Y}" if day else "")
    kind = f"{capfirst(row.get_kind_display())}{' : ' + row.named if row.named else ''}" if row.kind else ""
    small = format_html('<span class="pti-small d-block">{}</span>', typography.typeset(kind)) if kind else ""
    return format_html("{}{}", state(REQUEST_SHAPES[row.state], words), small)


def late_words(late, total):
    """« 4 fiches en retard sur 16 »."""
    if not late:
        return f"Aucune fiche en retard sur {typography.number(total)}"
    return f"{typography.plural(late, 'fiche')} en retard sur {typography.number(total)}"
