"""Access: sign-in with two factors, roles and their reach, standing approvals, and the doors.

Every view is guarded by `doors.access`; `scopes` and `permissions` say what a post reaches and
allows; `rules`, `queries` and `actions` keep the approvals without which nobody reads a child.
"""
