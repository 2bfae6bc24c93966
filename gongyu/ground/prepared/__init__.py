"""Queries of one shape: Django's ORM writes their SQL once a process, afterwards they are only run.

Building a query of some joins takes the ORM one to three milliseconds of processor time, running it
a tenth of that. Pages that are asked for all day ask by `@prepared` functions.
"""

from .making import keep_fetched
from .statements import StrayMark, binding_cursor, prepared

__all__ = ["StrayMark", "binding_cursor", "keep_fetched", "prepared"]
