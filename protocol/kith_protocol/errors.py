"""The errors that cross the wire, each with a stable code.

The HTTP status of each is known only to ``kith_node.http.problems``. ``safe`` is all that a
stranger is told. Source: RFC 9457 (problem types); the list is in docs/errors.md.
"""

from __future__ import annotations

from kith_crypto.errors import MalformedError, RemoteError, UnavailableError


class ExpiredError(RemoteError):
    """Its time is over."""

    code = "expired"
    safe = "The document has expired."


class UnauthorizedError(RemoteError):
    """No valid credential of the kind that this call needs."""

    code = "unauthorized"
    safe = "This call needs a valid credential."


class SessionNotWantedError(RemoteError):
    """A capability call carried a session, which would join a member to an object."""

    code = "session-not-wanted"
    safe = "Send this call without a session."


class ForbiddenError(RemoteError):
    """The credential is valid, but policy says no."""

    code = "forbidden"
    safe = "This is not allowed here."


class NotFoundError(RemoteError):
    """Nothing of that name, or nothing the caller may see."""

    code = "not-found"
    safe = "There is nothing here."


class GoneError(RemoteError):
    """It was here and has been withdrawn or has expired."""

    code = "gone"
    safe = "This is no longer here."


class MethodNotAllowedError(RemoteError):
    """The path exists, the method does not."""

    code = "method-not-allowed"
    safe = "This address does not take that method."


class ConflictError(RemoteError):
    """The id is taken by other bytes, or the state does not allow it."""

    code = "conflict"
    safe = "This conflicts with what is already here."


class StaleError(RemoteError):
    """``If-Match`` names another version than the current one."""

    code = "stale"
    safe = "It has changed since you read it. Read it again, then repeat the change."


class PreconditionFailedError(StaleError):
    """The vault's index is not the one that the writer has read: merge, then write again."""

    code = "precondition-failed"


class TooManyError(UnavailableError):
    """A rate or quota is used up."""

    code = "too-many-requests"
    safe = "Too many requests. Try again later."


class QueueFullError(UnavailableError):
    """As many reports or applications wait as the moderators' queue holds."""

    code = "queue-full"
    safe = "The moderators' queue is full. Try again tomorrow, or talk to a steward."


class UnsupportedMediaTypeError(RemoteError):
    """The content type or encoding is not one that this address reads."""

    code = "unsupported-media-type"
    safe = "This address does not read that content type or encoding."


class WrongOwnerError(RemoteError):
    """Who signed it may not speak for what it is about (FEP-fe34)."""

    code = "wrong-owner"
    safe = "The signer does not own this object."


class NotAPeerError(RemoteError):
    """The caller is no peer of this node."""

    code = "not-a-peer"
    safe = "This node has not agreed to exchange with yours."


class UnreachableNodeError(NotAPeerError):
    """No envelopes go to the node that a member named, or its key pages cannot be read."""

    code = "unreachable-node"
    safe = "Your node does not exchange messages with that one."


class UnknownTopicError(MalformedError):
    """A topic id that the shared vocabulary does not have."""

    code = "unknown-topic"
    safe = "The offer names a topic that the vocabulary does not have."


class PrivacyFloorError(RemoteError):
    """The text holds what may identify a person (a link, a handle, control characters)."""

    code = "unsafe-text"
    safe = "The text holds a link, a handle or characters that are not allowed here."


class SlowBodyError(RemoteError):
    """The body did not arrive in time."""

    code = "slow-body"
    safe = "The request took too long to arrive."


class MisdirectedError(RemoteError):
    """``Host`` names another authority than the one this node serves."""

    code = "misdirected"
    safe = "This node does not answer under that name."


class NotReadyError(UnavailableError):
    """The node is starting or stopping."""

    code = "not-ready"
    safe = "The node is not ready yet. Try again in a moment."


class ReplayedError(RemoteError):
    """A signed request whose nonce has been seen before."""

    code = "replayed"
    safe = "This request has been seen before. Sign a new one."
