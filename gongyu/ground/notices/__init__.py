"""Messages to families: one box, a weekly digest, quiet hours, a budget, and a path to everybody.

Nouns: notice (通知), box (a carer's), digest (每周一信), delivery (one notice for one family), attempt
(one try on one channel), slip (a printed one that a named person hands over). Flow: send → box → digest
or sounding messages, one path after the other → reached, or a named person who reaches the family.
"""
