"""Staff and their posts: who held what, where, from which day until which.

A post gives a role; `facts` tells the ledger of each post, so that figures know who was in charge.
"""
