"""What a browser is told with the web client: to let it do nothing but what it needs.

Everything comes from the node itself, and the page talks to nobody else. Scripts are files of
the build; none stands in the page and none is made from text. There are no cookies. Names of
assets hold a hash of what is in them, so they are kept for ever; the page itself is asked for
each time.

Source: CSP Level 3, Trusted Types, Permissions Policy (W3C); RFC 8246 (immutable).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

CONTENT_SECURITY_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",  # Argon2id in WebAssembly
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types kith",  # one policy: the addresses of the client's own workers
    )
)

# Only names that browsers know: others are an error on everybody's console.
_OFF = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "compute-pressure",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "gamepad",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "screen-wake-lock",
    "serial",
    "storage-access",
    "usb",
    "window-management",
    "xr-spatial-tracking",
)
# Passkeys and copying are what people ask the page for.
_OWN = ("clipboard-write", "publickey-credentials-create", "publickey-credentials-get")

PERMISSIONS_POLICY: Final = ", ".join(
    [*(f"{name}=()" for name in _OFF), *(f"{name}=(self)" for name in _OWN)]
)

PAGE_HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Permissions-Policy": PERMISSIONS_POLICY,
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Origin-Agent-Cluster": "?1",
    "Cache-Control": "no-cache",
}
ASSET_HEADERS: Final[Mapping[str, str]] = {
    **PAGE_HEADERS,
    "Cache-Control": "public, max-age=31536000, immutable",
}
