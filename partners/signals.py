"""What happens on this floor and that a floor above may want to hear."""

from django.dispatch import Signal

# A partner said whether a commitment is kept, in the application: `update` is the CommitmentUpdate.
commitment_told = Signal()
