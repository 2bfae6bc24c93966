"""Questions to the database that are asked with every request: their SQL is made once a process.

Django builds the SQL of a queryset anew each time, which takes longer than PostgreSQL needs to answer
it. `@prepared` keeps the SQL and fills in the values; who may see what stays in the question itself.
"""

from .questions import NotPreparable, prepared

__all__ = ["NotPreparable", "prepared"]
