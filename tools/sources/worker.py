"""A process of its own that packs files: pickled jobs on standard input -> parcels on standard output.

Started by `pool`. It ends when its input ends, so it never outlives the process that started it. Not
`multiprocessing`: that would run the caller's main module again in every child.
"""

import gc
import os
import pickle
import signal
import sys
from typing import IO

from tools.sources.elements import is_resource
from tools.sources.parcels import pack_job


def main() -> None:
    """Serve jobs until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    is_resource({"resourceType": "Patient"})
    gc.freeze()
    gc.disable()
    try:
        _serve(out)
    except (EOFError, BrokenPipeError):
        os._exit(0)


def _serve(out: IO[bytes]) -> None:
    while True:
        job = pickle.load(sys.stdin.buffer)
        pickle.dump(pack_job(job), out)
        out.flush()
        gc.collect()
        gc.freeze()
