"""Reading a translator's file: as strictly as it can be, with errors that say what to mend.

The readers of ``kith_protocol.vocabulary`` are for files of programs. People who write one by
hand lose a comma or leave an id in it twice; they are told where. Left to the caller: reading
the file itself, and the rules for the words in it (``check.py``).
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from kith_crypto.errors import MalformedError
from kith_protocol.vocabulary import MAX_FILE_BYTES, LanguageTexts, parse_language


def parse_translation(raw: bytes) -> LanguageTexts:
    """Return the words in *raw*, the file of one language.

    Raises:
        MalformedError: it cannot be read; the message says why and, where known, in which line.
    """
    if len(raw) > MAX_FILE_BYTES:
        raise MalformedError(f"more than {MAX_FILE_BYTES} bytes")
    try:
        json.loads(raw.decode("utf-8-sig"), object_pairs_hook=_refuse_repeats)
    except json.JSONDecodeError as error:
        raise MalformedError(
            f"line {error.lineno}, column {error.colno}: {error.msg}"
        ) from error
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise MalformedError(f"line {line}: not in UTF-8; save the file as UTF-8") from error
    except RecursionError as error:
        raise MalformedError("far too many brackets inside each other") from error
    except ValueError as error:  # Python reads integers of 4300 digits at most
        raise MalformedError("far too long a number") from error
    return parse_language(raw.removeprefix(b"\xef\xbb\xbf"))


def _refuse_repeats(members: Sequence[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in members:
        if name in found:
            raise MalformedError(f"“{name}” is there twice; keep one")
        found[name] = value
    return found
