"""A log tells which page was asked for and never what opens it."""

import logging
import logging.config

from django.conf import settings


def line_of(message: str, *args: object) -> str:
    """What the house's own handler writes of one record."""
    config = settings.LOGGING["handlers"]["stderr"]
    handler = logging.NullHandler()
    for name in config["filters"]:
        made = dict(settings.LOGGING["filters"][name])
        handler.addFilter(
            logging.config.DictConfigurator({"version": 1}).resolve(made.pop("()"))(**made)
        )
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, message, args, None)
    assert handler.filter(record)
    return record.getMessage()


def test_a_one_time_link_stays_out_of_the_log():
    said = line_of("%s: %s", "Not Found", "/visits/answer/abcd-efgh-ijkl-mnop-qrst-uvwx/")
    assert said == "Not Found: /visits/answer/…"


def test_other_addresses_are_written_as_they_are():
    assert line_of("%s: %s", "Not Found", "/children/7/") == "Not Found: /children/7/"
