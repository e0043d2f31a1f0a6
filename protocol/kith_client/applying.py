"""Asking to join a community without an account, and without knowing anybody in it.

The invite is made on this device and opens once the moderators have said yes; what is written
is sealed to them. Source: SPEC.md, section on reports.
"""

from __future__ import annotations

from kith_client.account import get_community, parse_node
from kith_client.means import Means
from kith_client.reports import make_application
from kith_crypto.encoding import parse_base64url
from kith_crypto.errors import UsageError
from kith_protocol.day import Day, day_of
from kith_protocol.invite import CODE_BYTES, Invite, invite_hash, invite_link

INVITE_DAYS = 30  # the moderators have 14 to decide


async def apply_to_join(node: str, words: str, *, means: Means | None = None) -> str:
    """Send an application and return the link to join by, once it was admitted.

    Args:
        node: the community's address.
        words: why one would like to join, 1 to 2000 characters, without links, handles and long
            numbers.
        means: clock, randomness, HTTP; by default the system's.

    Raises:
        UsageError: the community has no moderators' key.
        RemoteError: the words hold what an application may not.
        ProblemError: the node refused, such as with a full queue.
    """
    means = means or Means()
    async with means.connect(parse_node(node)) as connection:
        community = await get_community(connection)
        if not community.moderators_key:
            raise UsageError("this community takes no applications; ask somebody for an invite")
        last_day = Day(day_of(means.clock.now()) + INVITE_DAYS)
        invite = Invite(means.rng.bytes(CODE_BYTES), "member", last_day)
        await connection.send(
            make_application(
                words,
                invite=invite_hash(invite),
                moderators_key=parse_base64url(community.moderators_key),
                actor=community.actor,
                rng=means.rng,
            )
        )
        return invite_link(connection.origin, invite)
