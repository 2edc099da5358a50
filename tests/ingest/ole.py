"""Makes compound files ([MS-CFB]) and Outlook mails ([MS-OXMSG]) for the tests: streams below 4096 bytes only."""

from __future__ import annotations

import struct
from collections.abc import Mapping

Tree = Mapping[str, "bytes | Tree"]
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_TEXT, _BYTES, _WHOLE, _TIME = 0x001F, 0x0102, 0x0003, 0x0040


def compound(tree: Tree) -> bytes:
    """A compound file: header, one FAT sector, then directory, mini FAT and mini stream."""
    entries: list[list[object]] = [["Root Entry", 5, _FREE, 0, 0]]  # name, type, child, start, size
    siblings = {0: _FREE}
    mini, minifat = bytearray(), list[int]()
    _add(tree, 0, entries, siblings, mini, minifat)
    directory = _sectors(b"".join(_entry(at, each, siblings, entries) for at, each in enumerate(entries)))
    fat_of_mini = _sectors(struct.pack(f"<{len(minifat)}I", *minifat), b"\xff")
    content = _sectors(bytes(mini))
    starts, fat = [], [_FAT]
    for part in (directory, fat_of_mini, content):
        starts.append(len(fat))
        fat += [*range(len(fat) + 1, len(fat) + len(part) // 512), _END]
    entries[0][3], entries[0][4] = starts[2], len(mini)
    directory = _sectors(b"".join(_entry(at, each, siblings, entries) for at, each in enumerate(entries)))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, 1, starts[0], 0, 4096, starts[1], len(fat_of_mini) // 512, _END, 0)
    header += struct.pack("<109I", 0, *[_FREE] * 108)
    return header + _sectors(struct.pack(f"<{len(fat)}I", *fat), b"\xff") + directory + fat_of_mini + content


def outlook(
    subject: str, *, html: bytes = b"", body: str = "", files: Mapping[str, bytes] | None = None, codepage: int = 65001
) -> bytes:
    """An Outlook mail from ann@shop.example to Bob."""
    said = {0x0037: subject, 0x0C1A: "Ann", 0x0C1F: "ann@shop.example"} | ({0x1000: body} if body else {})
    root = _storage(said, {0x1013: html} if html else {}, {0x3FDE: codepage}, bytes(32))
    root["__recip_version1.0_#00000000"] = _storage({0x3001: "Bob", 0x39FE: "bob@home.example"}, {}, {}, bytes(8))
    for number, (name, raw) in enumerate((files or {}).items()):
        root[f"__attach_version1.0_#{number:08X}"] = _storage({0x3707: name}, {0x3701: raw}, {0x3705: 1}, bytes(8))
    return compound(root)


def _storage(
    texts: Mapping[int, str], binaries: Mapping[int, bytes], numbers: Mapping[int, int], head: bytes
) -> dict[str, bytes | Tree]:
    made: dict[str, bytes | Tree] = {}
    table = head
    for kind, values in ((_TEXT, {pid: text.encode("utf-16-le") for pid, text in texts.items()}), (_BYTES, binaries)):
        for pid, raw in values.items():
            made[f"__substg1.0_{pid:04X}{kind:04X}"] = raw
            table += struct.pack("<HHIII", kind, pid, 6, len(raw), 0)
    for pid, number in numbers.items():
        table += struct.pack("<HHIII", _WHOLE, pid, 6, number, 0)
    made["__properties_version1.0"] = table
    return made


def _add(
    tree: Tree, parent: int, entries: list[list[object]], siblings: dict[int, int], mini: bytearray, minifat: list[int]
) -> None:
    before = -1
    for name in sorted(tree, key=lambda each: (len(each), each.upper())):
        content, at = tree[name], len(entries)
        if before < 0:
            entries[parent][2] = at
        else:
            siblings[before] = at
        before, siblings[at] = at, _FREE
        if not isinstance(content, bytes):
            entries.append([name, 1, _FREE, 0, 0])
            _add(content, at, entries, siblings, mini, minifat)
            continue
        assert len(content) < 4096
        count = -(-len(content) // 64)
        entries.append([name, 2, _FREE, len(minifat) if count else _END, len(content)])
        minifat += [*range(len(minifat) + 1, len(minifat) + count), _END] if count else []
        mini += content.ljust(count * 64, b"\0")


def _entry(at: int, entry: list[object], siblings: dict[int, int], entries: list[list[object]]) -> bytes:
    name, kind, child, start, size = entry
    raw = f"{name}\0".encode("utf-16-le")
    # Each name's right neighbour is the next one: a tree without left branches.
    links = struct.pack("<BBIII", int(str(kind)), 1, _FREE, siblings[at], int(str(child)))
    return raw.ljust(64, b"\0") + struct.pack("<H", len(raw)) + links + bytes(36) + struct.pack("<IQ", start, size)


def _sectors(raw: bytes, fill: bytes = b"\0") -> bytes:
    return raw.ljust(-(-max(len(raw), 1) // 512) * 512, fill)
