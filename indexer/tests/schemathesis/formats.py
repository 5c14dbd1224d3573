"""What schemathesis cannot know: how addresses of accounts are made (base 58, a prefix, a checksum)."""

from hashlib import blake2b

import schemathesis
from hypothesis import strategies as st

ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def address(account: bytes) -> str:
    """An SS58 address with the network's prefix, 30."""
    body = bytes([30]) + account
    checksum = blake2b(b"SS58PRE" + body, digest_size=64).digest()[:2]
    number = int.from_bytes(body + checksum, "big")
    digits = ""
    while number:
        number, digit = divmod(number, 58)
        digits = ALPHABET[digit] + digits
    return digits


schemathesis.openapi.format("ss58", st.binary(min_size=32, max_size=32).map(address))
