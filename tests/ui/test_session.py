"""The visitor cookie: ours or nobody's."""

from __future__ import annotations

import stat
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import URLSafeSerializer

from desk.secret import read_secret
from rag.errors import StoreError
from ui.session import COOKIE, Sessions

SESSIONS = Sessions("s" * 43)


def value_of(cookie: str) -> str:
    return SimpleCookie(cookie)[COOKIE].value


def test_a_cookie_of_ours_names_its_visitor() -> None:
    first, second = (value_of(SESSIONS.new_cookie(secure=False)) for _ in range(2))
    visitor = SESSIONS.visitor({COOKIE: first})
    assert visitor
    assert visitor == Sessions("s" * 43).visitor({COOKIE: first})
    assert visitor != SESSIONS.visitor({COOKIE: second})


def test_the_cookie_is_kept_from_scripts_and_other_sites() -> None:
    flags = SESSIONS.new_cookie(secure=True)
    for flag in ("HttpOnly", "SameSite=Lax", "Path=/", "Secure"):
        assert flag in flags
    assert "Secure" not in SESSIONS.new_cookie(secure=False)


def test_forged_and_tampered_cookies_name_nobody() -> None:
    good = value_of(SESSIONS.new_cookie(secure=False))
    payload, signature = good.rsplit(".", 1)
    forged = value_of(Sessions("x" * 43).new_cookie(secure=False))
    other_use = URLSafeSerializer("s" * 43, salt="another use").dumps("anna")
    not_text = URLSafeSerializer("s" * 43, salt="vouch.visitor").dumps(["anna"])
    for bad in ("", "anna", payload, f"{payload}x.{signature}", f"{payload}.{signature}x", forged, other_use, not_text):
        assert SESSIONS.visitor({COOKIE: bad}) is None
    assert SESSIONS.visitor({}) is None


@given(st.text(max_size=200))
def test_no_text_is_a_visitor(text: str) -> None:
    assert SESSIONS.visitor({COOKIE: text}) is None


def test_the_secret_is_made_once_and_is_private(tmp_path: Path) -> None:
    secret = read_secret(tmp_path)
    assert len(secret) >= 43
    assert read_secret(tmp_path) == secret
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == ["secret"]


def test_an_unusable_secret_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("short")
    with pytest.raises(StoreError, match="Remove it"):
        read_secret(tmp_path)
    (tmp_path / "secret").write_bytes(b"\xff" * 50)
    with pytest.raises(StoreError, match="Check its rights"):
        read_secret(tmp_path)
