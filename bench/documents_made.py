"""The documents of a pact, made and measured: `bench/documents`."""

import copy
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REAL = ROOT / "evaluation/demo/indre-et-loire-2015-2017.json"
FORMS = ("pdf", "booklet", "docx", "odt")
SIZES = (16, 100)
HEADS = (
    "document", "fiches", "s, first (processor)", "s, again (processor)", "peak MB", "of it, Django", "peak MB, apart", "KB",
    "same bytes",
)  # fmt: skip
# Rows that hang on a fiche, and by which field.
HUNG = {"Lead": "action", "Milestone": "action", "Indicator": "action", "Funding": "action", "Target": "indicator"}


def prepare():
    """Django on an empty SQLite of its own."""
    os.environ.setdefault("SECRET_KEY", "bench")
    os.environ["HTTPS"], os.environ["DJANGO_SETTINGS_MODULE"] = "off", "pti.settings"
    import django

    django.setup()


def real_data():
    """The data of the real pact, as a version holds them."""
    from django.core.management import call_command

    from pti.importing import import_file
    from pti.versions import text_of

    call_command("migrate", verbosity=0)
    return text_of(import_file(REAL.read_bytes())[0])


def grown(data, count):
    """`data` with its fiches, and what hangs on them, repeated until there are `count`."""
    data = copy.deepcopy(data)
    rows = data["parts"]["actions"]["Action"]
    known = {name: group for part in data["parts"].values() for name, group in part.items() if name in HUNG}
    first = list(rows)
    for at in range(len(first), count):
        renamed = {}
        rows.append(again(first[at % len(first)], renamed) | {"number": str(at + 1), "order": at})
        for name, field in HUNG.items():
            group = known.get(name, [])
            group += [again(row, renamed) | {field: renamed[row[field]]} for row in list(group) if row.get(field) in renamed]
    return data


def again(row, renamed):
    """A copy of `row` under another uid, noted in `renamed`."""
    renamed[row["uid"]] = str(uuid.uuid5(uuid.NAMESPACE_OID, f"{row['uid']}{len(renamed)}{time.monotonic_ns()}"))
    return row | {"uid": renamed[row["uid"]]}


def measure(form, path):
    """Make the document twice and print what it costs; run in a process of its own."""
    prepare()
    from datetime import date

    from pti.printing import docx_of, odt_of, pdf_of

    data = json.loads(Path(path).read_text())
    make = {"docx": docx_of, "odt": odt_of}.get(form, pdf_of)
    options = {"paper": "booklet"} if form == "booklet" else {}
    before = peak()
    times, sizes = [], []
    for _ in range(2):
        wall, processor = time.perf_counter(), spent()
        content = make(data, on=date(2026, 11, 21), **options)
        times.append((time.perf_counter() - wall, spent() - processor))
        sizes.append(content)
    apart = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    said = {
        "times": times,
        "peak": peak(),
        "before": before,
        "apart": apart,
        "size": len(content),
        "same": sizes[0] == sizes[1],
    }
    print(json.dumps(said))


def spent():
    """Processor seconds of this process and of those that it started."""
    mine, theirs = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return mine.ru_utime + mine.ru_stime + theirs.ru_utime + theirs.ru_stime


def peak():
    """The most memory that this process took, in MB; ru_maxrss would count that of the process that started it."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM"))


def main(arguments):
    if arguments[:1] == ["--one"]:
        return measure(*arguments[1:])
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        prepare()
        data = real_data()
        print(f"| {' | '.join(HEADS)} |")
        print(f"| --- | {'---: | ' * (len(HEADS) - 2)}--- |")
        for count in SIZES:
            path = Path(folder) / f"{count}.json"
            path.write_text(json.dumps(data if count == SIZES[0] else grown(data, count)))
            for form in FORMS:
                print(line(form, count, path), flush=True)


def line(form, count, path):
    """One row of the table."""
    command = [sys.executable, str(ROOT / "bench" / "documents"), "--one", form, str(path)]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    first, again = (f"{wall:.2f} ({processor:.2f})" for wall, processor in found["times"])
    same = "yes" if found["same"] else "no"
    columns = (form, count, first, again, found["peak"], found["before"], found["apart"] or "", found["size"] // 1024, same)
    return f"| {' | '.join(map(str, columns))} |"
