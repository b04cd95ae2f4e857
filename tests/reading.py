"""Reads the pages of a pact as a person does: from its front page, link after link."""

import re
from html import unescape
from urllib.parse import urljoin

from django.utils.html import strip_tags

from pti.search import normalise

HREF = re.compile(r'href="([^"#]+)')
HIDDEN = re.compile(r"<(script|style|svg|nav|head)\b.*?</\1>", re.S)
# One page of a list at a time, whatever the filters and the order.
ONE_PAGE = re.compile(r"^[^?]*(\?page=\d+)?$")
# Forms, files and the journal repeat what the pages say: they are not what is read.
NOT_READ = re.compile(
    r"modifier|ajouter|supprimer|retirer|renommer|succession|depart|analyse|/point/|pilotes|/vie/|rediger|indicateurs/\d+|nouve"
    r"|journal|historique|export|importer|copier|fichiers|compte|reglages|parametres|proroger|deplacer|creer"
)


def visible_text(html):
    """Text of a page, normalised; tags are spaces."""
    html = HIDDEN.sub(" ", html).replace("<", " <")
    return normalise(unescape(strip_tags(html)).replace(" ,", ","))


def pages_of(client, start, inside):
    """{address: text} of the pages reached from `start` whose address matches `inside`."""
    waiting, read = [start], {}
    while waiting:
        url = waiting.pop()
        if url in read:
            continue
        response = client.get(url)
        read[url] = ""
        if response.status_code != 200 or not response["Content-Type"].startswith("text/html"):
            continue
        html = response.content.decode()
        read[url] = visible_text(html)
        links = {urljoin(url, unescape(link)) for link in HREF.findall(html)}
        waiting += [link for link in links if re.match(inside, link) and not NOT_READ.search(link) and ONE_PAGE.search(link)]
    return read
