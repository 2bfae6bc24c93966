"""One of several processes in which many families book in the same moment; run by test_rush.py.

`rush.py START SLOT TOKEN…`: from the moment START (seconds since the epoch) every token books the
slot through the family's own page, each in a thread of its own. Prints one line of JSON for each.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongyu.config.settings_test")


def main() -> None:
    import django

    django.setup()
    import time_machine
    from django.db import connections
    from django.test import Client
    from django.urls import reverse

    from gongyu.shared_work.activities import actions  # noqa: F401 - loaded before the rush
    from tests.cast import CAST_MOMENT

    begin, slot, tokens = float(sys.argv[1]), sys.argv[2], sys.argv[3:]
    said: list[dict] = []
    wait = begin - time.time()

    def come(token: str) -> None:
        gate.wait(120)
        try:
            address = reverse("activities:family", args=[token])
            status = Client(HTTP_HOST="127.0.0.1").post(address, {"slot": slot}).status_code
            said.append({"status": status})
        except Exception as error:
            said.append({"status": 0, "error": repr(error)})
        finally:
            connections.close_all()

    gate = threading.Barrier(len(tokens))
    threads = [threading.Thread(target=come, args=(token,)) for token in tokens]
    if wait > 0:
        time.sleep(wait)
    with time_machine.travel(CAST_MOMENT, tick=True):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(300)
    for line in said:
        print(json.dumps(line))


if __name__ == "__main__":
    main()
