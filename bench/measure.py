"""Asks pages of a server, one connection, and keeps times, processor times, queries and bytes."""

import gzip
import http.client
import re
import time
from statistics import median
from urllib.parse import urljoin

from bench.count import PROCESSOR, QUERIES

LINKED = re.compile(r"""<(?:link|script|img|source|use)\b[^>]*?\b(?:href|src)="([^"]+)\"""")
IN_STYLE = re.compile(r"""url\(["']?([^"')]+)["']?\)""")


class Visitor:
    """A browser reduced to its connection and its cookie."""

    def __init__(self, port, session, paths):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.headers = {"Cookie": f"sessionid={session}", "Accept": "text/html", "Accept-Encoding": "gzip"}
        self.paths = paths
        self.times = {}
        self.last = {}  # seconds of processor that each page took the last time
        self.asked_at = 0.0

    def get(self, path):
        """(seconds, answer, body). The server drops a connection that idles for two seconds: ours is then opened anew."""
        if time.perf_counter() - self.asked_at > 1:
            self.connection.close()
            self.connection.connect()
        begun = time.perf_counter()
        self.connection.request("GET", path, headers=self.headers)
        answer = self.connection.getresponse()
        body = answer.read()
        self.asked_at = time.perf_counter()
        return self.asked_at - begun, answer, body

    def page(self, label):
        """((seconds, seconds of processor), queries, body); the bench stops on anything but a page."""
        seconds, answer, body = self.get(self.paths[label])
        if answer.status != 200:
            raise SystemExit(f"{label} ({self.paths[label]}) answered {answer.status}.")
        took = seconds, float(answer.headers[PROCESSOR])
        return took, int(answer.headers[QUERIES]), text_of(answer, body).encode()

    def time(self, label, kept=True):
        """Ask a page; what it took is `kept` for its median, or only warms the server."""
        took = self.page(label)[0]
        self.last[label] = took[1]
        if kept:
            self.times.setdefault(label, []).append(took)

    def medians(self, label):
        """(seconds, seconds of processor) of a page."""
        return tuple(median(one) for one in zip(*self.times[label], strict=True))

    def first_visit(self, label):
        """Bytes of the page and of all that it names, as sent to a browser that has nothing and takes gzip."""
        path = self.paths[label]
        _, answer, body = self.get(path)
        total = len(body)
        wanted, seen = assets(path, text_of(answer, body)), set()
        while wanted:
            one = wanted.pop()
            if one in seen:
                continue
            seen.add(one)
            _, answer, body = self.get(one)
            if answer.status != 200:
                raise SystemExit(f"{label} names {one}, which answers {answer.status}.")
            total += len(body)
            if answer.headers["Content-Type"].startswith("text/css"):
                wanted |= {
                    urljoin(one, found) for found in IN_STYLE.findall(text_of(answer, body)) if not found.startswith("data:")
                }
        return total


def text_of(answer, body):
    packed = answer.headers.get("Content-Encoding") == "gzip"
    return (gzip.decompress(body) if packed else body).decode()


def assets(path, html):
    """Addresses of the files that a page asks its browser to fetch."""
    found = {urljoin(path, one.split("#")[0]) for one in LINKED.findall(html)}
    return {one for one in found if one.startswith("/") and one != path}


def packed(body):
    return len(gzip.compress(body, 6))
