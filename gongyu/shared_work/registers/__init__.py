"""Registers: what a school (later: any place) has from a day until a day, and its yearly review.

Serves the standing duties of every measure: visiting rules, systems, mechanisms, documents.
Flow: enter → review each year → replace by a new version, or end.
"""
