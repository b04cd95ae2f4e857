"""A PostgreSQL cluster for the time of one command: `python -m tests.postgres_cluster pytest …`.

Debian's binaries, a Unix socket only, nothing kept. PostgreSQL refuses to run as root: it is then run as nobody.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

FAST = ("listen_addresses=", "fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=64MB")
# For the tests: a base of a few minutes with few rows is neither tidied, nor counted, nor are its queries compiled. The benches
# measure the server as it is.
HASTY = ("jit=off", "autovacuum=off", "track_counts=off", "wal_level=minimal", "max_wal_senders=0", "checkpoint_timeout=1h")


def find_binaries():
    """Folder of the newest `initdb`, or None when PostgreSQL is not installed."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    found = installed[-1] if installed else shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def as_ordinary_user():
    """Arguments of `subprocess.run` that leave root."""
    return {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}


@contextmanager
def cluster(options=FAST):
    """A running cluster; gives the folder of its socket."""
    binaries, who = find_binaries(), as_ordinary_user()
    folder = Path(tempfile.mkdtemp(prefix="pti-postgres-"))
    if who:
        shutil.chown(folder, who["user"], who["group"])
    control = [binaries / "pg_ctl", "-D", folder / "data", "-l", folder / "log", "-w", "-s"]
    quiet = {"check": True, "cwd": folder, "stdout": subprocess.DEVNULL, **who}
    try:
        made = ["-U", "pti", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        subprocess.run([binaries / "initdb", "-D", folder / "data", *made], **quiet)
        subprocess.run([*control, "-o", " -c ".join([f"-k {folder}", *options]), "start"], **quiet)
        try:
            yield folder
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], **quiet)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main(command):
    if find_binaries() is None:
        sys.exit("PostgreSQL manque. Tapez : sudo apt install postgresql")
    with cluster((*FAST, *HASTY)) as folder:
        place = {"DATABASE_URL": "postgres:///postgres", "PGHOST": str(folder), "PGUSER": "pti"}
        return subprocess.run(command, env=os.environ | place).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
