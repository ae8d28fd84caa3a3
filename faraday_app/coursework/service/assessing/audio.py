"""What a spoken remark may be: told by its content, whatever its name or its sender says."""

from faraday_app.core.errors import Invalid

LARGEST = 10 * 1024 * 1024  # bytes: about ten minutes of speech
KINDS = ("audio/webm", "audio/ogg", "audio/mpeg", "audio/mp4", "audio/wav")
_MPEG_VERSIONS = (0b11, 0b10, 0b00)


def kind_of(content: bytes) -> str:
    """Its content type. Invalid for what is empty, too large, or no recording."""
    if not content:
        raise Invalid("This recording is empty.", field="file")
    if len(content) > LARGEST:
        raise Invalid(f"A recording can have {LARGEST // 1024**2} MB at most.", field="file")
    for kind, is_it in _TESTS.items():
        if is_it(content):
            return kind
    raise Invalid("This is no recording that browsers play: WebM, Ogg, MP3, M4A or WAV.", field="file")


def _is_webm(content: bytes) -> bool:
    return content[:4] == b"\x1a\x45\xdf\xa3" and b"webm" in content[:64]


def _is_ogg(content: bytes) -> bool:
    return content[:4] == b"OggS" and any(codec in content[:96] for codec in (b"OpusHead", b"\x01vorbis", b"Speex"))


def _is_mp3(content: bytes) -> bool:
    if content[:3] == b"ID3":
        return True
    if len(content) < 4 or content[0] != 0xFF or content[1] & 0xE0 != 0xE0:
        return False
    version, layer, rate = content[1] >> 3 & 3, content[1] >> 1 & 3, content[2] >> 4
    return version in _MPEG_VERSIONS and layer == 1 and rate not in (0, 15)


def _is_mp4(content: bytes) -> bool:
    return content[4:8] == b"ftyp" and content[8:12] in (b"M4A ", b"M4B ", b"isom", b"iso5", b"iso6", b"mp42", b"dash")


def _is_wav(content: bytes) -> bool:
    return content[:4] == b"RIFF" and content[8:12] == b"WAVE"


_TESTS = {
    "audio/webm": _is_webm,
    "audio/ogg": _is_ogg,
    "audio/mpeg": _is_mp3,
    "audio/mp4": _is_mp4,
    "audio/wav": _is_wav,
}
