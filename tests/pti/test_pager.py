"""The pages of a list."""

from django.core.paginator import Paginator
from django.template.loader import render_to_string


def test_the_pages_keep_what_else_the_address_says(rf):
    page = Paginator(range(60), 25).get_page(2)
    context = {"page": page, "label": "Pages de la liste", "anchor": "liste"}
    html = render_to_string("pti/_pager.html", context, request=rf.get("/", {"etat": "à dire", "page": "2"}))
    assert 'href="?etat=%C3%A0+dire&amp;page=1#liste"' in html
    assert 'href="?etat=%C3%A0+dire&amp;page=3#liste"' in html
    assert "Page 2 sur 3" in html


def test_one_page_has_no_pages(rf):
    page = Paginator(range(25), 25).get_page(1)
    assert render_to_string("pti/_pager.html", {"page": page}, request=rf.get("/")).strip() == ""
