"""python app.py: bring the documents in, then serve the customers' page. Puts the parts together; rules live in them."""

from __future__ import annotations

import importlib
import threading
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from rag.cli import DataOption, new_app, run
from rag.config import Settings, load

app = new_app("Serve the customers' page.")
console = Console()


@app.command()
def serve(
    data: DataOption = None,
    port: Annotated[int | None, typer.Option(help="Default: server.port of config.yaml.", min=0, max=65535)] = None,
    sync: Annotated[bool, typer.Option("--sync/--no-sync", help="Bring paths.knowledge in first.")] = True,
) -> None:
    """Serve the customers' page."""
    settings = load(data=data)
    if port is not None:
        settings = settings.model_copy(update={"server": settings.server.model_copy(update={"port": port})})
    # Half of a start is importing Gradio: done beside the opening of the store.
    loading = threading.Thread(target=importlib.import_module, args=("ui.site",), daemon=True)
    loading.start()
    _serve(settings, sync, loading)


def _serve(settings: Settings, sync: bool, loading: threading.Thread) -> None:
    from ui.server import check_knowledge, listener, serve_site

    if sync:
        check_knowledge(settings.paths.knowledge)
    with listener(settings.server) as socket:
        parts = _open(settings, sync)
        loading.join()
        from ui.site import site

        serve_site(site(*parts), socket, console.print)


if __name__ == "__main__":
    run(app)
