"""The figures of one run, as printed with ``--json``."""

from __future__ import annotations

import msgspec

from kith_node.demo.latency import Spread


class Figures(msgspec.Struct, frozen=True):
    """What a run showed; it only gets here if every check passed.

    Attributes:
        nodes: communities.
        offers: published in all, those that ended meanwhile included.
        real_offers: of these, from real lists of skills.
        accounts: members who published.
        profiles: members who showed a profile.
        verified: remote offers that all nodes together took after verifying the request's and
            the object's signature, before any ended; each proof was verified once more here.
        refused_tampered: announcements refused because their words were changed after signing.
        wishes: derived from real lists.
        hit_at_5: share of wishes with a right offer among the first five; see ``wishes.py``.
        hit_at_5_popularity: the same, had everybody been shown what is offered most.
        reachable: share of wishes that have a right offer at all.
        cross_community_share: share of wishes whose first right hit is of another community.
        top5_share: share of all places among the first five that the most shown 5 % of the
            offers got; see ``fairness.py``.
        languages: in which something is offered.
        understood: share of wishes in free words, in all languages of the vocabulary, that were
            taken for the topic that was meant; see ``spoken.py``.
        release_to_visible_ms: from publishing to visible at all peers; none with one node.
        conversations: in which both sides read everything that the other one wrote.
        messages: of these, read by their addressees and compared with what was written; knocks
            and answers are not counted.
        message_ms: from writing a message to its being shown on the other side, with several
            conversations at the same time on one machine.
        declined: knocks that were declined.
        mentorships_closed: that both sides have closed, having met, agreed and looked back; it
            is the members' devices that count.
        passed_on: offers of what was learned there, found from a community that had no part
            in it.
        circles: small groups that came together, met, removed somebody and were archived, each
            step seen by all of their devices.
        resources: entries of libraries that stand at every node, after some were changed and
            some withdrawn.
        reports_proven: reports of a message whose proof held, and that were acted on.
        reports_refused: reports that were refused because their proof is false.
        withdrawn: offers taken back.
        receipts_confirmed: by how many peers, over all of these.
        expired: offers whose end came.
        seconds: part of the run to its time.
    """

    nodes: int
    offers: int
    real_offers: int
    accounts: int
    profiles: int
    verified: int
    refused_tampered: int
    wishes: int
    hit_at_5: float
    hit_at_5_popularity: float
    reachable: float
    cross_community_share: float
    top5_share: float
    languages: int
    understood: float
    release_to_visible_ms: Spread | None
    conversations: int
    messages: int
    message_ms: Spread
    declined: int
    mentorships_closed: int
    passed_on: int
    circles: int
    resources: int
    reports_proven: int
    reports_refused: int
    withdrawn: int
    receipts_confirmed: int
    expired: int
    seconds: dict[str, float]
