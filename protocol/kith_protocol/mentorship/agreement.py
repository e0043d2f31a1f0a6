"""The agreement of two people: proposed, accepted, changed, never binding.

Terms are in force once one side has accepted what the other proposed. A further proposal, by
either side, leaves them in force until it is accepted. Either side may say no to a proposal,
one's own included. The agreement ends with the mentorship, which either side may close at any
time with no reason: so nothing here ends it.

Proposing and accepting at the same time: what was accepted is in force. Taking a proposal back
and accepting it at the same time: it is taken back.
"""

from __future__ import annotations

import msgspec

from kith_crypto.errors import UsageError
from kith_protocol.mentorship.bodies import AgreementAnswer, AgreementProposal, Terms
from kith_protocol.mentorship.steps import NO_STEP, Settled, Step

_RANK_PROPOSED, _RANK_ACCEPTED, _RANK_REFUSED = 0, 1, 2


class AgreementState(msgspec.Struct, frozen=True):
    """What the steps so far lead to.

    Attributes:
        terms: in force.
        agreed_minute: when these were accepted, by the clock of who did; 0 for never.
        first_minute: when terms were first accepted; 0 for never.
        proposed: terms that wait for an answer.
        proposer: role of who proposed them; 0 for nobody.
    """

    terms: Terms | None = None
    agreed_minute: int = 0
    first_minute: int = 0
    proposed: Terms | None = None
    proposer: int = 0


class Agreement(msgspec.Struct, frozen=True):
    """The agreement as one side sees it.

    Attributes:
        terms: in force, or None.
        agreed_minute: when these were accepted, minutes since 1970-01-01 UTC; 0 for never.
        first_minute: when terms were first accepted; 0 for never.
        proposed: terms that wait for an answer, or None.
        is_proposed_by_me: whose proposal that is.
        head: hash of the step that the next one follows, or nothing.
    """

    terms: Terms | None = None
    agreed_minute: int = 0
    first_minute: int = 0
    proposed: Terms | None = None
    is_proposed_by_me: bool = False
    head: bytes = NO_STEP


class AgreementRules:
    """What the steps of an agreement mean."""

    def begin(self, step: Step) -> AgreementState:
        """Return the state after a first proposal."""
        return self.follow(AgreementState(), step)

    def follow(self, state: AgreementState, step: Step) -> AgreementState:
        """Return the state after a proposal or an answer."""
        if isinstance(step.body, AgreementProposal):
            return msgspec.structs.replace(state, proposed=step.body.terms, proposer=step.role)
        if not isinstance(step.body, AgreementAnswer):
            raise UsageError("that is no part of an agreement")
        if state.proposed is None:
            raise UsageError("no terms are proposed at the moment")
        kept = msgspec.structs.replace(state, proposed=None, proposer=0)
        if not step.body.accepted:
            return kept
        if state.proposer == step.role:
            raise UsageError("the other side has to accept these terms, as they are your own")
        return msgspec.structs.replace(
            kept,
            terms=state.proposed,
            agreed_minute=step.minute,
            first_minute=state.first_minute or step.minute,
        )

    def weigh(self, step: Step) -> tuple[int, int, int]:
        """Return finality, answers and rank: nothing is final; a refusal outranks consent."""
        if isinstance(step.body, AgreementAnswer):
            return 0, 1, _RANK_ACCEPTED if step.body.accepted else _RANK_REFUSED
        return 0, 0, _RANK_PROPOSED


def view_agreement(settled: Settled[AgreementState] | None, *, role: int) -> Agreement:
    """Return the agreement as the side with *role* sees it."""
    if settled is None:
        return Agreement()
    state = settled.head.state
    return Agreement(
        terms=state.terms,
        agreed_minute=state.agreed_minute,
        first_minute=state.first_minute,
        proposed=state.proposed,
        is_proposed_by_me=state.proposer == role,
        head=settled.head.step.hash,
    )
