"""Serve one GGUF model as an OpenAI-compatible endpoint on a loopback port.

python -m faraday_app.core.local_model --port N --model PATH --alias NAME

Chat completions with streaming, usage and schema-constrained output; stops
generating when the client hangs up, and ends when its parent process does.
"""

import argparse
import os
import signal
import threading
from pathlib import Path

SLOTS = 4
SLOT_TOKENS = 4096


def main() -> None:
    options = parse()
    if options.pid_file:
        options.pid_file.write_text(str(os.getpid()))
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    server = serve(options)
    print(f"serving {options.alias} at {server.listening_address}", flush=True)  # type: ignore[attr-defined]
    while not ended.wait(1):
        if options.parent and os.getppid() != options.parent:
            break
    # The server's threads hold nothing worth saving, and joining them waits for answers in progress.
    os._exit(0)


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--alias", required=True)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--key-file", type=Path, help="clients must send this file's content as bearer token")
    parser.add_argument("--pid-file", type=Path)
    parser.add_argument("--parent", type=int, help="end when this is no longer the parent process")
    return parser.parse_args()


def serve(options: argparse.Namespace) -> object:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = str(options.model)
    params.model_alias = {options.alias}
    params.hostnames = ["127.0.0.1"]
    params.port = options.port
    if options.key_file:
        params.api_keys = [options.key_file.read_text().strip()]
    # No browser has business here: an origin that no page has.
    params.cors_origins = "http://nobody.invalid"
    params.cors_origins_explicit = True
    params.cors_credentials = False
    params.ui = False
    params.endpoint_slots = True
    params.n_parallel = SLOTS
    params.n_ctx = SLOTS * SLOT_TOKENS
    params.fit_params = False
    params.cont_batching = True
    params.cache_prompt = True
    params.cache_ram_mib = 256
    params.cpuparams.n_threads = options.threads
    params.cpuparams_batch.n_threads = options.threads
    params.cpuparams.poll = params.cpuparams_batch.poll = 0  # threads that spin take the cores of everything else
    params.verbosity = 1
    return xllamacpp.Server(params)


if __name__ == "__main__":
    main()
