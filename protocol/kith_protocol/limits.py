"""The bounds that every reader of strangers' input applies, in one place.

These are the defaults of the protocol. A node may configure rates and quotas of its own; the
sizes of formats are fixed. Source: SPEC.md, section on limits.
"""

from __future__ import annotations

KIB = 1024
MIB = 1024 * KIB

# --- documents -----------------------------------------------------------------
MAX_ACTIVITY_BYTES = 64 * KIB
MAX_DOCUMENT_BYTES = 64 * KIB  # an actor, an offer, a JRD, NodeInfo
MAX_BATCH_BYTES = MIB
MAX_BATCH_ITEMS = 500
MAX_JSON_DEPTH = 16
MAX_JSON_MEMBERS = 256
MAX_URL_CHARACTERS = 2048
MAX_ACTOR_KEYS = 8
MAX_NAME_CHARACTERS = 100
MAX_SUMMARY_CHARACTERS = 1000
MAX_OFFER_DAYS = 365
MAX_RESOURCE_BYTES = 40 * KIB  # an entry of a library, canonical and without its proof
MAX_REVISION = 2**31 - 1

# --- HTTP ----------------------------------------------------------------------
MAX_HEADER_BYTES = 16 * KIB
MAX_SIGNATURE_HEADER_CHARACTERS = 8 * KIB  # Signature-Input or Signature, lines joined
MAX_SIGNATURE_LABELS = 4
MAX_COVERED_COMPONENTS = 24
MAX_NONCE_CHARACTERS = 64
SIGNATURE_PAST_S = 300
SIGNATURE_FUTURE_S = 60
SIGNATURE_LIFE_S = 300

# --- fetching ------------------------------------------------------------------
MAX_FETCH_BYTES = MIB
FETCH_TIMEOUT_S = 10
MAX_FETCHES_PER_REQUEST = 4
MAX_DISCOVERY_REDIRECTS = 3  # WebFinger and NodeInfo, same origin; 0 for everything else

# --- rates and quotas ----------------------------------------------------------
PEER_REQUESTS_PER_S = 50
PEER_BURST = 200
UNKNOWN_HOST_REQUESTS_PER_MINUTE = 5
MAX_OFFERS_PER_PEER = 200_000
MAX_RESOURCES_PER_PEER = 2000

# --- delivery ------------------------------------------------------------------
RETRY_FIRST_S = 60
RETRY_MAX_S = 12 * 3600
RETRY_GIVE_UP_S = 7 * 86_400
