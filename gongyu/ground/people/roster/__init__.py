"""Rosters as schools have them: read a sheet, say what is wrong with it, compare, import whole.

reading (pure) → comparing (questions to the database) → importing (one transaction).
"""
