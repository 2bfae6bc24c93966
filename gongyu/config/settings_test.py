"""The settings of the test run: data in a folder of its own, quick passwords, nothing else."""

import os
import tempfile

os.environ.setdefault("GONGYU_DATA", tempfile.mkdtemp(prefix="gongyu-test-"))
os.environ["GONGYU_TESTING"] = "1"
os.environ.pop("GONGYU_DEMO", None)

from .settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
AXES_ENABLED = False
CHANNELS_SHOWN = True
# Whitenoise warns of a folder that is not there, and warnings are errors.
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
