"""`bench/campaign`: a base of each kind, the deeds in a process of their own, the answers by HTTP."""

import http.client
import json
import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from bench.serve import environment, run, server
from tests.postgres_cluster import cluster

AT_ONCE, ANSWERS = 20, 200
SETTINGS = {"DJANGO_SETTINGS_MODULE": "bench.settings_campaign", "EMAIL_URL": "dummymail://", "REFERENCE_DAY": ""}


@contextmanager
def sqlite():
    with tempfile.TemporaryDirectory() as folder:
        yield {"DATABASE_URL": f"sqlite:///{folder}/base.sqlite3"}


@contextmanager
def postgres():
    with cluster() as folder:
        yield {"DATABASE_URL": "postgres:///postgres", "PGHOST": str(folder), "PGUSER": "pti"}


BASES = {"sqlite": sqlite, "postgres": postgres}


def main(names):
    print(f"| base | prepared | opened | mails sent | {ANSWERS} answers | one, median | one, worst | lost | twice |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name in names or BASES:
        with BASES[name]() as place, tempfile.TemporaryDirectory() as static:
            print(f"| {name} | {' | '.join(measure(place, Path(static)))} |", flush=True)


def measure(place, static):
    env = environment("", {}, static) | place | SETTINGS
    run(env, "manage.py", "migrate", "--run-syncdb", "-v0")
    run(env, "manage.py", "createcachetable")
    run(env, "manage.py", "collectstatic", "--noinput", "-v0")
    run(env, "-m", "bench.base.collected")
    done = json.loads(run(env, "-m", "bench.collecting", "open"))
    with server(env) as port:
        whole, times = post(port, done["tokens"])
    found = json.loads(run(env, "-m", "bench.collecting", "count"))
    seconds = [f"{done[name]:.1f} s" for name in ("prepared", "opened", "sent")]
    each = [f"{1000 * value:.0f} ms" for value in (statistics.median(times), max(times))]
    return [*seconds, f"{whole:.1f} s", *each, str(ANSWERS - found["answered"]), str(found["updates"] - found["answered"])]


def post(port, tokens):
    """Every token once, a tenth of them twice, by twenty people at once: (seconds in all, [seconds of each])."""
    wanted = [*tokens, *tokens[::10]]

    def one(token):
        started = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        connection.request("POST", f"/repondre/{token}/", "inchange=1", {"Content-Type": "application/x-www-form-urlencoded"})
        response = connection.getresponse()
        response.read()
        connection.close()
        assert response.status == 302, response.status
        return time.perf_counter() - started

    started = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as people:
        times = list(people.map(one, wanted))
    return time.perf_counter() - started, times


# What follows runs in a process of its own, over the base. ---------------------------------------------------------------


def timed(deed):
    started = time.perf_counter()
    result = deed()
    return time.perf_counter() - started, result


def opened():
    """Prepare and open a collection, send its mails, and give the tokens of the first fiche of each person."""
    from actions.campaigns import mails
    from actions.campaigns.deeds import open_campaign
    from actions.campaigns.preparing import prepare
    from actions.models import Campaign
    from pti import outbox
    from pti.dates import today
    from pti.models import Pact

    campaign = Campaign.objects.create(pact=Pact.objects.get(), name="Bench", deadline=today())
    prepared, _ = timed(lambda: prepare(campaign=campaign))
    begun, count = timed(lambda: open_campaign(campaign=campaign, by=None))
    sent, left = timed(outbox.deliver)
    assert count == left == campaign.requests.values("person_email").distinct().count(), (count, left)
    first = {row.person_email: row for row in campaign.requests.order_by("-id")}
    tokens = [mails.make_link(row, row.person_email) for row in first.values()][:ANSWERS]
    return {"prepared": prepared, "opened": begun, "sent": sent, "tokens": tokens}


def count():
    """What the base holds once everybody has answered."""
    from actions.models import CampaignRequest, Update

    return {"answered": CampaignRequest.objects.answered().count(), "updates": Update.objects.count()}


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps({"open": opened, "count": count}[sys.argv[1]]()))
