"""Activities of a school with families: open days and parents' meetings; other measures add kinds.

Nouns: activity, audience, slot, family link, booking, feed. Flow: plan → invite → hold → close; an
activity that is cancelled or moved stays, with its reason and what replaces it. Presence is a count
or the host's own list, never a check-in.
"""
