"""Starting: what cannot work is said in one line, before anything slow; what runs can be asked and is closed."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.e2e.server import ROOT, Server, environment, make_home
from tests.ingest.following import wait_for

pytestmark = pytest.mark.slow


def refused(home: Path, *options: str) -> str:
    """The one line with which app.py gives up."""
    command = [sys.executable, "app.py", "--data", str(home / "data"), *options]
    done = subprocess.run(command, cwd=ROOT, env=environment(home), capture_output=True, text=True, timeout=60)
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    (line,) = done.stderr.strip().splitlines()
    return line


def test_a_port_in_use(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert f"Port {port} on 127.0.0.1 is in use" in refused(home, "--port", str(port))


def test_a_missing_knowledge_folder(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    (home / "knowledge").rename(home / "elsewhere")
    assert "knowledge folder" in refused(home, "--port", "0")


def test_an_unknown_setting(tmp_path: Path) -> None:
    home = make_home(tmp_path)
    (home / "config.yaml").write_text("server:\n  prot: 1\n")
    assert "Did you mean 'port'?" in refused(home, "--port", "0")


def test_a_store_in_use_and_what_a_running_server_answers(tmp_path: Path) -> None:
    server = Server(make_home(tmp_path)).start()
    try:
        assert "in use by 'app.py'" in refused(server.home, "--port", "0")
        check_answers(server.url)
        check_follows(server)
    finally:
        assert server.stop() == 130


def check_answers(url: str) -> None:
    with httpx.Client(base_url=url) as client:
        assert client.get("/healthz").text == "ok"
        check_headers(client.get("/"))
        for path in ("/config", "/info", "/gradio_api/info", "/gradio_api/openapi.json", "/gradio_api/file=app.py",
                     "/gradio_api/proxy=http://127.0.0.1/", "/monitoring", "/docs", "/openapi.json", "/manifest.json",
                     "/static/../app.py", "/vouch/x/chat.js", "/page/1/1.png", "/page/1/0.png"):  # fmt: skip
            assert client.get(path).status_code == 404, path
        for path in (
            "/gradio_api/upload",
            "/gradio_api/call/ask",
            "/gradio_api/api/ask",
            "/gradio_api/component_server",
        ):
            assert client.post(path, json={}).status_code == 404, path
        assert client.post("/gradio_api/queue/join", content=b"x" * 70_000).status_code == 413


def check_follows(server: Server) -> None:
    """A saved file goes live, and `ingest sync` is handed over."""
    (server.home / "knowledge" / "parcels.txt").write_text("Parcels arrive in two days.")
    wait_for(lambda: "published parcels.txt\n" in server.output)
    command = [sys.executable, "-m", "ingest", "sync", "--data", str(server.home / "data")]
    done = subprocess.run(command, cwd=ROOT, env=environment(server.home), capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert "in use by 'app.py'" in done.stdout
    assert done.stdout.endswith("\n7 unchanged\n")


def check_headers(page: httpx.Response) -> None:
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    scripts = policy.split("script-src ")[1].split(";")[0]
    assert "unsafe-inline" not in scripts
    assert "http" not in scripts
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "HttpOnly" in page.headers["set-cookie"]
    assert "https://" not in page.text
