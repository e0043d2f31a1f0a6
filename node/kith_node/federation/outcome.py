"""What became of one activity: told as a status in a batch, as an error for a single one."""

from __future__ import annotations

import dataclasses

from kith_crypto.errors import KithError
from kith_protocol.batch import ItemResult, Status


@dataclasses.dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one activity.

    Attributes:
        status: as in the answer to a batch.
        id: of the activity, where it could be read.
        error: why, where it was refused or is to come later.
    """

    status: Status
    id: str | None = None
    error: KithError | None = None

    def to_result(self) -> ItemResult:
        """Return what the sender of a batch is told."""
        return ItemResult(self.status, self.id, None if self.error is None else self.error.code)

    def raise_error(self) -> None:
        """Raise why the activity was not taken, if it was not.

        Raises:
            KithError: that.
        """
        if self.error is not None:
            raise self.error
