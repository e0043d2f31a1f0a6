"""What the community lets its members offer, checked the same way for new and edited offers."""

from __future__ import annotations

from kith_crypto.errors import MalformedError
from kith_node.offers.floor import Floor, Topics
from kith_node.offers.settings import OfferSettings
from kith_protocol.day import Day
from kith_protocol.errors import ForbiddenError
from kith_protocol.limits import MAX_OFFER_DAYS
from kith_protocol.offer import check_content
from kith_protocol.offer_content import OfferContent

_PUBLISHING_IN_YOUTH = "vetted"


class Rules:
    """Checks what members send."""

    def __init__(self, settings: OfferSettings, *, topics: Topics, floor: Floor) -> None:
        self.settings = settings
        self.topics = topics
        self._floor = floor

    def check_publisher(self, role: str | None) -> None:
        """Return if a member with *role* may publish.

        Raises:
            ForbiddenError: a youth programme, and the member's invite was not for *vetted*.
        """
        if self.settings.programme == "youth" and role != _PUBLISHING_IN_YOUTH:
            raise ForbiddenError("only vetted members publish in a youth programme")

    def check_content(
        self, content: OfferContent, *, present: OfferContent | None = None
    ) -> OfferContent:
        """Return *content* as it will leave: checked, rare topics put one level up.

        Args:
            content: as sent.
            present: what the offer says already. Its topics may stay, also those that the
                community has given up since, with the labels that they have.

        Raises:
            MalformedError: see ``kith_protocol.offer.check_content``; labels of a community
                topic that are not this community's.
            UnknownTopicError: a topic that this community does not have.
            PrivacyFloorError: a text that may identify a person.
        """
        kept = () if present is None else present.topics
        labels = {} if present is None else present.topic_labels
        checked = check_content(
            content,
            programme=self.settings.programme,
            is_known_topic=lambda topic: topic in kept or self.topics.is_known(topic),
            allows_in_person=self.settings.allows_in_person,
        )
        for topic, found in checked.topic_labels.items():
            # Anything else would tell which languages its writer reads.
            if found not in (self.topics.labels(topic), labels.get(topic)):
                raise MalformedError("not this community's labels", pointer="/topic_labels")
        return self._floor.apply(checked, kept=kept)

    def check_first_end(self, end_day: int, *, today: Day) -> None:
        """Return if a new object may live until *end_day*.

        Raises:
            MalformedError: not after *today*, or later than the community allows.
        """
        _check_end(end_day, first=today + 1, last=today + self.settings.max_days)

    def check_later_end(
        self, end_day: int, *, present: int, published: Day, today: Day
    ) -> None:
        """Return if an object that ends on *present* may live until *end_day* instead.

        Raises:
            MalformedError: earlier than *present*, later than the community allows, or more
                than a year after it was *published*.
        """
        last = min(today + self.settings.max_days, published + MAX_OFFER_DAYS)
        _check_end(end_day, first=present, last=max(last, present))


def _check_end(end_day: int, *, first: int, last: int) -> None:
    if not first <= end_day <= last:
        raise MalformedError(f"the end must be day {first} to {last}", pointer="/endDay")
