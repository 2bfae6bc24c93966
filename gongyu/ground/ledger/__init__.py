"""The ledger: what happened, to whom, where, when; the only thing that indicators read.

A record's action appends its facts in the record's own transaction; a correction appends a fact
that supersedes. Facts hold ids, codes, days and counts, never a name or a text about a child, so
that a deletion of personal data leaves the ledger and its seals whole.
"""
