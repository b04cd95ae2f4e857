"""The house table: django-tables2 with a lean rendering, in words, that stacks on a phone.

    class ActionTable(PtiTable):
        title = tables.Column("fiche-action", linkify=True)
        last_update_on = tables.Column("dernier point", empty_values=())

        noun, nouns, feminine = "fiche", "fiches", True
        title_column = "title"          # the row's header cell
        secondary = ("last_update_on",) # leaves between 768 and 1199 px
        numeric = ("number",)           # right-aligned

        class Meta(PtiTable.Meta):
            model = Action
            fields = ("number", "title", "status", "last_update_on")
            order_by = "number"

        def render_last_update_on(self, value):
            return typography.day(value)

Dates are rendered by a plain column: tables2's DateColumn is a template for each cell.
"""

import django_tables2 as tables
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from django_tables2.utils import A, signature

from pti import typography

UNKNOWN = mark_safe('<span class="pti-state--none">Non renseigné</span>')
NOTHING = mark_safe('<span class="pti-state--none">Sans objet</span>')


def plain_link(content, *, value, record, bound_column):
    """What `linkify=True` draws, without tables2's dictionaries of attributes."""
    target = value if hasattr(value, "get_absolute_url") else record
    return format_html('<a href="{}">{}</a>', target.get_absolute_url(), content)


class DayColumn(tables.Column):
    """A date in French."""

    def render(self, value):
        return typography.day(value)

    def value(self, value):
        return value


class PtiTable(tables.Table):
    """Caption in words, sorting links, cells built once per column: see the module."""

    noun, nouns, feminine = "ligne", "lignes", True
    title_column = ""
    secondary = ()
    numeric = ()
    nowrap = ()
    when_empty = "Rien à montrer ici pour le moment."
    way_out = None  # (address, words) of what an empty list proposes, given by the page
    filterset = None

    class Meta:
        template_name = "pti/_table.html"
        default = UNKNOWN

    def tell(self, filterset):
        """Give the table the filters it was made with: the caption and the links read them."""
        self.filterset = filterset

    def row_class(self, record):
        """CSS class of a row; override where a row stands out."""
        return ""

    # What the caption says.

    @property
    def count(self):
        return self.paginator.count if hasattr(self, "paginator") else len(self.rows)

    def in_words(self):
        """« 8 fiches sur 16, triées par échéance, ordre décroissant »."""
        count = self.count
        text = (
            typography.plural(count, self.noun, self.nouns)
            if count
            else f"{'Aucune' if self.feminine else 'Aucun'} {self.noun}"
        )
        if self.filterset is not None and self.filterset.chips():
            text += f" sur {typography.number(self.filterset.queryset.count())}"
        column = self.sorted_column
        if column is not None and count > 1:
            way = "décroissant" if column.order_by_alias.is_descending else "croissant"
            text += f", trié{'e' if self.feminine else ''}s par {str(column.header).lower()}, ordre {way}"
        return typography.typeset(text)

    @property
    def sorted_column(self):
        """The first column that the rows are sorted by."""
        name = self.order_by[0].bare if self.order_by else ""
        return self.columns[name] if name in self.columns.names() else None

    # Addresses.

    def address(self, **changes):
        """The address of this list with some parameters changed; the page goes back to the first unless named."""
        query = self.request.GET.copy()
        for name in ("page", "format"):
            query.pop(name, None)
        for name, value in changes.items():
            query[name] = value
        return f"?{query.urlencode()}"

    def heads(self):
        """Head cells: text, link to sort, which way it is sorted now, CSS class."""
        current = self.sorted_column
        for column in self.columns:
            is_current = current is not None and column.name == current.name
            yield {
                "text": capfirst(column.header),
                "url": self.address(sort=column.order_by_alias.next) if column.orderable else "",
                "sorted": ("descending" if column.order_by_alias.is_descending else "ascending") if is_current else "",
                "css": self.css_of(column.name),
            }

    def sort_options(self):
        """Choices of « Trier par » on a phone."""
        now = self.order_by[0] if self.order_by else ""
        for column in self.columns:
            if column.orderable:
                yield column.name, f"{capfirst(column.header)}, croissant", column.name == now
                yield f"-{column.name}", f"{capfirst(column.header)}, décroissant", f"-{column.name}" == now

    def kept(self):
        """Parameters that the « Trier par » form carries along."""
        return [(k, v) for k, values in self.request.GET.lists() for v in values if k not in ("sort", "page", "format")]

    def previous_url(self):
        return self.address(page=self.page.number - 1)

    def next_url(self):
        return self.address(page=self.page.number + 1)

    def csv_url(self):
        return self.address(format="csv")

    def xlsx_url(self):
        return self.address(format="xlsx")

    # Cells.

    def css_of(self, name):
        names = (("pti-num", self.numeric), ("pti-secondary", self.secondary), ("pti-nowrap", self.nowrap))
        return " ".join(css for css, columns in names if name in columns)

    def frames(self):
        """{column: (opening, closing, has choices)}, made once: per-cell attributes are what tables2 pays for."""
        frames = {}
        for column in self.columns:
            css = self.css_of(column.name)
            css = f' class="{css}"' if css else ""
            if column.name == self.title_column:
                frames[column.name] = (f'<th scope="row"{css}>', "</th>", False)
            else:
                label = escape(capfirst(column.header))
                frames[column.name] = (f'<td data-label="{label}"{css}', "</span></td>", self.has_choices(column))
        return frames

    def has_choices(self, column):
        """True for a closed list: its labels are in lower case, and a cell begins with a capital."""
        model = self._meta.model
        names = {field.name for field in model._meta.fields if field.choices} if model else ()
        return column.accessor in names

    def body(self):
        """Every row of the page."""
        frames = self.frames()
        cells = {name: self.cell_of(self.columns[name]) for name in frames}
        lines = []
        for row in self.paginated_rows:
            css = self.row_class(row.record)
            lines.append(format_html('<tr class="{}">', css) if css else "<tr>")
            for name, (opening, closing, choices) in frames.items():
                cell = cells[name](row)
                cell = capfirst(cell) if choices and type(cell) is str else cell
                text = conditional_escape(cell)
                if name != self.title_column:  # on a phone, a cell with nothing to say is not shown
                    opening += " data-empty><span>" if text in ("", NOTHING) else "><span>"
                lines.append(f"{opening}{text}{closing}")
            lines.append("</tr>\n")
        return mark_safe("".join(lines))

    def cell_of(self, bound):
        """What gives the cell of a row: `row.get_cell`, but the signature of `render` is read once per column, not per cell."""
        wanted, takes_all = signature(bound.render)
        model = self._meta.model
        if model is None or takes_all or len(A(bound.accessor).bits) > 1 or not set(wanted) <= {"value", "record"}:
            return lambda row: row.get_cell(bound.name)
        name = f"get_{bound.accessor}_display" if self.has_choices(bound) else bound.accessor
        default, empty_values, render = bound.default, bound.column.empty_values, bound.render
        is_plain = bound.link is not None and not (
            bound.link.url or bound.link.accessor or bound.link.attrs or bound.link.reverse_args
        )
        link = plain_link if is_plain else bound.link

        def cell(row):
            record = row.record
            value = getattr(record, name, None)
            value = value() if callable(value) else value
            if value in empty_values:
                return default
            known = {"value": value, "record": record}
            content = render(**{key: known[key] for key in wanted})
            return link(content, **known, bound_column=bound) if link else content

        return cell
