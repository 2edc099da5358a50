"""Tokens of the company's site: what is accepted, and all that is not."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.tokens import Identity, TokenRefused, issue, verify

SECRET, AUDIENCE, NOW = "s" * 40, "vouch-chat", 1_800_000_000
ANNA = Identity("C-1001", "Anna 安娜", NOW, NOW + 600)
TOKEN = issue(SECRET, AUDIENCE, ANNA)


def encoded(part: object) -> str:
    raw = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def signed(header: object, claims: object, secret: str = SECRET) -> str:
    """A token as another library would make it."""
    text = f"{encoded(header)}.{encoded(claims)}"
    return f"{text}.{encoded(hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest())}"


HEADER = {"alg": "HS256", "typ": "JWT"}
CLAIMS = {"sub": "C-1001", "aud": AUDIENCE, "iat": NOW, "exp": NOW + 600}


def test_a_token_says_who_it_is_for_as_long_as_it_is_valid() -> None:
    assert verify(TOKEN, SECRET, AUDIENCE, NOW) == ANNA
    assert verify(TOKEN, SECRET, AUDIENCE, NOW + 599) == ANNA
    assert verify(signed(HEADER, CLAIMS), SECRET, AUDIENCE, NOW).customer == "C-1001"


@pytest.mark.parametrize(
    ("token", "why"),
    [
        ("", "no token"),
        ("a.b", "no token"),
        ("x" * 3000, "no token"),
        (TOKEN[:-1], "signature"),
        (TOKEN.replace(".", ".x", 1), "signature"),
        (signed(HEADER, CLAIMS, "x" * 40), "signature"),
        (f"{encoded({'alg': 'none'})}.{encoded(CLAIMS)}.", "signature"),
        (signed({"alg": "none"}, CLAIMS), "HS256"),
        (signed({"alg": "HS512"}, CLAIMS), "HS256"),
        (signed(HEADER, {**CLAIMS, "aud": "newsletter"}), "another purpose"),
        (signed(HEADER, {**CLAIMS, "aud": None}), "another purpose"),
        (signed(HEADER, {**CLAIMS, "exp": NOW}), "expired"),
        (signed(HEADER, {**CLAIMS, "iat": NOW + 3600, "exp": NOW + 7200}), "future"),
        (signed(HEADER, {**CLAIMS, "exp": None}), "until when"),
        (signed(HEADER, {**CLAIMS, "exp": True}), "until when"),
        (signed(HEADER, {**CLAIMS, "exp": float("inf")}), "until when"),
        (signed(HEADER, {**CLAIMS, "sub": ""}), "no customer"),
        (signed(HEADER, {**CLAIMS, "sub": "a b"}), "no customer"),
        (signed(HEADER, {**CLAIMS, "sub": ".."}), "no customer"),
        (signed(HEADER, {**CLAIMS, "sub": ["C-1001"]}), "no customer"),
        (signed(HEADER, [CLAIMS]), "cannot be read"),
        (signed(HEADER, b"\xff"), "cannot be read"),
        (signed(HEADER, b"[" * 1000), "cannot be read"),
    ],
)
def test_what_is_not_whole_ours_for_this_and_valid_now_is_refused(token: str, why: str) -> None:
    with pytest.raises(TokenRefused, match=why) as refused:
        verify(token, SECRET, AUDIENCE, NOW)
    assert "1001" not in str(refused.value)


@given(st.text(max_size=60), st.integers(0, len(TOKEN)))
def test_no_text_and_no_altered_token_is_accepted(text: str, place: int) -> None:
    for bad in (text, TOKEN[:place] + text + TOKEN[place:]):
        if bad != TOKEN:
            with pytest.raises(TokenRefused):
                verify(bad, SECRET, AUDIENCE, NOW)


@pytest.mark.parametrize("customer", ["", "a b", "..", "x" * 65, "a/b", "a\nb", "顾客"])
def test_an_id_that_no_token_may_carry_is_not_issued(customer: str) -> None:
    with pytest.raises(TokenRefused, match="at most 64"):
        issue(SECRET, AUDIENCE, Identity(customer, "", NOW, NOW + 1))
