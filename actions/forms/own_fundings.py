"""The column of one funder: its own cells of the grid, answered from a mail."""

from django import forms
from django.core.exceptions import ValidationError

from actions.enums import FundingState
from actions.models import Lead
from actions.models.fiches import LIVE
from actions.money.cells import read_cell, write_cell
from actions.money.grid import MOVED, MOVED_AWAY, Column, Line, fill, lines_of, made, refuse_loss, rows_of
from pti.forms import PtiForm

STATES = (FundingState.ASKED, FundingState.ACQUIRED, FundingState.PAID)
LINES_ASKED = 30
OTHER = "Sans fiche en particulier"
NOTHING_SAID = "Écrivez au moins un montant : 0 si vous ne financez rien."


def own_lines(row):
    """(the lines of the funder that is asked, whether some are left out), with their cells as the base knows them.

    The fiches that it funds, is named to fund or leads, then what is tied to none.
    """
    pact, funder = row.campaign.pact, row.organisation
    lines = lines_of(pact, funder=funder)
    known = {line.action.pk for line in lines if line.action}
    led = Lead.objects.leading().filter(action__pact=pact, organisation=funder, action__status__in=LIVE)
    keys = {(pk, None, funder.pk, "") for pk in led.values_list("action", flat=True) if pk not in known}
    lines = sorted([*lines, *made(pact, keys)], key=lambda line: line.order) if keys else lines
    if not any(line.action is None and line.axis is None for line in lines):
        lines.append(Line(funder=funder))
    columns = [Column(year, state.value) for year in row.campaign.funding_years for state in STATES]
    shown = lines[:LINES_ASKED]
    fill(shown, columns, pact, rows_of(pact, columns), lambda state: True)
    return shown, len(lines) > LINES_ASKED


class OwnFundingsForm(PtiForm):
    """One field for each cell; each comes back with what the person saw."""

    says_optional = False

    def __init__(self, *args, request, **kwargs):
        super().__init__(*args, **kwargs)
        self.lines, self.is_cut = own_lines(request)
        self.groups = []
        for line in self.lines:
            names = []
            for cell in line.cells:
                if not cell.locked:
                    self.add(cell)
                    names.append(cell.name)
            read = [cell for cell in line.cells if cell.locked]
            place = OTHER if line.action is None and line.axis is None else line.place
            self.groups.append((place, [(self[name], self[f"w{name}"]) for name in names], read))

    def add(self, cell):
        label = f"{FundingState(cell.column.state).label} {cell.column.year}"
        self.fields[cell.name] = forms.CharField(label=label, required=False, max_length=500, initial=cell.was)
        self.fields[f"w{cell.name}"] = forms.CharField(
            required=False, max_length=500, initial=cell.was, widget=forms.HiddenInput, strip=False
        )

    def clean(self):
        data = super().clean() or self.cleaned_data
        for line in self.lines:
            for cell in line.cells:
                if cell.locked or cell.name not in data:
                    continue
                now = write_cell(cell.rows)
                cell.typed, cell.was = data[cell.name], data.get(f"w{cell.name}", "")
                if cell.is_moved:
                    self.check(cell, now)
        if not self.errors and not self.moved() and not any(cell.rows for line in self.lines for cell in line.cells):
            raise ValidationError(NOTHING_SAID)
        return data

    def check(self, cell, now):
        """What was typed is read, nobody wrote there meanwhile, and nothing else is lost."""
        try:
            said = read_cell(cell.typed)
            if cell.was != now and " ".join(cell.typed.split()) != now:
                self.data = self.data.copy()
                self.data[f"w{cell.name}"] = now
                raise ValidationError(MOVED.format(now) if now else MOVED_AWAY)
            refuse_loss(cell.rows, said)
        except ValidationError as error:
            self.add_error(cell.name, error)

    def moved(self):
        """[(line, cell)] that the person changed."""
        return [(line, cell) for line in self.lines for cell in line.cells if cell.is_moved]
