"""A sandbox worker whose loader does what the file's first word says."""

from __future__ import annotations

import ctypes
import os
import re
import sys
import time

from PIL import Image

from ingest import loaders, sandbox_worker
from ingest.loaders import ocr
from rag.types import Block, Document


def misbehave(raw: bytes, name: str) -> Document:
    match raw.split()[0].decode():
        case "loop":
            while True:
                pass
        case "stuck":  # in one call that never lets another thread run
            re.match(r"(a+)+$", "a" * 64 + "b")
        case "wait":
            os.read(os.pipe()[0], 1)
        case "hog":
            hogged = [bytearray(64 * 2**20) for _ in range(1000)]
            return Document(str(len(hogged)), ())
        case "pages":  # three, each of which takes most of the time allowed
            for _ in range(3):
                ocr.read(Image.new("RGB", (1000, 2)))
                time.sleep(0.8)
        case "exit":
            os._exit(3)
        case "segfault":
            ctypes.string_at(0)
        case "raise":
            raise KeyError("no\nsuch thing")
        case "print":
            print("noise")
            os.write(1, b"noise")
            os.write(2, b"noise")
        case "large":
            return Document("", (Block("text", "a" * 3 * 2**20),))
        case "foreign":
            return Document("", (Block("text", "x"),), {"a": re.compile("a")})
        case "environment":
            return Document(" ".join(os.environ), (Block("text", "x"),))
    return Document("fine", (Block("text", f"{os.getpid()}", page=3),), {"a": 1}, ("note",))


if __name__ == "__main__":
    loaders.LOADERS[".bad"] = misbehave
    sandbox_worker.main(sys.argv[1:])
