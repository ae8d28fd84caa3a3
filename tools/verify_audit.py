#!/usr/bin/env python3
"""Verify an export of Faraday's audit trail without Faraday: verify_audit.py export.jsonl public-key

The key is the base64 of 32 bytes, as /.well-known/faraday-audit-key tells it; several after each other with commas.
Get it some other way than with the export. Needs Python 3.11 and `pip install cryptography`. Ends with 1 and names
the first thing that does not fit, with 0 when everything does.
"""

import base64
import binascii
import hashlib
import json
import sys
from collections import defaultdict
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

NOTHING = "0" * 64


class Broken(Exception):
    """Something does not fit."""


def canonical(value):
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def merkle_root(level):
    while len(level) > 1:
        pairs = [hashlib.sha256(b"\x01" + level[at] + level[at + 1]).digest() for at in range(0, len(level) - 1, 2)]
        level = pairs + level[len(pairs) * 2 :]
    return (level[0] if level else bytes(32)).hex()


def without(value, *names):
    return {name: each for name, each in value.items() if name not in names}


def must_be_signed(keys, value, where):
    text = canonical(without(value, "key_id", "signature"))
    for key in keys:
        if hashlib.sha256(key).hexdigest()[:16] == value["key_id"]:
            try:
                Ed25519PublicKey.from_public_bytes(key).verify(bytes.fromhex(value["signature"]), text)
            except (InvalidSignature, ValueError):
                break
            if value["signature"] == value["signature"].lower():
                return
    raise Broken(f"signature: {where}: none of the keys made it")


def read(lines):
    """Everything by its kind, and the digest of all lines before the last."""
    found, whole = defaultdict(list), hashlib.sha256()
    last, count = b"", 0
    for number, line in enumerate(lines, 1):
        if last:
            whole.update(last)
            count += 1
        last = line
        try:
            value = json.loads(line)
            kind = value.pop("type")
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            raise Broken(f"changed: line {number} is not what Faraday writes") from None
        if found["end"]:
            raise Broken(f"inserted: line {number} comes after the end")
        found[kind].append(event_of(value) if kind == "event" else value)
    return found, whole.hexdigest(), count


class Event(NamedTuple):
    """What is kept of an event once it was hashed, so that a long trail fits into memory."""

    id: str
    fits: bool
    leaf: bytes
    block: int | None
    position: int | None


def event_of(value):
    leaf, event = hashlib.sha256(canonical(value["event"])), value["event"]
    fits = value["leaf"] is None or leaf.hexdigest() == value["leaf"]
    kept = leaf.digest() if value["leaf"] is None else bytes.fromhex(value["leaf"])
    return Event(str(event["id"]), fits, kept, value["block"], value["position"])


def verify(lines, keys):
    """Raises Broken, which names the first thing that does not fit; returns how many events and blocks do."""
    try:
        found, digest, count = read(lines)
        if not found["export"] or found["export"][0].get("filtered") is False:
            check_chain(found, keys)
        else:
            for each in found["event"]:
                check_event(each, f"event {each.id}")
        check_end(found, digest, count, keys)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError) as problem:
        raise Broken(f"changed: a line is not what Faraday writes ({type(problem).__name__})") from None
    return len(found["event"]), len(found["block"])


def check_chain(found, keys):
    by_block = defaultdict(list)
    for each in found["event"]:
        if each.block is not None:
            by_block[each.block].append(each)
    previous = None
    for expected, block in enumerate(found["block"], 1):
        if block["number"] != expected:
            raise Broken(f"missing: block {expected}")
        check_block(block, sorted(by_block.pop(expected, []), key=lambda each: each.position), previous)
        previous = block
    if by_block:
        raise Broken(f"missing: block {min(by_block)}")
    check_roots(found, keys)


def check_block(block, events, previous):
    number, before = block["number"], ""
    for expected, each in enumerate(events):
        where = f"event {each.id}, position {each.position} of block {number}"
        if each.position > expected:
            raise Broken(f"missing: position {expected} of block {number}")
        if each.position < expected or expected >= block["count"]:
            raise Broken(f"inserted: {where}")
        check_event(each, where)
        if each.id <= before:
            raise Broken(f"reordered: {where}")
        before = each.id
    if len(events) < block["count"]:
        raise Broken(f"missing: position {len(events)} of block {number}")
    if merkle_root([each.leaf for each in events]) != block["root"]:
        raise Broken(f"block: block {number}: its root is of other events")
    if hashlib.sha256(canonical(without(block, "hash"))).hexdigest() != block["hash"]:
        raise Broken(f"block: block {number}: its hash is of another block")
    if block["previous_hash"] != (previous["hash"] if previous else NOTHING):
        raise Broken(f"block: block {number}: it does not follow on the block before it")


def check_event(each, where):
    if not each.fits:
        raise Broken(f"changed: {where}")


def check_roots(found, keys):
    by_day = defaultdict(list)
    for block in found["block"]:
        by_day[block["sealed_at"][:10]].append(block)
    last = max((root["day"] for root in found["root"]), default="")
    signed = {root["day"] for root in found["root"]}
    for day in sorted(by_day):
        if day < last and day not in signed:
            raise Broken(f"missing: the root of {day}")
    for root in found["root"]:
        blocks = by_day[root["day"]]
        numbers = [block["number"] for block in blocks]
        ours = merkle_root([bytes.fromhex(block["hash"]) for block in blocks])
        if ours != root["root"] or [root["first_number"], root["last_number"]] != [*numbers[:1], *numbers[-1:]]:
            raise Broken(f"root: {root['day']}: it is of other blocks")
        must_be_signed(keys, root, root["day"])


def check_end(found, digest, count, keys):
    if len(found["end"]) != 1:
        raise Broken("missing: the end of the export")
    end = {**found["end"][0], "type": "end"}
    must_be_signed(keys, end, "the end of the export")
    if (end["lines"], end["sha256"]) != (count, digest):
        raise Broken("changed: some line that is in no block, or the order of the lines")


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    try:
        keys = [base64.b64decode(key, validate=True) for key in sys.argv[2].split(",")]
    except binascii.Error:
        sys.exit("The key must be base64.")
    try:
        with open(sys.argv[1], "rb") as file:
            events, blocks = verify(file, keys)
    except Broken as problem:
        sys.exit(str(problem))
    print(f"{events:,} events in {blocks:,} blocks are as Faraday exported them.")


if __name__ == "__main__":
    main()
