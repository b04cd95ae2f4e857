"""The run: two bases, two servers, the same person; then the table and the aims."""

import argparse
import json
import sys
from contextlib import ExitStack

from bench.measure import Visitor, packed
from bench.pages_list import EMPTY, PAGES, STOCK
from bench.serve import filled, run, server

SCALES = {"real": 1, "tenfold": 10}
GROWTH, GZIPPED, FIRST_VISIT = 1.2, 60, 250
WARM_UP = 2
# A page that takes this many seconds of processor is asked a few times only: its median moves little, and the run ends.
SLOW, FEW = 1.0, 3
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
    "KB gzip",
    "first visit KB",
)


def main(arguments):
    options = read(arguments)
    wanted = [page for page in PAGES if not options.only or page.label in options.only]
    with ExitStack() as stack:
        visitors = make_visitors(stack)
        take_turns([EMPTY, STOCK, *wanted], visitors.values(), options.requests)
        lines = [line_of(page, **visitors) for page in wanted]
        print_table(lines)
        print_yardsticks(visitors["real"])
    print_missed(lines)


def read(arguments):
    parser = argparse.ArgumentParser(prog="bench/pages", description=__doc__)
    parser.add_argument("--requests", type=int, default=12, help="requests for each page (default 12)")
    parser.add_argument("--only", nargs="*", help="labels of the pages to measure")
    return parser.parse_args(arguments)


def make_visitors(stack):
    """{base: visitor}: a base and a server for each scale."""
    return {
        base: Visitor(stack.enter_context(server(env)), **json.loads(run(env, "-m", "bench.person")))
        for base, env in filled(stack, SCALES).items()
    }


def take_turns(pages, visitors, rounds):
    """Every page on both bases, one after the other, again and again: what disturbs the machine disturbs all of them."""
    for turn in range(-WARM_UP, rounds):
        print(f"{'Round ' + str(turn + 1) if turn >= 0 else 'Warming up'}", file=sys.stderr)
        for page in pages:
            for visitor in visitors:
                if visitor.last.get(page.label, 0) < SLOW or 0 <= turn < FEW:
                    visitor.time(page.label, kept=turn >= 0)


def line_of(page, real, tenfold):
    """Figures of one page; ratios are of processor time, which other work on the machine hardly stretches."""
    _, queries, body = real.page(page.label)
    wall, took = real.medians(page.label)
    grown = tenfold.medians(page.label)[1]
    return {
        "page": page,
        "wall_ms": wall * 1000,
        "ms": took * 1000,
        "ratio": took / real.medians(EMPTY.label)[1],
        "stock": took / real.medians(STOCK.label)[1] if page.is_list else None,
        "queries": queries,
        "grown_ms": grown * 1000,
        "growth": grown / took,
        "grown_queries": tenfold.page(page.label)[1],
        "gzipped": packed(body) / 1000,
        "first_visit": real.first_visit(page.label) / 1000,
    }


def print_table(lines):
    """One row a page; beside each figure its aim, « (≤ 7) » where it is met, « **(≤ 7)** » where it is missed."""
    print("| " + " | ".join(COLUMNS) + " |")
    print("| --- |" + " ---: |" * (len(COLUMNS) - 1))
    for line in lines:
        page = line["page"]
        cells = (
            page.label,
            f"{line['wall_ms']:.0f}",
            f"{line['ms']:.1f}",
            beside(line["ratio"], page.ratio, 1),
            beside(line["stock"], 1, 2) if page.is_list else "",
            beside(line["queries"], page.queries, 0),
            f"{line['grown_ms']:.1f}",
            beside(line["growth"], GROWTH, 2),
            beside(line["grown_queries"], line["queries"], 0),
            beside(line["gzipped"], GZIPPED, 1),
            beside(line["first_visit"], FIRST_VISIT, 0),
        )
        print("| " + " | ".join(cells) + " |")


def beside(value, aim, digits):
    """A figure and its aim, if it has one."""
    said = f"{value:.{digits}f}"
    if aim is None:
        return said
    return f"{said} (≤ {aim})" if is_met(value, aim) else f"{said} **(≤ {aim})**"


def is_met(value, aim):
    return value <= aim


def print_yardsticks(real):
    """What the two pages that the others are compared with cost."""
    for page in (EMPTY, STOCK):
        wall, took = real.medians(page.label)
        print(f"\n{page.label}: {wall * 1000:.0f} ms, {took * 1000:.1f} of processor, {real.page(page.label)[1]} queries.")


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


def print_missed(lines):
    """By how much each aim is missed, and how many are met."""
    aims = [(line["page"].label, *aim) for line in lines for aim in aims_of(line)]
    missed = [one for one in aims if not is_met(*one[2:])]
    print(f"\n{len(aims) - len(missed)} aims of {len(aims)} are met.\n")
    for label, aim, value, limit in missed:
        print(f"- {label}: {aim} {value:.2f} for {limit}, missed by {100 * (value / limit - 1):.0f} %")
