"""What stands behind a citation is served to those who may see the passage, and to nobody else."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from PIL import Image

from ingest.pipeline import Pipeline
from rag.config import Ingest
from rag.types import Access, Block, Document
from tests.doubles.shelf import Shelf, count_words, parse
from ui.evidence import Evidence
from ui.session import Sessions
from ui.shield import Shield
from ui.site import evidence_routes

SRT = "1\n00:00:05,000 --> 00:00:07,000\nOpen the lid of the kettle.\n"
FILM = bytes(range(256)) * 40


def png() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (64, 64), "red").save(made, "PNG")
    return made.getvalue()


PICTURE = png()
NAME = hashlib.sha256(PICTURE).hexdigest()


def with_picture(path: Path, name: str) -> Document:
    """As loaders of formats with pictures give it."""
    found = parse(path, name)
    if not name.endswith(".txt"):
        return found
    return Document("Lid", (*found.blocks, Block("picture", picture=NAME)), pictures={NAME: PICTURE})


class Site:
    def __init__(self, shelf: Shelf) -> None:
        self.shelf, app = shelf, FastAPI()
        evidence_routes(app, Evidence(shelf.knowledge(), shelf.data), lambda _request: Access())
        app.add_middleware(Shield, sessions=Sessions("s" * 43), who=lambda token: None, heads={})
        self.client = TestClient(app)

    def sync(self) -> None:
        list(Pipeline(self.shelf.store, with_picture, count_words, Ingest()).sync(self.shelf.folder)[1])

    def chunk(self, source: str) -> int:
        found = self.shelf.knowledge()
        ids = self.shelf.store.ledger.live_ids()
        access = Access(frozenset({"public", "internal"}))
        return next(each for each in ids if (chunk := found.chunk(each, access)) and chunk.source == source)


@pytest.fixture
def site(shelf: Shelf) -> Iterator[Site]:
    made = Site(shelf)
    shelf.write("lid.mp4", FILM)
    shelf.write("lid.srt", SRT)
    shelf.write("lid.txt", "Open the lid.")
    shelf.write("other.md", "# Other\n\nNothing to see.")
    made.sync()
    with made.client:
        yield made


def test_a_recording_is_served_in_ranges(site: Site) -> None:
    address = f"/media/{site.chunk('lid.mp4')}"
    whole = site.client.get(address)
    assert (whole.status_code, whole.content, whole.headers["content-type"]) == (200, FILM, "video/mp4")
    assert (whole.headers["accept-ranges"], whole.headers["x-content-type-options"]) == ("bytes", "nosniff")
    part = site.client.get(address, headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, FILM[100:200])
    assert part.headers["content-range"] == f"bytes 100-199/{len(FILM)}"
    assert site.client.get(address, headers={"Range": f"bytes={len(FILM)}-"}).status_code == 416


def test_a_picture_is_served_beside_its_own_passage_only(site: Site) -> None:
    found = site.client.get(f"/picture/{site.chunk('lid.txt')}/{NAME}")
    assert (found.status_code, found.content, found.headers["content-type"]) == (200, PICTURE, "image/png")
    assert found.headers["content-security-policy"].startswith("default-src 'none'")
    assert site.client.get(f"/picture/{site.chunk('other.md')}/{NAME}").status_code == 404
    assert site.client.get(f"/picture/{site.chunk('lid.txt')}/{'0' * 64}").status_code == 404


def test_only_recordings_are_played(site: Site) -> None:
    assert site.client.get(f"/media/{site.chunk('lid.txt')}").status_code == 404


@pytest.mark.parametrize("number", ["1", str(2**63), "9" * 20, "-1", "x"])
def test_numbers_that_name_no_passage(site: Site, number: str) -> None:
    for address in (f"/media/{number}", f"/picture/{number}/{NAME}", f"/page/{number}/1.png"):
        assert site.client.get(address).status_code == 404


@pytest.mark.parametrize("name", ["../../vouch.db", "..%2f..%2fvouch.db", NAME.upper(), NAME + ".png", ""])
def test_names_that_are_no_pictures(site: Site, name: str) -> None:
    assert site.client.get(f"/picture/{site.chunk('lid.txt')}/{name}").status_code == 404


@pytest.mark.parametrize("said", ["audience: internal", "valid_until: 2020-01-01"])
def test_what_the_asker_may_not_see_is_not_there(site: Site, said: str) -> None:
    before = [f"/media/{site.chunk('lid.mp4')}", f"/picture/{site.chunk('lid.txt')}/{NAME}"]
    assert [site.client.get(each).status_code for each in before] == [200, 200]
    site.shelf.write("_folder.yaml", said)
    site.sync()
    ids = site.shelf.store.ledger.live_ids()
    after = [f"/media/{each}" for each in ids] + [f"/picture/{each}/{NAME}" for each in ids]
    assert {site.client.get(each).status_code for each in (*before, *after)} == {404}


def test_what_was_withdrawn_is_gone(site: Site) -> None:
    address = f"/media/{site.chunk('lid.mp4')}"
    (site.shelf.folder / "lid.mp4").unlink()
    (site.shelf.folder / "lid.srt").unlink()
    site.sync()
    assert site.client.get(address).status_code == 404
