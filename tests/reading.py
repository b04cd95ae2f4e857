"""Reads the pages of a pact as a person does: from its front page, link after link."""

import re
from collections import Counter
from html import unescape
from urllib.parse import urljoin

from django.utils.html import strip_tags

from pti.search import normalise

LINK = re.compile(r'<a\b[^>]*href="([^"#]+)[^>]*>(.*?)</a>', re.S)
HIDDEN = re.compile(r"<(script|style|svg|nav|head)\b.*?</\1>", re.S)
# One page of a list at a time, whatever the filters and the order.
ONE_PAGE = re.compile(r"^[^?]*(\?page=\d+)?$")
OF_ONE_ROW = re.compile(r"/\d+/(dossier/)?$")
# Where people act on a pact and draw it: what a file says of it is on other pages first.
SELDOM = re.compile(
    r"/(tableau|carte|matrice|vues|dossier|decisions|presences|totaux|subventions|grille|bilans|propositions"
    r"|concertations|saisines|blocages|courriels|collectes|feuilles-de-route|alertes|au|axes|tableau-de-bord)/$"
)
# Forms, files and the journal repeat what the pages say: they are not what is read.
NOT_READ = re.compile(
    r"modifier|ajouter|supprimer|retirer|renommer|succession|depart|analyse|/point/|pilotes|/vie/|rediger|indicateurs/\d+|nouve"
    r"|journal|historique|telecharger|export|importer|copier|fichiers|compte|reglages|parametres|proroger|deplacer|creer"
    r"|/(pdf|docx|odt)/|histoire|statut|feuilles-de-route/\d|ouvrir|preparer|enregistrer|/lot/"
)


def visible_text(html):
    """Text of a page, normalised; tags are spaces."""
    html = HIDDEN.sub(" ", html).replace("<", " <")
    return normalise(unescape(strip_tags(html)).replace(" ,", ","))


def pages_of(client, start, inside, awaited=lambda label: False):
    """The text of each page reached from `start` whose address matches `inside`, one after the other.

    Those of many rows come first, then those whose link reads as `awaited(label)`, then the others, and what is seldom
    needed at the end.
    """
    waiting, known = {start: ""}, {start}
    while waiting:
        url = next_of(waiting, awaited)
        del waiting[url]
        response = client.get(url)
        if response.status_code != 200 or not response["Content-Type"].startswith("text/html"):
            continue
        html = response.content.decode()
        yield visible_text(html)
        for link, label in LINK.findall(html):
            link = urljoin(url, unescape(link))
            if link not in known and re.match(inside, link) and not NOT_READ.search(link) and ONE_PAGE.search(link):
                known.add(link)
                waiting[link] = visible_text(label)


def next_of(waiting, awaited):
    """The address to read next; among the others, one of the kind with the fewest."""
    often = {url: label for url, label in waiting.items() if not SELDOM.search(url)} or waiting
    lists = (url for url in often if not OF_ONE_ROW.search(url))
    rows = (url for url, label in often.items() if awaited(label))
    left = Counter(kind_of(url) for url in often)
    return next(lists, None) or next(rows, None) or min(often, key=lambda url: left[kind_of(url)])


def kind_of(url):
    return re.sub(r"\d+", "", url)
