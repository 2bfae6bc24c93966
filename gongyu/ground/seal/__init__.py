"""Tamper evidence for append-only tables: triggers, seals, published heads, verification.

appending → triggers → settled → sealing → heads and blocks; verify reads a copy. formats says
exactly what is sealed. formats, ed25519, copies, heads, comparing, exporting and verify use the
standard library alone and run without the application.
"""
