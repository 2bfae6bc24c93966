"""A family is let in without a password: a one-time code or link to the number in the roster, or a
printed code handed over by the class teacher or the village's children's director.

A carer has no account. Whom the carer may see is asked anew at every request, from care and bars as
of the day. Nouns: sign-in code, family, number set aside ("not me").
"""
