"""Bad input from the shell: an exit code that is not 0, a clear line, no traceback, and an unharmed store."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from backends.database import open_database
from ingest.ledger import Ledger
from rag.config import ROOT, load

TOO_LONG = 100


@dataclass(frozen=True)
class Shell:
    """A knowledge folder and a store, worked on through `python -m ingest` only."""

    folder: Path
    data: Path

    def run(
        self, *words: str, config: Path | None = None, room: int = 0, before: tuple[str, ...] = ()
    ) -> subprocess.CompletedProcess[str]:
        """`room`: bytes that the command's files may grow to, where the disk is to be full; `before`: what starts it."""
        env = {
            **os.environ,
            "VOUCH_MODELS": str(load().paths.models),
            **({"VOUCH_CONFIG": str(config)} if config else {}),
        }
        return subprocess.run(
            [*before, sys.executable, "-m", "ingest", *words, "--data", str(self.data)],
            cwd=ROOT,
            env=env,
            capture_output=True,
            text=True,
            timeout=TOO_LONG,
            check=False,
            preexec_fn=(lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, -1))) if room else None,
        )

    def sync(self, **how: object) -> subprocess.CompletedProcess[str]:
        return self.run("sync", str(self.folder), **how)  # type: ignore[arg-type]

    def state(self) -> list[tuple[str, str, int | None, str]]:
        """(source, state, version, code of the refusal) of every document."""
        engine = open_database(self.data)
        found = [(e.source, e.state, e.version, e.refusal.split(":")[0]) for e in Ledger(engine).status()]
        engine.dispose()
        return found


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """With one good document, not yet synced."""
    made = Shell(tmp_path / "knowledge", tmp_path / "data")
    made.folder.mkdir()
    (made.folder / "good.md").write_text("# Delivery\n\nParcels arrive in two days.")
    return made


GOOD = ("good.md", "live", 1, "")


def says_in_one_line(done: subprocess.CompletedProcess[str], *words: str) -> None:
    """Exit code 2, and one line on stderr that holds `words`."""
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    for word in words:
        assert word in done.stderr


def refuses(done: subprocess.CompletedProcess[str], *words: str) -> None:
    """Exit code 1, and what was refused among the output, which wraps nothing."""
    assert done.returncode == 1, done.stdout + done.stderr
    assert done.stderr == ""
    assert "Traceback" not in done.stdout
    for word in words:
        assert word in done.stdout


def test_a_good_folder_goes_in_and_again_is_unchanged(shell: Shell) -> None:
    first, second = shell.sync(), shell.sync()
    assert (first.returncode, second.returncode) == (0, 0)
    assert "1 published" in first.stdout
    assert "1 unchanged" in second.stdout
    assert shell.state() == [GOOD]


def test_a_folder_that_is_not_there(shell: Shell) -> None:
    says_in_one_line(shell.run("sync", str(shell.folder / "nowhere")), "nowhere is not there", "Create it")
    assert shell.state() == []


def test_a_file_in_place_of_the_folder(shell: Shell) -> None:
    says_in_one_line(shell.run("sync", str(shell.folder / "good.md")), "is not there")


def test_files_that_cannot_go_in_are_named_and_the_rest_goes_in(shell: Shell) -> None:
    (shell.folder / "empty.txt").touch()
    (shell.folder / "zero.docx").touch()
    (shell.folder / "broken.pdf").write_bytes(b"%PDF-1.7\n" + b"\x00rubbish" * 50)
    (shell.folder / "picture.xyz").write_bytes(b"what is this?")
    (shell.folder / "lies.pdf").write_text("Plain text under another name.")
    (shell.folder / "folder.pdf").mkdir()
    os.mkfifo(shell.folder / "pipe.pdf")
    done = shell.sync()
    refuses(
        done,
        "1 published",
        "refused empty.txt: EMPTY",
        "refused picture.xyz: UNSUPPORTED",
        ".docx",
        "pipe.pdf: NOT_A_FILE",
    )
    assert {source: code for source, state, _, code in shell.state() if state == "refused"} == {
        "broken.pdf": code_of(shell, "broken.pdf"),
        "empty.txt": "EMPTY",
        "lies.pdf": code_of(shell, "lies.pdf"),
        "picture.xyz": "UNSUPPORTED",
        "pipe.pdf": "NOT_A_FILE",
        "zero.docx": "EMPTY",
    }
    assert GOOD in shell.state()


def code_of(shell: Shell, source: str) -> str:
    """Whatever code the loaders give it: which, is theirs to test."""
    return next(code for name, _, _, code in shell.state() if name == source)


def test_a_file_without_rights_is_refused(shell: Shell) -> None:
    secret = shell.folder / "secret.txt"
    secret.write_text("Nobody may read this.")
    secret.chmod(0)
    # Root reads everything, unless it gives up the right to.
    lesser = (
        ("setpriv", "--inh-caps=-all", "--bounding-set=-dac_override,-dac_read_search") if os.geteuid() == 0 else ()
    )
    refuses(shell.sync(before=lesser), "refused secret.txt: UNREADABLE", "Check its rights")


def test_a_file_that_breaks_leaves_its_former_version_serving(shell: Shell) -> None:
    shell.sync()
    (shell.folder / "good.md").write_bytes(b"")
    refuses(shell.sync(), "refused good.md: EMPTY")
    assert shell.state() == [("good.md", "live", 1, "EMPTY")]


def test_an_unknown_setting_names_the_nearest(shell: Shell, tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text("ingest:\n  pasage_tokens: 100\n")
    says_in_one_line(
        shell.sync(config=config), "unknown setting 'ingest.pasage_tokens'", "Did you mean 'passage_tokens'?"
    )
    assert not shell.data.exists()


def test_a_config_that_is_no_yaml_names_the_line(shell: Shell, tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text("ingest:\n  passage_tokens: [100\n")
    says_in_one_line(shell.sync(config=config), "line", "is not valid YAML")


def test_a_config_that_is_not_there(shell: Shell, tmp_path: Path) -> None:
    says_in_one_line(shell.sync(config=tmp_path / "none.yaml"), "none.yaml is not there", "VOUCH_CONFIG")


def test_a_second_owner_is_told_of_the_first(shell: Shell) -> None:
    shell.sync()
    code = (
        "from pathlib import Path; from ingest.store import Ownership; import sys; "
        "Ownership(Path(sys.argv[1])).take('ingest watch'); print('taken', flush=True); input()"
    )
    owner = [sys.executable, "-c", code, str(shell.data)]
    with subprocess.Popen(owner, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout is not None
        first.stdout.readline()
        says_in_one_line(shell.sync(), "in use by 'ingest watch'", str(first.pid))
        assert shell.run("status").returncode == 0  # looking does not need the store to oneself
        first.kill()
    assert shell.sync().returncode == 0


def test_two_syncs_at_once_do_not_mix(shell: Shell) -> None:
    for number in range(40):
        (shell.folder / f"{number}.md").write_text(f"# Document {number}\n\nIt speaks of thing {number}.")
    command = [sys.executable, "-m", "ingest", "sync", str(shell.folder), "--data", str(shell.data)]
    both = [subprocess.Popen(command, cwd=ROOT, stdout=-3, stderr=-1, text=True) for _ in range(2)]
    said = [each.communicate(timeout=TOO_LONG)[1] for each in both]
    codes = sorted(each.returncode for each in both)
    assert codes in ([0, 0], [0, 2])  # one after the other, or one turned away
    assert codes == [0, 0] or "in use by" in "".join(said)
    assert [row[1:] for row in shell.state()] == [("live", 1, "")] * 41


def test_another_embedder_is_refused_and_embedding_anew_mends_it(shell: Shell, tmp_path: Path) -> None:
    shell.sync()
    config = tmp_path / "config.yaml"
    config.write_text(
        "embedding:\n  backend: llama_index\n  model: 'tests.doubles.llama:HashedWords?model_name=hashed'\n"
    )
    says_in_one_line(shell.sync(config=config), "python -m ingest rebuild --embed")
    assert shell.state() == [GOOD]
    done = shell.run("rebuild", "--embed", config=config)
    assert done.returncode == 0, done.stderr
    assert "1 documents embedded anew" in done.stdout
    again = shell.sync(config=config)
    assert "1 unchanged" in again.stdout
    says_in_one_line(shell.sync(), "python -m ingest rebuild --embed")


def test_a_full_disk_at_the_start_is_said(shell: Shell) -> None:
    says_in_one_line(shell.sync(room=4096), "Check that the disk has room")
    assert shell.sync().returncode == 0
    assert shell.state() == [GOOD]


@pytest.mark.parametrize("kilobytes", [260, 400, 700])
def test_a_disk_that_fills_up_leaves_what_was_there(shell: Shell, kilobytes: int) -> None:
    """No file may grow beyond so much: the ledger, its log or Chroma's files run into it."""
    shell.sync()
    for number in range(400):
        (shell.folder / f"{number:03}.md").write_text(f"# Document {number}\n\nIt speaks of thing {number}.")
    done = shell.sync(room=kilobytes * 1024)
    says_in_one_line(done, "room")
    assert GOOD in shell.state()
    after = shell.sync()
    assert after.returncode == 0, after.stderr
    assert len(shell.state()) == 401
    assert {row[1] for row in shell.state()} == {"live"}


def test_an_empty_folder_withdraws_nothing(shell: Shell) -> None:
    shell.sync()
    (shell.folder / "good.md").unlink()
    says_in_one_line(shell.sync(), "Nothing was withdrawn")
    assert shell.state() == [GOOD]


def test_a_foreign_folder_withdraws_nothing(shell: Shell, tmp_path: Path) -> None:
    shell.sync()
    other = tmp_path / "other"
    other.mkdir()
    (other / "b.md").write_text("# Other\n\nSomething else.")
    says_in_one_line(shell.run("sync", str(other)), "This store holds the documents of", "--data")
    assert shell.state() == [GOOD]


def test_a_data_folder_that_cannot_be_made(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = Shell(shell.folder, tmp_path / "file" / "data").sync()
    says_in_one_line(done, "file")


def test_a_database_full_of_rubbish_is_not_touched(shell: Shell) -> None:
    shell.data.mkdir()
    (shell.data / "vouch.db").write_bytes(b"rubbish" * 2000)
    says_in_one_line(shell.sync(), "is damaged", "conversations")
    assert (shell.data / "vouch.db").read_bytes() == b"rubbish" * 2000


def test_a_preview_shows_what_a_sync_would_do_and_does_nothing(shell: Shell, tmp_path: Path) -> None:
    shell.sync()
    (shell.folder / "good.md").write_text("# Delivery\n\nParcels arrive in five days.")
    asked, report = tmp_path / "asked.txt", tmp_path / "report.json"
    asked.write_text("When do parcels arrive?")
    done = shell.run("preview", "--questions", str(asked), "--json", str(report))
    assert done.returncode == 0, done.stderr
    assert "1 changed; passages +0 ~1 -0" in done.stdout
    assert "Answers: 1 change, 0 stay as they are" in done.stdout
    assert json.loads(report.read_text())["answers"]["changed"][0]["after"]["text"] == "Parcels arrive in five days."
    assert shell.state() == [GOOD]
    says_in_one_line(shell.run("preview", "bad.md"), "no document 'bad.md'", "'good.md'")
    assert list(shell.data.glob(".rehearsal-*")) == []
