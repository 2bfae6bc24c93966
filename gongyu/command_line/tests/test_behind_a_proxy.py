"""Behind a proxy people have their own addresses; nobody else may say which one that is."""

from io import BytesIO

import pytest
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from gongyu.config import wsgi

PROXY, FAMILY, STRANGER = "10.1.0.9", "203.0.113.5", "203.0.113.77"


def ask(settings, proxies: list[str], *, address: str, forwarded: str = "") -> int:
    """A wrong printed code typed at the door, from an address; the status of the answer."""
    settings.PROXIES = proxies
    body = b"code=123412341234"
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/family/sign-in/printed/",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "REMOTE_ADDR": address,
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(body),
        **({"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}),
    }
    told: list[str] = []
    answer = wsgi.door()(environ, lambda status, headers: told.append(status))
    answer.close()
    return int(told[0].split()[0])


@pytest.fixture
def tried_too_often(settings, db, monkeypatch):
    """Somebody behind the proxy has typed wrong codes until it was enough."""
    monkeypatch.setattr("django.middleware.csrf.CsrfViewMiddleware.process_view", lambda *a: None)
    cache.clear()
    # The connection is the test's own; a request that ends would close it.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)

    def until_refused(proxies: list[str], **where) -> None:
        assert [ask(settings, proxies, **where) for _try in range(21)] == [422] * 20 + [429]

    yield until_refused
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_one_household_is_stopped_and_the_next_is_not(settings, tried_too_often):
    proxies = ["10.1.0.0/16"]
    tried_too_often(proxies, address=PROXY, forwarded=STRANGER)
    assert ask(settings, proxies, address=PROXY, forwarded=FAMILY) == 422
    # What a client makes up stands before what the proxy adds.
    forged = f"{FAMILY}, {STRANGER}"
    assert ask(settings, proxies, address=PROXY, forwarded=forged) == 429


@pytest.mark.parametrize("proxies", [[], ["10.1.0.0/16"]])
def test_who_is_no_proxy_is_not_believed(proxies, settings, tried_too_often):
    tried_too_often(proxies, address=STRANGER)
    assert ask(settings, proxies, address=STRANGER, forwarded=FAMILY) == 429


def test_behind_tls_links_say_so(settings, rf):
    from django.core.handlers.wsgi import WSGIRequest
    from granian.utils.proxies import wrap_wsgi_with_proxy_headers

    seen = []
    door = wrap_wsgi_with_proxy_headers(
        lambda environ, _start: seen.append(WSGIRequest(environ).build_absolute_uri("/")), [PROXY]
    )
    request = rf.get("/", REMOTE_ADDR=PROXY).environ
    door({**request, "HTTP_X_FORWARDED_FOR": FAMILY, "HTTP_X_FORWARDED_PROTO": "https"}, None)
    door({**request, "REMOTE_ADDR": FAMILY, "HTTP_X_FORWARDED_PROTO": "https"}, None)
    assert [uri.split(":")[0] for uri in seen] == ["https", "http"]
