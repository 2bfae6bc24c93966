"""Static files under hashed names, the imports between script modules of ours among them."""

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
