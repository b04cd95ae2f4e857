"""The board and the timeline in a real browser: one base at real size, one server, one Chromium."""

import argparse
import json
import shutil
from contextlib import ExitStack
from statistics import median

from playwright.sync_api import sync_playwright

from bench.serve import filled, run, server

AIM = 1.0
PAGES = {
    "empty page": ("empty page", ""),
    "board": ("board", ""),
    "timeline, years": ("timeline", ""),
    "timeline, quarters": ("timeline", "?zoom=trimestre"),
    "timeline, months": ("timeline", "?zoom=mois"),
}
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
# Two frames after the page is loaded, all of it is on the screen.
TIMES = """async () => {
  const frame = () => new Promise(requestAnimationFrame)
  await frame(); await frame()
  const painted = performance.now()
  const [visit] = performance.getEntriesByType("navigation")
  const [first] = performance.getEntriesByName("first-contentful-paint")
  return { answer: visit.responseStart, first: first ? first.startTime : painted, painted, nodes: document.all.length }
}"""


def main(arguments):
    parser = argparse.ArgumentParser(prog="bench/render", description=__doc__)
    parser.add_argument("--rounds", type=int, default=9, help="visits of each page (default 9)")
    rounds = parser.parse_args(arguments).rounds
    with ExitStack() as stack:
        env = filled(stack, {"real": 1})["real"]
        port = stack.enter_context(server(env))
        visits = browse(f"http://127.0.0.1:{port}", **json.loads(run(env, "-m", "bench.person")), rounds=rounds)
    print_table(visits)


def browse(base, session, paths, rounds):
    """{page: times of each visit}, the pages in turn; the first visit of each may fetch styles, scripts and fonts."""
    visits = {label: [] for label in PAGES}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=QUIET)
        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        page.context.add_cookies([{"name": "sessionid", "value": session, "url": base}])
        for _ in range(rounds + 1):
            for label, (name, query) in PAGES.items():
                page.goto(f"{base}{paths[name]}{query}", wait_until="load")
                visits[label].append(page.evaluate(TIMES))
        browser.close()
    return visits


def print_table(visits):
    """Medians in milliseconds since the navigation began, the first visit apart."""
    print("| page | answer begins | first paint | painted whole | slowest | first visit | elements |")
    print("| --- |" + " ---: |" * 6)
    for label, (first, *others) in visits.items():
        answer, paint, whole = (median(one[name] for one in others) for name in ("answer", "first", "painted"))
        slowest, aim = max(one["painted"] for one in others), "(≤ 1000)" if whole <= 1000 * AIM else "**(≤ 1000)**"
        cells = label, f"{answer:.0f}", f"{paint:.0f}", f"{whole:.0f} {aim}", f"{slowest:.0f}", f"{first['painted']:.0f}"
        print("| " + " | ".join(cells) + f" | {first['nodes']} |")
