"""A response in the encoding that its Content-Type names, as UTF-8: gateways in China answer errors in GBK."""

import codecs
import re
from contextlib import suppress

_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.ASCII | re.IGNORECASE)


def in_utf8(body: bytes, content_type: str) -> bytes:
    """Return a body as UTF-8; as it came where it is UTF-8 whatever the header says, or no known encoding is named (RFC 9110, 8.3.2).

    >>> in_utf8("欠费".encode("gbk"), "application/json; charset=GBK").decode()
    '欠费'
    """
    if not (named := _CHARSET.search(content_type)):
        return body
    with suppress(UnicodeDecodeError):
        codecs.getincrementaldecoder("utf-8")().decode(body)  # a letter may be cut off at the end
        return body
    try:
        decoded = body.decode(named[1], "replace")
    except (LookupError, UnicodeError):
        return body
    return decoded.encode("utf-8", "replace")
