"""The application's settings, with the addresses of `confirming.urls`."""

from gongyu.config.settings import *  # noqa: F403

ROOT_URLCONF = "confirming.urls"
