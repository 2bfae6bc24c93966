"""The tokens of families' and members' links; each purpose opens its own pages alone."""

from __future__ import annotations

import secrets

from gongyu.shared_work.family_links import tokens

_FAMILY, _MEMBER = "committee-family", "committee-member"


def new_salt() -> str:
    """What makes a link another one than the last."""
    return secrets.token_hex(16)


def family_token(class_id: int, child_id: int, carer_id: int, salt: str) -> str:
    return tokens.token_for(_FAMILY, class_id, child_id, carer_id, salt)


def family_digest(token: str) -> str:
    return tokens.digest_of(_FAMILY, token)


def member_token(member_id: int, salt: str) -> str:
    return tokens.token_for(_MEMBER, member_id, salt)


def member_digest(token: str) -> str:
    return tokens.digest_of(_MEMBER, token)
