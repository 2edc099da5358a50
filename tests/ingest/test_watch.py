"""Following a folder: what is saved is live soon, whole, and once; what is not a document is left alone."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from backends import build
from backends.database import open_database
from ingest.knowledge import Knowledge
from ingest.store import Store
from rag.assistant import Assistant
from rag.config import Decision, Paths, Settings
from rag.types import Citation, Document, Done, Turn
from tests.doubles.shelf import Shelf, count_words, parse
from tests.ingest.following import SETTLE, Following, wait_for

QUESTION = "When do parcels arrive?"
TWO, FIVE = "# Delivery\n\nParcels arrive in two days.", "# Delivery\n\nParcels arrive in five days."


@pytest.fixture
def followed(shelf: Shelf) -> Iterator[Following]:
    with Following(shelf) as made:
        made.ready()
        yield made


def sources(followed: Following) -> set[str]:
    return followed.shelf.store.ledger.live_sources()


def answers(followed: Following, text: str) -> bool:
    return text in followed.shelf.texts(QUESTION)


def test_a_file_appears_changes_is_renamed_and_vanishes(followed: Following) -> None:
    path = followed.shelf.write("a.md", TWO)
    wait_for(lambda: answers(followed, "Parcels arrive in two days."))
    path.write_text(FIVE)
    wait_for(lambda: answers(followed, "Parcels arrive in five days."))
    path = path.rename(path.with_name("b.md"))
    wait_for(lambda: sources(followed) == {"first.md", "b.md"})
    path.unlink()
    wait_for(lambda: sources(followed) == {"first.md"})
    assert not answers(followed, "Parcels arrive in five days.")


def test_a_folder_comes_in_whole_moves_and_goes(followed: Following, tmp_path: Path) -> None:
    made = tmp_path / "made" / "sub"
    made.mkdir(parents=True)
    for name in ("a.md", "sub/b.md"):
        (made / name).parent.mkdir(exist_ok=True)
        (made / name).write_text(TWO)
    moved = made.parent.rename(followed.shelf.folder / "new")
    wait_for(lambda: sources(followed) == {"first.md", "new/sub/a.md", "new/sub/sub/b.md"})
    moved = moved.rename(followed.shelf.folder / "newer")
    wait_for(lambda: sources(followed) == {"first.md", "newer/sub/a.md", "newer/sub/sub/b.md"})
    shutil.rmtree(moved)
    wait_for(lambda: sources(followed) == {"first.md"})


def test_a_file_that_is_being_written_is_taken_when_it_is_whole(followed: Following) -> None:
    with (followed.shelf.folder / "slow.txt").open("w") as file:
        for number in range(8):
            file.write(f"Line {number} of the slow file speaks of parcels. ")
            file.flush()
            threading.Event().wait(SETTLE / 3)
    followed.hears("published slow.txt")
    assert followed.shelf.status("slow.txt").version == 1
    assert any("Line 7" in text for text in followed.shelf.texts("What does the slow file speak of?"))


@pytest.mark.parametrize("companion", ["sub/_folder.yaml", "sub/a.txt.meta.yaml"])
def test_what_is_said_about_a_file_changes_and_goes(followed: Following, companion: str) -> None:
    followed.shelf.write("sub/a.txt", "Parcels arrive in two days.")
    followed.hears("published sub/a.txt")
    path = followed.shelf.write(companion, "audience: internal")
    wait_for(lambda: followed.shelf.status("sub/a.txt").audience == "internal")
    path.unlink()
    wait_for(lambda: followed.shelf.status("sub/a.txt").audience == "public")


def test_what_is_no_document_is_named_once(shelf: Shelf) -> None:
    with Following(shelf, rescan_seconds=0.2) as followed:
        followed.ready()
        (shelf.folder / "linked.md").symlink_to(shelf.write("real.md", TWO))
        for name in (".hidden.md", "half.md.part", "~$open.docx", ".git/config.md", "_draft/a.md", "real.md.meta.yaml"):
            shelf.write(name, "title: No document.")
        for said in ("linked.md is a link", ".hidden.md is hidden", "half.md.part is temp", "~$open.docx is temp"):
            followed.hears(f"passed over: {said}")
        shelf.write("last.md", FIVE)
        followed.hears("published last.md")
        assert sources(followed) == {"first.md", "real.md", "last.md"}
    with Following(shelf) as again:
        shelf.write("really_last.md", FIVE)
        again.hears("published really_last.md")
    passed = [line for line in followed.said + again.said if line.startswith("passed over")]
    assert sorted(passed) == sorted(set(passed))
    assert {line.split()[2] for line in passed} >= {".git", "_draft", "linked.md"}
    assert not any("meta.yaml" in line for line in passed)


def test_what_lies_behind_a_link_is_not_followed(followed: Following, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (followed.shelf.folder / "linked").symlink_to(outside)
    (outside / "a.md").write_text(TWO)
    followed.shelf.write("b.md", FIVE)
    followed.hears("published b.md")
    followed.hears("passed over: linked is a link")
    (outside / "a.md").write_text(FIVE)
    followed.shelf.write("c.md", FIVE)
    followed.hears("published c.md")
    assert sources(followed) == {"first.md", "b.md", "c.md"}


def test_a_folder_that_goes_away_withdraws_nothing_and_is_followed_again(followed: Following) -> None:
    folder = followed.shelf.folder
    away = folder.rename(folder.with_name("away"))
    followed.hears("is not there")
    folder.mkdir()  # as an empty mount point
    followed.hears("Nothing was withdrawn")
    assert sources(followed) == {"first.md"}
    folder.rmdir()
    away.rename(folder)
    followed.hears("can be followed again")
    followed.shelf.write("a.md", TWO)
    wait_for(lambda: answers(followed, "Parcels arrive in two days."))
    assert sources(followed) == {"first.md", "a.md"}


def test_a_refused_file_is_named_once_and_goes_in_when_it_is_put_right(shelf: Shelf) -> None:
    with Following(shelf, rescan_seconds=0.2) as followed:
        shelf.write("a.txt", b"")
        followed.hears("refused a.txt: EMPTY")
        followed.ready()
        shelf.write("a.txt", "Parcels arrive in two days.")
        followed.hears("published a.txt")
        assert sum("refused" in line for line in followed.said) == 1


def test_a_failing_pass_is_said_and_tried_again(followed: Following) -> None:
    def full() -> None:
        raise OSError(28, "No space left on device")

    followed.shelf.hashing.before_each = full
    followed.shelf.write("a.md", TWO)
    followed.hears("No space left on device")
    followed.shelf.hashing.before_each = lambda: None
    followed.shelf.write("b.md", "# Other\n\nSomething else.")
    wait_for(lambda: sources(followed) == {"first.md", "a.md", "b.md"})
    followed.hears("can be followed again")


def test_changes_that_are_not_announced_are_found_by_the_rescan(shelf: Shelf) -> None:
    """A change through a hard link from elsewhere says nothing to who watches the folder."""
    elsewhere = shelf.data.parent / "elsewhere.md"
    elsewhere.write_text(TWO)
    os.link(elsewhere, shelf.folder / "a.md")
    with Following(shelf, rescan_seconds=0.5) as followed:
        wait_for(lambda: answers(followed, "Parcels arrive in two days."))
        elsewhere.write_text(FIVE)
        wait_for(lambda: answers(followed, "Parcels arrive in five days."))


def test_a_burst_is_taken_in_few_passes(followed: Following) -> None:
    for number in range(300):
        followed.shelf.write(f"burst/{number:03}.md", f"# Document {number}\n\nIt speaks of thing {number}.")
    wait_for(lambda: len(sources(followed)) == 301)
    assert len(followed.said) < 60


def test_stopping_in_the_middle_leaves_whole_documents(shelf: Shelf) -> None:
    reached, go = threading.Event(), threading.Event()

    def slow(path: Path, name: str) -> Document:
        reached.set()
        go.wait(20)
        return parse(path, name)

    for number in range(20):
        shelf.write(f"{number}.md", f"# Document {number}\n\nIt speaks of thing {number}.")
    with Following(shelf, parse=slow) as followed:
        assert reached.wait(20)
        followed.stop.set()
        go.set()
    assert shelf.store.ledger.live_ids() == shelf.store.index.ids()
    assert set(shelf.sync().values()) <= {"published", "unchanged"}
    assert len(shelf.store.ledger.live_sources()) == 20


def _country_file(country: str, days: int) -> str:
    sections = "\n\n".join(
        f"## {what} to {country}\n\n{what} to {country} take {days} days. Express costs {days} days of patience."
        for what in ("Parcels", "Letters", "Pallets")
    )
    return f"# Delivery to {country}\n\n{sections}\n"


COUNTRIES = ("Norway", "Chile", "Kenya")


def test_questions_while_documents_change_are_answered_from_one_version(tmp_path: Path) -> None:
    """In one process, over Chroma: a thread publishes while others ask."""
    shelf = Shelf(tmp_path)
    settings = Settings(paths=Paths(data=shelf.data), decision=Decision(answer_above=0))
    shelf.store.close()
    shelf.store = Store(open_database(shelf.data), shelf.hashing, shelf.data, *build.vector_index(settings))
    for country in COUNTRIES:
        shelf.write(f"{country}.md", _country_file(country, 10))
    shelf.sync()
    knowledge = Knowledge(shelf.store.engine, shelf.store.index, shelf.hashing.dimensions, 60, 40)
    assistant = Assistant(knowledge, shelf.hashing, [], count_words, settings)
    cited, over = list[list[Citation]](), threading.Event()

    def ask(country: str) -> None:
        while not over.is_set():
            *_, done = assistant.reply([Turn("customer", f"How many days do parcels to {country} take?")])
            assert isinstance(done, Done)
            cited.append([each for sentence in done.reply.sentences for each in sentence.citations])

    with Following(shelf) as followed:
        asking = [threading.Thread(target=ask, args=(country,)) for country in COUNTRIES]
        for each in asking:
            each.start()
        for version in range(2, 6):
            for country in COUNTRIES:
                shelf.write(f"{country}.md", _country_file(country, 9 + version))
            wait_for(lambda: all(shelf.status(f"{country}.md").version == version for country in COUNTRIES))  # noqa: B023
        over.set()
        for each in asking:
            each.join(20)
        assert followed.alive
    shelf.close()
    for some in cited:
        assert len({(each.source, each.version) for each in some}) == len({each.source for each in some})
        assert [each.quote for each in some if f" {9 + each.version} days" not in each.quote] == []
    assert {each.version for some in cited for each in some} >= {1, 5}
