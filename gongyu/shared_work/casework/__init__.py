"""Casework: so far the sealed report of suspected harm (强制报告); measure 9 builds its cases on it.

Nouns: report, case token, receipt, liaison, step. Flow: 110 and the lawful receivers first, outside
the system and without anybody's leave → the record that it was reported, sealed → the named liaison
asks what came of it → closed. It leaves no row in ledger or audit, but in the protected log.
"""
