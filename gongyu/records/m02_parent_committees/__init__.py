"""Measure 2, 强化家长委员会管理 (department: 市教委): committees that work in the open.

Nouns: committee, term, member, election, candidate, poll, roll, urn, paper, matter, inspection. Flow:
families nominate → vote in secret → a term begins → plan, minutes, activities → a matter is asked,
collected outside, settled to zero balance → the term ends. No money passes through; who voted and what
was voted stand in two tables that nothing joins.
"""
