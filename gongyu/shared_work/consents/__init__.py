"""Consent: what is asked for beyond the law's duties, by whom it was given, and what holds today.

Nouns: purpose (with its legal basis), word (one person's yes, no or withdrawal), asking. A statutory
duty is in the register too, so that families can read it, and can never be asked for. Until a child is
14 each guardian speaks for it; from that day on the child's own word alone counts, and a guardian is told.
"""
