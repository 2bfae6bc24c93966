"""The audit: who did or read what, when and why; append-only and sealed.

Nothing in an audit row is a child's content: ids, codes and counts, and where a text must be
provable later, a commitment (a digest with a random salt that lies beside the text itself). When
a person's data is deleted under the Personal Information Protection Law (articles 47 and 49), the
record, its secrets and its salts go; what stays here are numbers that then point to nothing, and
the seals stay whole. That is why deletion never needs to touch this table, and cannot.
"""
