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
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    times, sizes = [], []
    for _ in range(2):
        wall, processor = time.perf_counter(), time.process_time()
        content = make(data, on=date(2026, 11, 21), **options)
        times.append((time.perf_counter() - wall, time.process_time() - processor))
        sizes.append(content)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"times": times, "peak": peak, "before": before, "size": len(content), "same": sizes[0] == sizes[1]}))


def main(arguments):
    if arguments[:1] == ["--one"]:
        return measure(*arguments[1:])
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/bench.sqlite3"
        prepare()
        data = real_data()
        print("| document | fiches | s, first (processor) | s, again (processor) | peak MB | of it, Django | KB | same bytes |")
        print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |")
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
    return f"| {form} | {count} | {first} | {again} | {found['peak']} | {found['before']} | {found['size'] // 1024} | {same} |"
