"""Places: the versioned tree of city, districts, towns, communities, departments and schools.

Everything that has a where points here; `queries` answers where a place stood on a day.
"""
