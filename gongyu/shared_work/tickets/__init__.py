"""Tickets: what somebody asks for and somebody must answer. Measure 2 brings complaints; measures 5,
10 and 11 bring their clues, disputes and whistles as further kinds.

Nouns: ticket, asker, desk, step, clock, extension, hand-over, finding, trial. Flow: told in two taps,
anonymous or named → the desk that the kind and the place lead to (past the school) → accepted →
handled → answered → closed, or reopened. Every ticket has an owner (a post), a clock and an answer.
What is done about it stands in the protected log alone (docs/adr/0015).
"""
