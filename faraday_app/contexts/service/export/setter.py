"""Run by itself: reads a document as JSON, writes the PDF. Texts reach Typst as data, so none of them is ever run."""

import resource
import sys
from pathlib import Path

MEMORY = 2_000_000_000  # bytes
SECONDS = 40  # of the processor


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    import typst

    pdf: bytes = typst.compile(  # type: ignore[misc]
        Path(__file__).with_name("conversation.typ").read_bytes(),
        font_paths=[sys.argv[1]],
        ignore_system_fonts=False,
        sys_inputs={"document": sys.stdin.buffer.read().decode()},
    )
    sys.stdout.buffer.write(pdf)


if __name__ == "__main__":
    main()
