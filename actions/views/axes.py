"""The tree of the pact: its page, and the page of one node."""

from django.views.generic import DetailView, TemplateView

from actions.models import Action, Axis
from actions.tree import Tree
from pti.access import can_write_frame
from pti.views import ScopedMixin


class AxisTree(ScopedMixin, TemplateView):
    """Every node with its actions, in the pact's own words."""

    template_name = "actions/axis_tree.html"

    def get_context_data(self, **kwargs):
        tree = Tree(self.pact)
        actions = Action.objects.visible_to(self.request.user).filter(pact=self.pact).prefetch_related("other_axes")
        loose = tree.hang(actions.order_by("order", "number_key", "id"))
        return super().get_context_data(
            nodes=list(tree.walk()), loose=loose, may_write=can_write_frame(self.request.user, self.pact), **kwargs
        )


class AxisDetail(ScopedMixin, DetailView):
    """One node: what it says, its actions and those below, by status."""

    model = Axis
    template_name = "actions/axis_detail.html"

    def get_context_data(self, **kwargs):
        tree = Tree(self.pact)
        node = tree.nodes[self.object.pk]
        rows = Action.objects.visible_to(self.request.user).filter(pact=self.pact).under(tree.below(self.object))
        return super().get_context_data(
            node=node,
            path=tree.path_to(self.object)[:-1],
            actions=rows.for_table().order_by("number_key", "order", "id"),
            on=self.pact.reference_day,
            may_write=can_write_frame(self.request.user, self.pact),
            **kwargs,
        )
