"""Links and slips for families that have no sign-in: one token for one carer of one family.

Who may be handed one, how a token is made and found again, how often wrong ones are borne, and how
it is drawn on paper. Each app keeps its own rows of links: what one opens is its own business.
"""
