"""Which jobs a running node has, and what wakes them."""

from __future__ import annotations

import structlog

from kith_node.catalogue.service import Catalogue
from kith_node.envelopes.service import Envelopes
from kith_node.events.service import Ticker
from kith_node.federation.service import Federation
from kith_node.key_pages.service import KeyPages
from kith_node.mailboxes.service import Mailboxes
from kith_node.members.service import Members
from kith_node.moderation.service import Moderation
from kith_node.offers.service import Offers
from kith_node.profiles.service import Profiles
from kith_node.runtime.housekeeping import Housekeeping, Notice
from kith_node.runtime.scheduler import Scheduler
from kith_node.runtime.system import Clock
from kith_node.storage.stores import Stores
from kith_protocol.day import DAY_S, day_of

INDEX_S = 600.0
EXPIRY_S = 3600.0
TOTALS_S = 3600.0

_log = structlog.get_logger()


def add_jobs(
    scheduler: Scheduler,
    *,
    stores: Stores,
    members: Members,
    offers: Offers,
    profiles: Profiles,
    catalogue: Catalogue,
    federation: Federation,
    mailboxes: Mailboxes,
    ticker: Ticker,
    key_pages: KeyPages,
    envelopes: Envelopes,
    moderation: Moderation,
    housekeeping: Housekeeping,
    clock: Clock,
) -> None:
    """Add every job to *scheduler*."""

    async def index() -> float:
        await catalogue.catch_up()
        return INDEX_S

    async def expire() -> float:
        await catalogue.expire(day_of(clock.now()))
        # At midnight at the latest: an offer ends when its day begins.
        return min(EXPIRY_S, float(DAY_S - clock.now() % DAY_S))

    def catalogue_changed() -> None:
        scheduler.wake("index")
        federation.notice()

    async def totals() -> float:
        tally = federation.inbox.tally
        for name, count in sorted(tally.items()):
            _log.info("inbox.total", total=name, count=count)
        tally.clear()
        return TOTALS_S

    notice = Notice(
        {
            stores.objects: scheduler.waker("release"),
            stores.catalogue: catalogue_changed,
        }
    )
    scheduler.add("index", index)
    scheduler.add("expiry", expire)
    scheduler.add("offer-expiry", offers.endings.run_expiry)
    scheduler.add("profile-expiry", profiles.run_expiry)
    scheduler.add("release", offers.run_release)
    scheduler.add("delivery", federation.delivery.run_delivery)
    scheduler.add("catch-up", federation.catch_up.run_catch_up)
    scheduler.add("upkeep", federation.upkeep.run_upkeep)
    scheduler.add("mailboxes", mailboxes.run_upkeep)
    scheduler.add("events", ticker.run_tick)
    scheduler.add("envelopes", envelopes.run_queue)
    scheduler.add("envelope-keys", envelopes.run_keys)
    scheduler.add("envelope-upkeep", envelopes.run_forgetting)
    scheduler.add("key-pages", key_pages.run_upkeep)
    scheduler.add("moderation", moderation.run_upkeep)
    scheduler.add("session-keys", members.sessions.run_keys)
    scheduler.add("checkpoint", housekeeping.run_checkpoint)
    scheduler.add("rebuild", housekeeping.run_rebuild)
    scheduler.add("notice", notice.run)
    scheduler.add("totals", totals)
