"""Static files under hashed names, the imports between script modules of ours among them."""

from __future__ import annotations

from django.conf import settings
from whitenoise.storage import CompressedManifestStaticFilesStorage

# Folders of plain modules that import their neighbours: import … from "./neighbour.js".
MODULES = ("offline/*.js",)
IMPORT = (r"""(?P<matched>\bfrom\s+["'](?P<url>\./[\w-]+\.js)["'])""", 'from "%(url)s"')


class HashedModules(CompressedManifestStaticFilesStorage):
    """A module imports its neighbours by the names that change with their content, so that no
    phone ever runs yesterday's half of a script with today's. Others' scripts are left alone."""

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        *((folder, (IMPORT,)) for folder in MODULES),
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self._addresses: dict[str, str] = {}

    def url(self, name: str | None, force: bool = False) -> str:
        """The address; while a process serves, a name's does not change."""
        if settings.DEBUG or force or name is None:
            return super().url(name, force)
        found = self._addresses.get(name)
        if found is None:
            found = self._addresses[name] = super().url(name, force)
        return found

    def post_process(self, *args, **kwargs):
        # Collecting the files gives new names.
        self._addresses.clear()
        yield from super().post_process(*args, **kwargs)
        self._addresses.clear()
