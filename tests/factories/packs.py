"""Packs of GPTs, made here, elsewhere and by people with bad intentions."""

import base64
import io
import json
import zipfile

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from faraday_app.contexts.service import packs
from faraday_app.contexts.service.packs import PURPOSE
from faraday_app.contexts.service.versions.content import canonical
from faraday_app.core.database import transaction
from faraday_app.security.service import signing
from tests.factories.gpts import make_gpt


async def packed(actor, **more):
    return await exported(actor, await make_gpt(actor, "Frog expert", instructions="Answer about frogs.", **more))


async def exported(actor, gpt, **scope):
    async with transaction(actor) as session:
        return (await packs.export(session, actor, gpt.id, packs.Scope(**scope)))[1]


async def bring_in(actor, file, **more):
    async with transaction(actor) as session:
        return await packs.bring_in(session, actor, file, **more)


def files_of(file):
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(files):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def signed_elsewhere(text, **files):
    """With files by their digests."""
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes_raw()
    signature = key.sign(PURPOSE + text).hex()
    told = {"key": signing.key_id(public), "public_key": base64.b64encode(public).decode(), "signature": signature}
    return zipped({packs.PACK: text, packs.SIGNATURE: json.dumps(told), **named(files)})


def changed(file, **fields):
    """The text of a pack, with other fields in it; not signed."""
    content = json.loads(files_of(file)[packs.PACK])
    for name, value in fields.items():
        place, _, last = name.rpartition("__")
        (content[place] if place else content)[last] = value
    return canonical(content).encode()


def named(files):
    return {f"files/{digest}": content for digest, content in files.items()}


def said(file):
    return json.loads(files_of(file)[packs.PACK])
