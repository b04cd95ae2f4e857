"""The run: two bases, two servers, the same person; then the table and the aims."""

import argparse
import json
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from bench.measure import Visitor, packed
from bench.pages_list import EMPTY, PAGES, STOCK
from bench.serve import environment, fill, run, server
from tests.postgres_cluster import cluster, find_binaries

SCALES = {"real": 1, "tenfold": 10}
GROWTH, GZIPPED, FIRST_VISIT = 1.2, 60, 250
WARM_UP = 6
COLUMNS = (
    "page",
    "ms",
    "processor ms",
    "× empty",
    "× stock admin",
    "queries",
    "×10: processor ms",
    "×10: ratio",
    "×10: queries",
    "KB",
    "KB gzip",
    "first visit KB",
)


def main(arguments):
    options = read(arguments)
    wanted = [page for page in PAGES if not options.only or page.label in options.only]
    if find_binaries() is None:
        sys.exit("PostgreSQL is missing: sudo apt install postgresql")
    with ExitStack() as stack:
        visitors = make_visitors(stack)
        lines = [measure(page, visitors, options.requests) for page in wanted]
        print_table(lines)
        print_yardsticks(visitors["real"])
    print_aims(lines)


def read(arguments):
    parser = argparse.ArgumentParser(prog="bench/pages", description=__doc__)
    parser.add_argument("--requests", type=int, default=30, help="requests for each page (default 30)")
    parser.add_argument("--only", nargs="*", help="labels of the pages to measure")
    return parser.parse_args(arguments)


def make_visitors(stack):
    """{base: visitor}: a cluster, a base and a server for each scale."""
    folder = stack.enter_context(cluster())
    static = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pti-bench-")))
    place = {"PGHOST": str(folder), "PGUSER": "pti"}
    run(environment("postgres", place, static), "manage.py", "collectstatic", "--noinput", "-v0")
    visitors = {}
    for base, scale in SCALES.items():
        print(f"Base « {base} » (× {scale})", file=sys.stderr)
        subprocess.run([find_binaries() / "createdb", "-h", folder, "-U", "pti", base], check=True)
        env = environment(base, place, static)
        fill(env, scale)
        port = stack.enter_context(server(env))
        visitors[base] = Visitor(port, **json.loads(run(env, "-m", "bench.person")))
    return visitors


def measure(page, visitors, requests):
    """One page: the empty page, the stock admin and the page take turns on both bases, so that noise is shared."""
    print(page.label, file=sys.stderr)
    labels = [EMPTY.label, page.label, *([STOCK.label] if page.is_list else [])]
    for visitor in visitors.values():
        for label in labels:
            for _ in range(WARM_UP):
                visitor.page(label)
    for _ in range(requests):
        for label in labels:
            for visitor in visitors.values():
                visitor.time(label, page.label)
    return line_of(page, *visitors.values())


def line_of(page, real, tenfold):
    """Figures of one page; ratios are of processor time, which other work on the machine does not stretch."""
    _, queries, body = real.page(page.label)
    wall, took = real.medians(page.label, page.label)
    grown = tenfold.medians(page.label, page.label)[1]
    return {
        "page": page,
        "wall_ms": wall * 1000,
        "ms": took * 1000,
        "ratio": took / real.medians(EMPTY.label, page.label)[1],
        "stock": took / real.medians(STOCK.label, page.label)[1] if page.is_list else None,
        "queries": queries,
        "grown_ms": grown * 1000,
        "growth": grown / took,
        "grown_queries": tenfold.page(page.label)[1],
        "bytes": len(body) / 1000,
        "gzipped": packed(body) / 1000,
        "first_visit": real.first_visit(page.label) / 1000,
    }


def print_table(lines):
    print("| " + " | ".join(COLUMNS) + " |")
    print("| --- |" + " ---: |" * (len(COLUMNS) - 1))
    for line in lines:
        stock = f"{line['stock']:.2f}" if line["stock"] else ""
        print(
            f"| {line['page'].label} | {line['wall_ms']:.1f} | {line['ms']:.1f} | {line['ratio']:.1f} | {stock} | "
            f"{line['queries']} | {line['grown_ms']:.1f} | {line['growth']:.2f} | {line['grown_queries']} | "
            f"{line['bytes']:.0f} | {line['gzipped']:.1f} | {line['first_visit']:.0f} |"
        )


def print_yardsticks(real):
    """What the two pages that the others are compared with cost."""
    for page in (EMPTY, STOCK):
        if any(label == page.label for _, label in real.times):
            wall, took = real.medians(page.label)
            print(f"\n{page.label}: {wall * 1000:.1f} ms, {took * 1000:.1f} of processor, {real.page(page.label)[1]} queries.")


def aims_of(line):
    """(aim, measured, limit) of one page."""
    page = line["page"]
    if page.ratio:
        yield "× empty page", line["ratio"], page.ratio
    if page.is_list:
        yield "× stock admin", line["stock"], 1
    if page.queries:
        yield "queries", line["queries"], page.queries
    yield "growth at ×10", line["growth"], GROWTH
    yield "queries at ×10", line["grown_queries"], line["queries"]
    yield "KB gzipped", line["gzipped"], GZIPPED
    yield "first visit KB", line["first_visit"], FIRST_VISIT


def print_aims(lines):
    print("\nAims:")
    for line in lines:
        missed = [
            f"{aim} {value:.2f} for {limit}: missed by {100 * (value / limit - 1):.0f} %"
            for aim, value, limit in aims_of(line)
            if value > limit
        ]
        print(f"- {line['page'].label}: {'; '.join(missed) or 'OK'}")
