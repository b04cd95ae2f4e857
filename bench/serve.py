"""The application as `./run` serves it, on loopback, over one base; and a person who is logged in."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from tests.postgres_cluster import cluster, find_binaries

ROOT = Path(__file__).resolve().parent.parent


def environment(base, place, static):
    """What every command of the bench runs with: nothing of this machine's own settings."""
    return os.environ | place | {
        "DJANGO_SETTINGS_MODULE": "bench.settings", "ENV_FILE": os.devnull, "SECRET_KEY": "bench-only", "HTTPS": "off",
        "DEMO": "off", "DATABASE_URL": f"postgres:///{base}", "REFERENCE_DAY": "2026-06-15", "BENCH_STATIC": str(static),
    }  # fmt: skip


def run(env, *arguments):
    """Run a Python command of the project and return what it prints."""
    return subprocess.run([sys.executable, *arguments], cwd=ROOT, env=env, check=True, stdout=subprocess.PIPE, text=True).stdout


def fill(env, scale):
    """Tables, then the rows of `scale`."""
    run(env, "manage.py", "migrate", "--run-syncdb", "-v0")
    run(env, "manage.py", "createcachetable")
    run(env, "-m", "bench.base", str(scale))


def filled(stack, scales):
    """{base: environment}: a cluster, and in it a base for each of `scales` ({name: scale}), filled at the same time."""
    if find_binaries() is None:
        sys.exit("PostgreSQL is missing: sudo apt install postgresql")
    folder = stack.enter_context(cluster())
    static = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pti-bench-")))
    place = {"PGHOST": str(folder), "PGUSER": "pti"}
    run(environment("postgres", place, static), "manage.py", "collectstatic", "--noinput", "-v0")
    for base in scales:
        subprocess.run([find_binaries() / "createdb", "-h", folder, "-U", "pti", base], check=True)
    env = {base: environment(base, place, static) for base in scales}
    with ThreadPoolExecutor() as all_at_once:
        list(all_at_once.map(lambda base: fill(env[base], scales[base]), scales))
    return env


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def server(env):
    """gunicorn with the settings of `./run`; gives its port."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--config", "python:pti.gunicorn", "pti.wsgi"]
    where = {"BIND": "127.0.0.1", "PORT": str(port)}
    process = subprocess.Popen(command, cwd=ROOT, env=env | where, stdout=subprocess.DEVNULL)
    try:
        wait_for(f"http://127.0.0.1:{port}/sante/", process)
        yield port
    finally:
        process.terminate()
        process.wait()


def wait_for(url, process):
    for _ in range(120):
        if process.poll() is not None:
            sys.exit("The server did not start.")
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except OSError:
            time.sleep(0.25)
    sys.exit("The server does not answer.")
