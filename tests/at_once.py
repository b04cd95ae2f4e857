"""Several people at the same moment: each deed in its own thread, on a base that behaves like the real one."""

import threading
from contextlib import contextmanager

from django.db import connection


@contextmanager
def on_a_file(folder):
    """On SQLite, threads work on a file, as the application does: in memory they would shut each other out at once.

    What they write is there and not in the base of the test: ask for it in a thread as well (`there`).
    """
    if connection.vendor != "sqlite":
        yield
        return
    path, name = str(folder / "base.sqlite3"), connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [path])
    connection.settings_dict["NAME"] = path
    there(connection.ensure_connection)  # the first who opens a new file turns it to WAL: two at once would shut each other out
    try:
        yield
    finally:
        connection.settings_dict["NAME"] = name


def together(deeds):
    """Run every deed in its own thread, all at once; what each gave, or the exception that it raised."""
    start, results = threading.Barrier(len(deeds)), [None] * len(deeds)

    def run(at, deed):
        start.wait()
        try:
            results[at] = deed()
        except Exception as error:  # told to the test
            results[at] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return results


def there(look):
    """What `look` gives in a thread of its own; its failure is the test's."""
    (result,) = together([look])
    if isinstance(result, Exception):
        raise result
    return result
