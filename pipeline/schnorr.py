"""Schnorr signatures on secp256k1. https://github.com/bitcoin/bips/blob/master/bip-0340.mediawiki Pure."""

import hashlib

P = 2**256 - 2**32 - 977
N = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141
G = (
    0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798,
    0x483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8,
)
Point = tuple[int, int] | None  # None is infinity


def public_key(secret: bytes) -> bytes:
    """The x-only public key of a secret key."""
    return _bytes(_times(G, _scalar(secret)))


def sign(message: bytes, secret: bytes, aux: bytes = bytes(32)) -> bytes:
    """The signature of 32 bytes; with the same `aux` the same each time."""
    d = _scalar(secret)
    point = _times(G, d)
    d = d if _even(point) else N - d
    masked = bytes(a ^ b for a, b in zip(d.to_bytes(32), _tagged("BIP0340/aux", aux), strict=True))
    k = int.from_bytes(_tagged("BIP0340/nonce", masked + _bytes(point) + message)) % N
    if k == 0:
        raise ValueError("no nonce: take other auxiliary bytes")
    nonce = _times(G, k)
    k = k if _even(nonce) else N - k
    e = int.from_bytes(_tagged("BIP0340/challenge", _bytes(nonce) + _bytes(point) + message)) % N
    return _bytes(nonce) + ((k + e * d) % N).to_bytes(32)


def verify(message: bytes, public: bytes, signature: bytes) -> bool:
    """Whether the signature of a message is that of the key."""
    point = _lift(int.from_bytes(public))
    r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
    if point is None or r >= P or s >= N:
        return False
    e = int.from_bytes(_tagged("BIP0340/challenge", signature[:32] + public + message)) % N
    found = _add(_times(G, s), _times(point, N - e))
    return found is not None and _even(found) and found[0] == r


def _scalar(secret: bytes) -> int:
    d = int.from_bytes(secret)
    if len(secret) != 32 or not 1 <= d < N:
        raise ValueError("a secret key has 32 bytes and is no zero")
    return d


def _tagged(tag: str, message: bytes) -> bytes:
    head = hashlib.sha256(tag.encode()).digest()
    return hashlib.sha256(head + head + message).digest()


def _even(point: Point) -> bool:
    return point is not None and point[1] % 2 == 0


def _bytes(point: Point) -> bytes:
    assert point is not None
    return point[0].to_bytes(32)


def _lift(x: int) -> Point:
    if x >= P:
        return None
    square = (pow(x, 3, P) + 7) % P
    y = pow(square, (P + 1) // 4, P)
    if pow(y, 2, P) != square:
        return None
    return x, (y if y % 2 == 0 else P - y)


def _add(a: Point, b: Point) -> Point:
    if a is None or b is None:
        return a or b
    if a[0] == b[0] and a[1] != b[1]:
        return None
    slope = 3 * a[0] * a[0] * pow(2 * a[1], -1, P) % P if a == b else (b[1] - a[1]) * pow(b[0] - a[0], -1, P) % P
    x = (slope * slope - a[0] - b[0]) % P
    return x, (slope * (a[0] - x) - a[1]) % P


def _times(point: Point, factor: int) -> Point:
    result: Point = None
    for bit in f"{factor:b}":
        result = _add(result, result)
        if bit == "1":
            result = _add(result, point)
    return result
