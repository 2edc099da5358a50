"""Text of every kind: odd encodings, deep nesting, endless lines, scripts, hidden words, hostile metadata."""

from __future__ import annotations

import json
from collections.abc import Iterator

from tests.ingest.hostile.trap import PLANTED, Trap, trap

SAID = "The hose of the Brew One is rinsed once a week."
DEEP = 100_000


def traps() -> Iterator[Trap]:
    """All of them."""
    yield from _encodings()
    yield from _markdown()
    yield from _html()
    yield from _tables()
    yield from _data()
    yield from _sizes()


def _encodings() -> Iterator[Trap]:
    yield trap("utf-7.txt", "live", f"{SAID} +ADw-script+AD4-".encode("ascii"))
    yield trap("utf-32.txt", "live", (SAID * 20).encode("utf-32"))
    yield trap("utf-32 without a mark.txt", "live|TYPE_MISMATCH|ENCODING", (SAID * 20).encode("utf-32-le"))
    mixed = (
        "Die Hülle wäscht man wöchentlich. ".encode("latin-1") + "软管每周冲洗一次。".encode() + "軟管".encode("big5")
    )
    yield trap("mixed.txt", "live|ENCODING", mixed * 20)
    yield trap("zeros between.txt", "live|TYPE_MISMATCH", SAID.replace(" ", "\0").encode() * 20)
    yield trap("nothing but zeros.txt", "EMPTY", bytes(100_000))
    yield trap("nothing but spaces.md", "EMPTY", " \n\t" * 10_000)
    yield trap("control signs.txt", "live|TYPE_MISMATCH", SAID + "".join(map(chr, range(1, 32))))
    yield trap("turned round.txt", "live", f"{SAID} \u202etxt.exe\u202c \u200b\u2066hidden\u2069 \ufeff")
    yield trap("halves of signs.txt", "live|ENCODING", SAID.encode() * 20 + b"\xed\xa0\x80\xf4\x90\x80\x80")
    yield trap("noise.txt", "TYPE_MISMATCH", bytes(range(256)) * 400)
    yield trap("a program in truth.txt", "TYPE_MISMATCH", b"\x7fELF\x02\x01\x01" + bytes(4000))
    yield trap("no such type.exe", "UNSUPPORTED", b"MZ" + bytes(1000))
    yield trap("no type", "UNSUPPORTED", SAID)


def _markdown() -> Iterator[Trap]:
    yield trap("quotes in quotes.md", "BROKEN|NO_TEXT", ">" * DEEP + SAID)
    yield trap(
        "lists in lists.md", "live|BROKEN", f"{SAID}\n\n" + "\n".join(f"{'  ' * n}- item {n}" for n in range(1000))
    )
    yield trap("brackets.md", "live", f"{SAID}\n\n" + "[" * 20_000)
    yield trap("links in links.md", "live", f"{SAID}\n\n" + "[a](" * 10_000)
    yield trap("stars.md", "live", f"{SAID}\n\n" + "*a_" * 10_000)
    yield trap("back ticks.md", "live", f"{SAID}\n\n" + "".join(f"e{'`' * n}" for n in range(400)))
    yield trap("script.md", "live", f"# Care\n\n{SAID}\n\n<script>{PLANTED}()</script>\n\n[x](javascript:alert())")
    front = "---\na: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\ntitle: *b\n---\n"
    yield trap("laughs in front.md", "BROKEN|BAD_METADATA", f"{front}\n{SAID}")
    yield trap("deep front.md", "BROKEN|BAD_METADATA", f"---\ntitle: {'[' * 10_000}{']' * 10_000}\n---\n{SAID}")
    yield trap(
        "object in front.md", "BROKEN|BAD_METADATA", f"---\ntitle: !!python/object/apply:os.system [id]\n---\n{SAID}"
    )
    yield trap("front without end.md", "BROKEN", f"---\ntitle: Care\n\n{SAID}")
    yield trap("no such day.md", "BROKEN|BAD_METADATA", f"---\nvalid_from: 2026-02-31\n---\n{SAID}")


def _html() -> Iterator[Trap]:
    yield trap("deep.html", "live|BROKEN|NO_TEXT", "<div>" * DEEP + SAID + "</div>" * DEEP)
    yield trap("deep tables.html", "live|BROKEN|NO_TEXT|TIMEOUT", "<table><tr><td>" * 5000 + SAID)
    yield trap("deep lists.html", "live|BROKEN|NO_TEXT", "<ul><li>" * 20_000 + SAID)
    yield trap("attributes.html", "live", f"<p {' '.join(f'a{n}=1' for n in range(50_000))}>{SAID}</p>")
    yield trap(
        "script.html",
        "live",
        f"<p onclick='{PLANTED}()'>{SAID}</p><script>{PLANTED}</script><iframe src='javascript:{PLANTED}'>",
    )
    hidden = f"<p>{SAID}</p><p style='display:none'>{PLANTED}</p><p hidden>{PLANTED}</p><div style='font-size:0'>{PLANTED}</div>"
    yield trap("hidden words.html", "live", hidden)
    laughs = '<!DOCTYPE html [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    yield trap("laughs.html", "live", f"{laughs}<p>{SAID} &b;</p>")
    yield trap(
        "wide cells.html",
        "live|TOO_LARGE|BROKEN",
        f"<table><tr><td colspan=1000000000 rowspan=1000000000>{SAID}</td></tr></table>",
    )
    cells = "<tr>" + "<td colspan=1000 rowspan=60000>a</td>" * 300 + "</tr>"
    yield trap(
        "many wide cells.html",
        "live|TOO_LARGE|BROKEN|MEMORY|OUTPUT_TOO_LARGE",
        f"<p>{SAID}</p><table>{cells * 100}</table>",
    )
    yield trap("comment without end.html", "live|NO_TEXT", f"<p>{SAID}</p><!-- {PLANTED} " + "-" * DEEP)
    yield trap("smaller than signs.html", "live|NO_TEXT", f"<p>{SAID}</p>" + "<" * DEEP)


def _tables() -> Iterator[Trap]:
    yield trap("a million columns.csv", "live|TOO_LARGE|OUTPUT_TOO_LARGE", ",".join(["a"] * 1_000_000) + "\n1,2\n")
    yield trap("quote without end.csv", "live|BROKEN", 'part,care\n"hose,' + f"{SAID}\n" * 10_000)
    yield trap("formulas.csv", "live", f"part,care\nhose,{SAID}\n=cmd|' /C calc'!A0,@SUM(1)\n")
    yield trap("ragged.csv", "live", "part,care\n" + "\n".join("x," * (n % 400) + SAID for n in range(400)))
    yield trap("commas.csv", "live|NO_TEXT|TOO_LARGE", f"part,care\nhose,{SAID}\n" + ("," * 1000 + "\n") * 1000)
    yield trap("zeros.csv", "live|TYPE_MISMATCH", f"part,care\nhose,{SAID}\n\0,\0\n")


def _data() -> Iterator[Trap]:
    yield trap("deep.json", "BROKEN|live", "[" * DEEP + "]" * DEEP)
    yield trap("deep objects.json", "BROKEN|live", '{"a":' * DEEP + "1" + "}" * DEEP)
    yield trap("number without end.json", "BROKEN|live", '{"question": ' + "9" * 1_000_000 + f', "answer": "{SAID}"}}')
    yield trap("half.json", "BROKEN|live", json.dumps([{"question": "Hose?", "answer": SAID}])[:-10])
    yield trap("not a number.json", "BROKEN|live", '[{"question": "Hose?", "answer": NaN}]')
    yield trap("one bad line.jsonl", "BROKEN|live", f'{{"question": "Hose?", "answer": "{SAID}"}}\n{{"question":\n')
    yield trap("times that run back.srt", "live|BROKEN", f"1\n00:00:09,000 --> 00:00:01,000\n{SAID}\n\n" * 3)
    yield trap("vast times.srt", "live|BROKEN", f"1\n99999999999:00:00,000 --> 99999999999:99:99,999\n{SAID}\n")
    yield trap("no cues.vtt", "live|BROKEN|NO_TEXT|EMPTY", "WEBVTT\n\nNOTE nothing here\n")
    yield trap("script.vtt", "live", f"WEBVTT\n\n00:00.000 --> 00:09.000\n<script></script>{SAID}\n")


def _sizes() -> Iterator[Trap]:
    yield trap("one line of 50 MB.txt", "OUTPUT_TOO_LARGE", b"word " * 10_000_000)
    yield trap("one word of 5 MB.txt", "live|OUTPUT_TOO_LARGE|TIMEOUT", b"a" * 5_000_000)
    yield trap(
        "for bad patterns.txt",
        "live",
        SAID + "\n\n" + "a" * 50_000 + "!\n\n" + "1." * 30_000 + "\n\n" + " " * 50_000 + "x",
    )
    yield trap("empty lines.txt", "live", SAID + "\n" * 3_000_000 + SAID)
    yield trap("dots.txt", "live", SAID + " . " * 50_000)
    yield trap("nothing.txt", "EMPTY", b"")
