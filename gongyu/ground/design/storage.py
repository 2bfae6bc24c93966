"""Static files under hashed names, the imports of small script modules among them."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedModules(CompressedManifestStaticFilesStorage):
    """A module imports its neighbours by the names that change with their content, so that no
    phone ever runs yesterday's half of a script with today's."""

    support_js_module_import_aggregation = True
