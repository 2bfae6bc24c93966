"""What crosses measures: the home of each role, places, boards, figures, the plan, search, audit.

Joins records and indicators, which do not know each other. Owns no table of its own.
"""
