"""Work without a signal: what one device of a class teacher may keep for three days, and its replay.

Nouns: kit (离线包: what a device was given), entry (what was typed there and waits), receipt (what
arrived, once). Flow: turn on with a PIN → open without a network → type → arrive exactly once.
Measures declare the forms that they accept (`declared.py`); this app knows no measure.
"""
