"""The tokens by which families answer a proposal."""

from __future__ import annotations

from gongyu.shared_work.family_links import tokens

_PURPOSE = "visit"


def token_for(proposal_id: int, carer_id: int, salt: str) -> str:
    """The token of one carer's link to a proposal."""
    return tokens.token_for(_PURPOSE, proposal_id, carer_id, salt)


def digest_of(token: str) -> str:
    """What the database keeps of it."""
    return tokens.digest_of(_PURPOSE, token)
