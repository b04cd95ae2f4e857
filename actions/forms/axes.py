"""A node of the tree."""

from actions.models import Axis
from actions.tree import Tree
from actions.writing import AXIS
from pti.forms import RevisionForm


class AxisForm(RevisionForm):
    """What a node says and where it hangs; it never hangs under itself."""

    class Meta:
        model = Axis
        fields = [
            "number", "title", "parent", "is_group", "is_transversal", "lead", "objective", "summary", "findings",
            "recommendations", "perspectives", "themes_text", "title_variants",
        ]  # fmt: skip
        help_texts = AXIS

    def __init__(self, *args, pact, **kwargs):
        super().__init__(*args, **kwargs)
        self.instance.pact = pact
        tree = Tree(pact)
        below = tree.below(self.instance) if self.instance.pk else []
        self.fields["parent"].queryset = Axis.objects.filter(pact=pact).exclude(pk__in=below)
        self.fields["parent"].choices = [("", "Tout en haut"), *tree.choices(without=below)]
