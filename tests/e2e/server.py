"""A real server on a free port, over a small knowledge folder made for it."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path
from queue import Empty, Queue

import yaml
from reportlab.pdfgen import canvas

from rag.config import load

ROOT = Path(__file__).parents[2]
READY = re.compile(r"Vouch is ready: (http://\S+)")
PATIENCE = 90  # seconds; a machine under load is slow
ATTACK = "<script>alert('document')</script><img src=http://outside.example/x.png onerror=alert(2)>"


TWINS = {  # one product each, in the same words
    "sweep-r2.md": "---\nproduct: Sweep R2\n---\n# Sweep R2\n\n## Dust box\n\nThe dust box holds 400 ml.\n",
    "sweep-r2-pro.md": "---\nproduct: Sweep R2 Pro\n---\n# Sweep R2 Pro\n\n## Dust box\n\nThe dust box holds 350 ml.\n",
}


def make_knowledge(folder: Path) -> None:
    """A PDF, Markdown with a list and a table, twins, a Chinese text, and a text that attacks the page."""
    folder.mkdir()
    pdf = canvas.Canvas(str(folder / "warranty.pdf"), pagesize=(420, 300))
    pdf.setTitle("Warranty terms")
    for line, text in enumerate(
        (
            "The warranty on the AirPure 300 lasts 24 months from delivery.",
            "It covers defects in material and workmanship.",
            "Filters are wearing parts and are not covered by the warranty.",
        )
    ):
        pdf.drawString(30, 250 - 20 * line, text)
    pdf.save()
    (folder / "delivery.md").write_text(
        "# Delivery\n\n## Charges by country\n\n| Country | Charge |\n|---|---|\n| Germany | €4.95 |\n| France | €6.95 |\n\n"
        "## How to prepare a parcel for return\n\nTo prepare a parcel for return:\n\n"
        "1. Print the return label.\n2. Close the parcel with tape.\n3. Stick the label on the parcel.\n"
    )
    for name, text in TWINS.items():
        (folder / name).write_text(text)
    (folder / "baoxiu.zh.md").write_text("# 保修条款\n\n## 保修期\n\n空气净化器的保修期为两年，自签收之日起计算。\n")
    (folder / "kettle.txt").write_text(f"Kettle care\n\nRinse the kettle with lemon juice {ATTACK} every month.\n")


class Server:
    """One process of app.py."""

    def __init__(self, home: Path, port: int = 0) -> None:
        self.home = home
        self._port = port
        self.url = ""
        self._lines: Queue[str] = Queue()
        self.output: list[str] = []

    def start(self) -> Server:
        """Start it and wait until it says that it answers."""
        command = [sys.executable, "app.py", "--data", str(self.home / "data"), "--port", str(self._port)]
        self._lines = Queue()
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environment(self.home), text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        while not (ready := READY.search(self._line())):
            pass
        self.url = ready[1]
        self._port = int(self.url.rsplit(":", 1)[1])
        return self

    def stop(self, with_signal: signal.Signals = signal.SIGINT) -> int:
        """End it; its exit code."""
        self.process.send_signal(with_signal)
        code = self.process.wait(30)
        self._reader.join(10)
        if self.process.stdout:
            self.process.stdout.close()
        return code

    def _read(self) -> None:
        for line in self.process.stdout or ():
            self.output.append(line)
            self._lines.put(line)
        self._lines.put("")

    def _line(self) -> str:
        try:
            line = self._lines.get(timeout=PATIENCE)
        except Empty:
            line = ""
        assert line, f"The server did not come up: {''.join(self.output)}"
        return line


def make_home(folder: Path) -> Path:
    """A folder with knowledge and a configuration of its own."""
    folder.mkdir(exist_ok=True)
    make_knowledge(folder / "knowledge")
    suggestions = {"en": ["How long is the warranty on the AirPure 300?"], "zh": ["保修期多久？"]}
    settings = {"server": {"company": "Tiny & Co", "suggestions": suggestions}, "ingest": {"workers": 1}}
    (folder / "config.yaml").write_text(yaml.safe_dump(settings, allow_unicode=True))
    return folder


def environment(home: Path) -> dict[str, str]:
    """What app.py sees."""
    models = str(load(ROOT / "config.yaml").paths.models)
    return {**os.environ, "VOUCH_CONFIG": str(home / "config.yaml"), "VOUCH_MODELS": models, "VOUCH_DATA": ""}
