"""Nodes as HTML, for the pact's page: the same words as the printed document, bounded."""

from itertools import islice

from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import mark_safe

from pti.printing import nodes
from pti.printing.nodes import Facts, Figure, Heading, List, Paragraph, Quote, Table

# What a page shows of one generated section; the document has the whole.
BLOCKS, ROWS = 60, 25
LOOKS = {"note": "pti-meta", "lead": "fs-5", "label": "fw-semibold mb-1"}
SHORTENED = "La suite est dans le document : « Télécharger », en tête de page."


def to_html(tree, *, level):
    """`tree` under a heading of level `level - 1`, shortened when it is long."""
    kept = (node for node in tree if not isinstance(node, nodes.PageBreak | nodes.SignaturePage))
    shown = nodes.levelled(islice(kept, BLOCKS + 1))
    found = [of_node(node, level) for node in shown[:BLOCKS]]
    cut = len(shown) > BLOCKS or any(isinstance(node, Table) and len(node.body) > ROWS for node in shown)
    if cut:
        found.append(format_html('<p class="pti-meta">{}</p>', SHORTENED))
    return mark_safe("".join(found))


def of_node(node, level):
    match node:
        case Paragraph():
            look = LOOKS.get(node.look)
            return format_html("<p{}>{}</p>", mark_safe(f' class="{look}"') if look else "", of_runs(node.runs))
        case Heading():
            rank = min(level + node.level - 1, 6)
            return format_html("<h{}>{}</h{}>", rank, node.words, rank)
        case List():
            tag = "ol" if node.ordered else "ul"
            start = mark_safe(f' start="{node.start}"') if node.ordered and node.start != 1 else ""
            items = format_html_join("", "<li>{}</li>", ((inside(item, level),) for item in node.items))
            return format_html("<{}{}>{}</{}>", mark_safe(tag), start, items, mark_safe(tag))
        case Quote():
            return format_html("<blockquote>{}</blockquote>", inside(node.children, level))
        case Facts():
            pairs = format_html_join("", "<dt>{}</dt><dd>{}</dd>", ((label, inside(said, level)) for label, said in node.pairs))
            return format_html('<dl class="pti-facts">{}</dl>', pairs)
        case Table():
            return of_table(node, level)
        case Figure():
            return format_html("<p>{}</p>", node.alt)
    return ""


def inside(tree, level):
    """Nodes inside an item or a cell; one paragraph alone needs no tag."""
    if len(tree) == 1 and isinstance(tree[0], Paragraph) and not tree[0].look:
        return of_runs(tree[0].runs)
    return mark_safe("".join(of_node(node, level) for node in tree))


def of_table(node, level):
    """A table with its caption; the first cells name the rows."""
    caption = format_html("<caption>{}</caption>", node.caption) if node.caption else ""
    head = mark_safe("".join(of_row(row, level, "th", 'scope="col"') for row in node.head))
    body = mark_safe("".join(of_row(row, level, "td", "") for row in node.body[:ROWS]))
    rows = format_html("<thead>{}</thead><tbody>{}</tbody>", head, body)
    return format_html('<div class="table-responsive"><table class="pti-table">{}{}</table></div>', caption, rows)


def of_row(row, level, tag, scope):
    cells = []
    for one in row:
        spans = "".join(f' {name}="{count}"' for name, count in (("colspan", one.columns), ("rowspan", one.rows)) if count > 1)
        number = ' class="pti-num"' if one.look == "number" else ""
        cells.append(f"<{tag} {scope}{spans}{number}>{inside(one.children, level)}</{tag}>".replace(f"<{tag} >", f"<{tag}>"))
    return f"<tr>{''.join(cells)}</tr>"


def of_runs(all_runs):
    return mark_safe("".join(of_run(one) for one in all_runs))


def of_run(one):
    """One run, escaped, in its look."""
    text = mark_safe(conditional_escape(one.text).replace("\n", "<br>"))
    for tag, on in (("strong", one.bold), ("em", one.italic), ("u", one.underline), (one.place, one.place)):
        if on:
            text = format_html("<{}>{}</{}>", mark_safe(tag), text, mark_safe(tag))
    return format_html('<a href="{}">{}</a>', one.link, text) if one.link.startswith(("http", "mailto:", "tel:")) else text
