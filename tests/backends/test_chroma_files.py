"""What Chroma writes to disk holds vectors and ids, and nothing that the process had in its memory before."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from rag.config import ROOT

# In a process of its own: its memory is filled with a word, given back, and then used for an index.
_PROGRAM = """
import ctypes, random, sys
from pathlib import Path
import numpy as np
from backends.chroma import ChromaIndex

libc, chance = ctypes.CDLL(None), random.Random(int(sys.argv[2]))
libc.malloc.restype, libc.malloc.argtypes, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_size_t], [ctypes.c_void_p]

def remember_and_forget():
    blocks = []
    for _ in range(3000):
        size = chance.randint(200, 120_000 if chance.random() < 0.2 else 4_000)
        blocks.append(libc.malloc(size))
        ctypes.memmove(blocks[-1], (b"quokkazebu!" * (size // 11 + 1))[:size], size)
    chance.shuffle(blocks)
    for block in blocks[: len(blocks) * 9 // 10]:
        libc.free(block)

for number in range(24):
    remember_and_forget()
    index = ChromaIndex(Path(sys.argv[1], str(number)))
    remember_and_forget()
    vectors = np.random.default_rng(number).standard_normal((3, 48)).astype(np.float32)
    index.upsert([1, 2, 3], vectors, vectors)
    index.close()
"""


def test_the_index_files_hold_nothing_of_what_the_process_remembered(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-c", _PROGRAM, str(tmp_path), "1"], cwd=ROOT, check=True, timeout=100)
    files = [each for each in tmp_path.rglob("*") if each.is_file()]
    assert sum(each.name == "data_level0.bin" for each in files) == 48
    assert [each.name for each in files if b"quokkazebu" in each.read_bytes()] == []
