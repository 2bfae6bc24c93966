"""Measure 1, 加强家校合作 (department: 市教委): so far the home visit (家访).

Nouns: preference, proposal, visit, attempt, decline, follow-up. Flow: see who needs a visit → propose
times → the family chooses → visit and record → follow up. Two failed attempts and the head's
acknowledgement make a decline, which is lawful and nobody's fault. Families, siblings and places
come from the ground; each visit proves ledger facts, from which alone figures are computed.
"""
