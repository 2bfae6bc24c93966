"""The duty engine: facts and places in, the state of every subject and the figures out.

Nouns: rule (a duty in a period), shape, state, figure, refresh, snapshot, suppression.
Flow: ledger → columnar files → shapes (Ibis on DuckDB; live: on the application's database) →
states → figures by place, small cells hidden → queries for pages. Never imports records.
"""
