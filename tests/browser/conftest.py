"""A real browser on a real server: `page` (1280 px), `phone` (390 px), `enter` to log in, `axe` to look for barriers.

    def test_something(live_server, page, enter, world):
        enter(page, world.users["partner"])
        page.goto(live_server.url + "/mes-actions/")

A page whose console tells an error (a script that throws, a file that is missing, a refusal of the content security
policy) fails its test. Runs on SQLite only.
"""

import os
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.db import connection
from django.test import Client
from django.utils.cache import patch_cache_control
from playwright.sync_api import Error, sync_playwright

from tests.world import log_in

AXE = Path(__file__).parent.parent / "vendor" / "axe-core-4.14.1" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# The page as it is looked at: every fold open, its fonts there (the shapes of a font of icons are words until then), and no bar
# that sticks: it lies over whatever the scroll puts under it; that focus never hides there has its own test.
LAID_OUT = """async () => {
  document.querySelectorAll("main details").forEach(fold => { fold.open = true });
  document.querySelectorAll(".pti-savebar").forEach(bar => { bar.style.position = "static" });
  await document.fonts.ready;
}"""
# Only what is wrong is described: describing what passes takes twice as long as looking for it. The style sheets are not
# fetched once more: the one rule that reads them is experimental, and not among ours.
RUN = f"""async options => {{
  await ({LAID_OUT})();
  const {{violations}} = await axe.run(document, {{...options, resultTypes: ["violations"], preload: {{assets: ["media"]}}}});
  return violations.map(one => [one.id, one.impact, one.nodes.map(node => node.html.slice(0, 200))]);
}}"""
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
# A page lives for less than a second: its scripts are compiled once, at their first call, and never optimized; there is room
# to leave their garbage; and the pages of a test follow one another in one process.
SHORT_LIFE = [
    "--no-maglev", "--no-turbofan", "--always-sparkplug", "--no-lazy-feedback-allocation", "--no-flush-bytecode",
    "--min-semi-space-size=64", "--max-semi-space-size=128",
]  # fmt: skip
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-component-update",
    "--process-per-site", f"--js-flags={' '.join(SHORT_LIFE)}",
]  # fmt: skip


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session", autouse=True)
def _base_for_every_thread(django_db_setup):
    """Threads of the server outlive it by a moment, and close the base in memory as they end: it stays theirs too."""
    connection.inc_thread_sharing()


@pytest.fixture(scope="session", autouse=True)
def _static_files_are_kept():
    """The browser asks for a static file once, as it does in production, and not again for each page."""
    serve = StaticFilesHandler.serve

    def serve_for_an_hour(handler, request):
        response = serve(handler, request)
        patch_cache_control(response, public=True, max_age=3600)
        return response

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(StaticFilesHandler, "serve", serve_for_an_hour)
        yield


@pytest.fixture(scope="session")
def chromium():
    """Debian's Chromium, better without a window at all, else the one that playwright installed (Ubuntu)."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # playwright runs its own loop in the thread of the tests
    path = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        except Error:
            pytest.fail("Chromium manque : sudo apt install chromium-headless-shell (sur Ubuntu, playwright install chromium)")
        yield browser
        browser.close()


def is_complaint(message, pages):
    """An error of the console; but a page's own status (403 is a page too), and the inline styles of the stock admin's own
    pages: refused, and nothing is lost."""
    if message.type != "error" or ("/admin/" in message.page.url and message.text.startswith("Applying inline style")):
        return False
    return not (message.text.startswith("Failed to load resource") and message.location["url"] in pages)


def listen(page, complaints):
    """Note what the console of `page` complains of, and the requests that fail."""
    pages = set()
    page.on("request", lambda request: request.is_navigation_request() and pages.add(request.url))
    page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
    page.on("console", lambda one: is_complaint(one, pages) and complaints.append(f"{page.url}: {one.text} {one.location}"))
    page.on(
        "requestfailed",  # what a person leaves before its end is no failure
        lambda one: one.failure != "net::ERR_ABORTED" and complaints.append(f"{page.url}: {one.url} {one.failure}"),
    )


@pytest.fixture
def open_page(chromium, live_server):
    """Open a page of its own context; what its console complains of fails the test at the end."""
    opened, complaints = [], []

    def open_one(viewport=DESKTOP):
        context = chromium.new_context(viewport=viewport, locale="fr-FR", base_url=live_server.url)
        page = context.new_page()
        page.set_default_timeout(30_000)
        listen(page, complaints)
        opened.append(context)
        return page

    yield open_one
    for context in opened:
        context.close()
    assert complaints == []


@pytest.fixture
def page(open_page):
    """A page as wide as a desk's screen."""
    return open_page()


@pytest.fixture
def phone(open_page):
    """A page as narrow as a phone."""
    return open_page(PHONE)


@pytest.fixture
def enter(live_server):
    """enter(page, user): log in by the cookie, second factor included; None is the anonymous visitor."""

    def enter_as(page, user):
        page.context.clear_cookies()
        if user is None:
            return
        cookie = log_in(Client(), user).cookies[settings.SESSION_COOKIE_NAME]
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])

    return enter_as


@pytest.fixture
def axe(page):
    """axe(only=RULES): the barriers of `page` as it is now, every fold open: [(rule, impact, [elements])]; none is []."""
    page.add_init_script(path=AXE)
    return lambda only=RULES: [tuple(barrier) for barrier in page.evaluate(RUN, {"runOnly": only})]
