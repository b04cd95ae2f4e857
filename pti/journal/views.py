"""Pages of the journal: the pact's, one row's past states compared, and the deed that puts one back."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.views.decorators.http import require_POST

from pti import typography
from pti.access import is_staff_on, require
from pti.diff import words
from pti.forms import DayField
from pti.journal.index import KEY
from pti.journal.lines import LONG, Line, bare_row, give_names, read_lines, shown_models
from pti.journal.restore import can_restore, restore, written_since
from pti.models import Access, JournalLine, User
from pti.views import ROWS_A_PAGE, pact_or_404

STATES_SHOWN = 100


class JournalFilter(forms.Form):
    """What, who, when."""

    kind = forms.ChoiceField(label="quoi", required=False)
    who = forms.ModelChoiceField(label="qui", queryset=User.objects.none(), required=False, empty_label="tout le monde")
    since = DayField(label="depuis le", required=False)
    until = DayField(label="jusqu’au", required=False)

    def __init__(self, *args, pact, **kwargs):
        super().__init__(*args, **kwargs)
        kinds = {kind: capfirst(model._meta.verbose_name) for kind, model in shown_models().items()}
        self.fields["kind"].choices = [("", "tout"), *sorted(kinds.items(), key=lambda pair: pair[1])]
        accesses = Access.objects.filter(Q(pact=None) | Q(pact__in=[pact.pk, pact.parent_id]))
        self.fields["who"].queryset = User.objects.filter(pk__in=accesses.values("user"))

    @property
    def asked(self):
        """What was understood; what was not is left out."""
        if not self.is_bound:
            return {}
        self.full_clean()
        return self.cleaned_data


def lines_of_pact(pact, asked):
    """The lines of a pact, then those of what all pacts share, that answer the filter."""
    shared = [kind for kind, model in shown_models().items() if model.pact_path is None]
    return narrowed(JournalLine.objects.filter(pact=pact), asked), narrowed(
        JournalLine.objects.filter(pact=None, kind__in=shared), asked
    )


def narrowed(lines, asked):
    """The lines that answer the filter."""
    if asked.get("kind"):
        lines = lines.filter(kind=asked["kind"])
    if asked.get("who"):
        lines = lines.filter(user=asked["who"])
    if asked.get("since"):
        lines = lines.filter(at__date__gte=asked["since"])
    if asked.get("until"):
        lines = lines.filter(at__date__lte=asked["until"])
    return lines


def journal_page(request, pact_pk):
    """Everything that was written in a pact, newest first, 25 a page."""
    pact = pact_or_404(request.user, pact_pk)
    require(is_staff_on(request.user, pact))
    form = JournalFilter(request.GET or None, pact=pact)
    own, shared = lines_of_pact(pact, form.asked)
    paginator = Paginator((own | shared).values_list(*KEY), ROWS_A_PAGE)
    paginator.count = own.count() + shared.count()  # each by its index: counting both at once reads every line
    page = paginator.get_page(request.GET.get("page"))
    context = {"pact": pact, "filter": form, "page": page, "lines": read_lines(list(page))}
    return render(request, "pti/journal.html", context)


def states_of(pact, kind, uid):
    """Past states of one row of a pact, oldest first; 404 when the journal knows none."""
    model = shown_models().get(kind)
    if model is None:
        raise Http404
    owner = None if model.pact_path is None else pact
    states = list(model.history.model.objects.filter(uid=uid, journal_pact=owner).order_by("-history_id")[:STATES_SHOWN])
    if not states:
        raise Http404
    return states[::-1]


def chosen_state(states, wanted, default):
    return next((state for state in states if str(state.pk) == wanted), default)


def noted_between(states, old, new):
    """What the journal notes in words after one state and up to the other: links added or taken away, a state put back."""
    start, end = sorted((states.index(old), states.index(new)))
    return [state.history_change_reason for state in states[start + 1 : end + 1] if state.history_change_reason]


def row_history(request, pact_pk, kind, uid):
    """Past states of one row, two of them compared word by word."""
    pact = pact_or_404(request.user, pact_pk)
    require(is_staff_on(request.user, pact))
    states = states_of(pact, kind, uid)
    new = chosen_state(states, request.GET.get("apres"), states[-1])
    old = chosen_state(states, request.GET.get("avant"), states[max(states.index(new) - 1, 0)])
    line = Line(kind, new, old if old is not new else None)
    others = [Line(kind, state) for state in states]
    hanging = [Line(one.instance_type._meta.label_lower, one) for one in written_since(old)] if old is not states[-1] else []
    give_names([line, *others, *hanging])
    row = row_or_last_state(line.model, uid, states)
    context = {
        "pact": pact,
        "line": line,
        "old": old,
        "new": new,
        "states": others[::-1],
        "changes": [(change.label, words(change.old, change.new)) for change in line.changes_in(LONG)],
        "noted": noted_between(states, old, new),
        "hanging": hanging,
        "deleted_at": states[-1].history_date if states[-1].history_type == "-" else None,
        "restorable": can_restore(request.user, row) and old is not states[-1],
        "kind": kind,
    }
    return render(request, "pti/row_history.html", context)


def row_or_last_state(model, uid, states):
    """The row as it is, or as it was last when it was deleted."""
    return model._base_manager.filter(uid=uid).first() or bare_row(states[-1])


@require_POST
def row_restore(request, pact_pk, kind, uid, history_id):
    """Put a row back as it was."""
    pact = pact_or_404(request.user, pact_pk)
    require(is_staff_on(request.user, pact))
    entry = next((state for state in states_of(pact, kind, uid) if state.pk == history_id), None)
    if entry is None:
        raise Http404
    require(can_restore(request.user, row_or_last_state(entry.instance_type, uid, [entry])))
    try:
        restore(entry=entry, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, typography.typeset("L’état choisi est rétabli."))
    return redirect(reverse("row_history", args=[pact.pk, kind, uid]))
