"""People: children, those who care for them, enrolments, and the rosters that bring them in.

Nouns: child, carer, care, bar, enrolment, leave, roster. Flow: sheet → preview → enrolments → facts.
"""
