"""Holidays: our own editable table of days off and worked weekends, asked before any package.

It stands above the audit, because a change of a deadline must say who made it.
"""
