"""The door for a WSGI server."""

import gc
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from granian.utils.proxies import wrap_wsgi_with_proxy_headers

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongyu.config.settings")


def door():
    """The application, which behind proxies sees the addresses of people and not the proxy's: what
    is limited by address would else be one limit for the whole city."""
    application = get_wsgi_application()
    proxies = settings.PROXIES
    return wrap_wsgi_with_proxy_headers(application, proxies) if proxies else application


application = door()

# What is loaded by now stays for ever, so the collector need not look at it again. As Python comes it
# ran twice a request, for 2 % of its CPU, though a page leaves hardly a circle behind.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 20)
