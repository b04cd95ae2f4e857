"""What stands beside the figures of the dashboard: bars, shares."""

from django.utils.html import format_html

from pti.figures import figure

UNCALCULABLE = "Non calculable"


def bar(length):
    """A horizontal bar, 0 to 100, hidden from screen readers: the figure stands beside."""
    return format_html(
        '<svg class="pti-bars__bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<rect class="pti-svg-track" width="100" height="8" rx="1"/>'
        '<rect class="pti-svg-fill" width="{}" height="8" rx="1"/></svg>',
        f"{length:.1f}",
    )


class Share:
    """« 11 sur 15 », both of them links; without a whole it is not calculable, never zero."""

    def __init__(self, label, part, whole, part_url, whole_url, why=""):
        self.label, self.part, self.whole, self.why = label, part, whole, why
        self.part_url, self.whole_url = part_url, whole_url

    @property
    def is_known(self):
        return self.whole > 0

    @property
    def words(self):
        if not self.is_known:
            return UNCALCULABLE
        return format_html("{} sur {}", figure(self.part, self.part_url), figure(self.whole, self.whole_url))

    @property
    def bar(self):
        return bar(100 * self.part / self.whole) if self.is_known else ""
