"""What makes the demonstration stop."""

from __future__ import annotations

from kith_crypto.errors import KithError


class CheckError(KithError):
    """Something that the demonstration checks is not as it must be."""

    code = "demo-check"
    safe = "A check of the demonstration failed."


class NodeFailedError(KithError):
    """A command or a node of the demonstration ended with an error, or did not answer."""

    code = "demo-node"
    safe = "A node of the demonstration failed."
