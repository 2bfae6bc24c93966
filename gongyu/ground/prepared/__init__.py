"""Queries of one shape: Django's ORM writes their SQL once a process, afterwards they are only run.

Building a query of some joins takes the ORM one to three milliseconds of processor time, running it
a tenth of that. Pages that are asked for all day ask by `@prepared` functions.
"""

from .connections import fetched
from .making import keep_fetched
from .statements import StrayMark, prepared

__all__ = ["StrayMark", "fetched", "keep_fetched", "prepared"]
