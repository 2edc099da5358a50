"""Staff accounts: who gets in, for how long, and what the database gives away."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from desk.staff import FIRST, AccountError, NotAdmitted, Staff
from desk.tries import TooManyTries
from rag.config_people import Staff as Settings

GOOD = "correct horse 1"
CHEAP = 64  # KiB; the hashes of tests need not be strong


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 9, 0)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def staff(engine: Engine, clock: Clock) -> Staff:
    made = Staff(engine, Settings(tries=3, tries_address=6, tries_account=8), clock, CHEAP)
    made.add("root", GOOD, ["admin"])
    made.add("emma", GOOD, ["agent", "editor"])
    return made


def test_a_log_in_lasts_as_long_as_set(staff: Staff, clock: Clock) -> None:
    token = staff.log_in("emma", GOOD, "10.0.0.1")
    found = staff.who(token)
    assert found
    assert (found.name, found.roles) == ("emma", {"agent", "editor"})
    clock.now += timedelta(hours=11, minutes=59)
    assert staff.who(token)
    clock.now += timedelta(minutes=1)
    assert staff.who(token) is None


def test_logging_out_ends_this_session_and_no_other(staff: Staff) -> None:
    first, second = (staff.log_in("emma", GOOD, "10.0.0.1") for _ in range(2))
    staff.log_out(first)
    assert staff.who(first) is None
    assert staff.who(second)


def test_changing_an_account_ends_its_sessions(staff: Staff, engine: Engine) -> None:
    staff = Staff(engine, Settings(), memory_kib=CHEAP)  # with more tries than the test needs
    for change in (
        lambda: staff.set_password("emma", "another horse 2"),
        lambda: staff.set_roles("emma", ["agent"]),
        lambda: staff.set_active("emma", False),
    ):
        staff.set_password("emma", GOOD)
        token, other = staff.log_in("emma", GOOD, "10.0.0.1"), staff.log_in("root", GOOD, "10.0.0.1")
        change()
        assert staff.who(token) is None
        assert staff.who(other)
    with pytest.raises(NotAdmitted):
        staff.log_in("emma", GOOD, "10.0.0.1")


@pytest.mark.parametrize("token", ["", "x", "ü" * 500, "\ud800", "a" * 43])
def test_no_other_text_is_a_session(staff: Staff, token: str) -> None:
    staff.log_in("emma", GOOD, "10.0.0.1")
    assert staff.who(token) is None


def test_the_same_word_for_every_reason(staff: Staff) -> None:
    staff.set_active("emma", False)
    for name, password in (("emma", GOOD), ("root", "wrong password"), ("nobody", GOOD), ("root", "x" * 100_000)):
        with pytest.raises(NotAdmitted, match=r"^The name or the password is not right\.$"):
            staff.log_in(name, password, f"10.0.0.{len(password) % 200}")


def test_the_same_password_however_it_is_typed(staff: Staff) -> None:
    staff.set_password("emma", "Caf\u00e9 au lait")
    assert staff.log_in("emma", "Cafe\u0301 au lait", "10.0.0.1")


def test_tries_from_one_address_end(staff: Staff) -> None:
    for _ in range(3):
        with pytest.raises(NotAdmitted):
            staff.log_in("emma", "wrong password", "10.0.0.1")
    with pytest.raises(TooManyTries, match="15 minutes"):
        staff.log_in("emma", GOOD, "10.0.0.1")  # right, but too late
    assert staff.log_in("emma", GOOD, "10.0.0.2"), "an attacker elsewhere must not lock the owner out"


def test_an_address_cannot_try_every_account(staff: Staff) -> None:
    outcomes = [outcome(staff, f"name{number}", f"2001:db8::{number:x}") for number in range(20)]  # one /64
    assert outcomes == [NotAdmitted] * 6 + [TooManyTries] * 14


def test_who_goes_on_against_one_account_does_not_lock_out_the_others_at_the_address(staff: Staff) -> None:
    outcomes = [outcome(staff, "root", "10.0.0.1") for _ in range(20)]
    assert outcomes == [NotAdmitted] * 3 + [TooManyTries] * 17
    assert staff.log_in("emma", GOOD, "10.0.0.1")


def test_many_addresses_cannot_try_one_account(staff: Staff) -> None:
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda number: outcome(staff, "emma", f"10.0.1.{number}"), range(40)))
    assert outcomes.count(NotAdmitted) == 8
    assert outcomes.count(TooManyTries) == 32


def test_who_gets_in_may_mistype_again(staff: Staff) -> None:
    for _ in range(2):
        assert outcome(staff, "emma", "10.0.0.1") is NotAdmitted
        assert outcome(staff, "emma", "10.0.0.1") is NotAdmitted
        assert staff.log_in("emma", GOOD, "10.0.0.1")


def outcome(staff: Staff, name: str, address: str) -> type[Exception]:
    with pytest.raises((NotAdmitted, TooManyTries)) as caught:
        staff.log_in(name, "wrong password", address)
    return caught.type


def test_the_first_administrator_is_made_once(engine: Engine) -> None:
    staff = Staff(engine, Settings(), memory_kib=CHEAP)
    password = staff.first_admin()
    assert len(password) == 19
    assert staff.log_in(FIRST, password, "10.0.0.1")
    assert staff.first_admin() == ""
    assert [each.name for each in staff.accounts()] == [FIRST]


def test_there_is_always_an_administrator(staff: Staff) -> None:
    for change in (lambda: staff.set_active("root", False), lambda: staff.set_roles("root", ["agent"])):
        with pytest.raises(AccountError, match="last administrator"):
            change()
    assert "admin" in next(each.roles for each in staff.accounts() if each.name == "root")
    staff.set_roles("emma", ["admin"])
    staff.set_active("root", False)


@pytest.mark.parametrize(
    ("name", "password", "roles", "said"),
    [
        ("emma", GOOD, ["agent"], "already"),
        ("Emma Jones", GOOD, ["agent"], "no account name"),
        ("", GOOD, ["agent"], "no account name"),
        ("lena", "short", ["agent"], "10 to 200 characters"),
        ("lena", "x" * 201, ["agent"], "10 to 200 characters"),
        ("lena", GOOD, [], "needs a role"),
        ("lena", GOOD, ["agent", "boss"], "no role 'boss'"),
    ],
)
def test_an_account_that_cannot_be(staff: Staff, name: str, password: str, roles: list[str], said: str) -> None:
    with pytest.raises(AccountError, match=said):
        staff.add(name, password, roles)
    assert [each.name for each in staff.accounts()] == ["emma", "root"]


def test_an_account_that_is_not_there(staff: Staff) -> None:
    with pytest.raises(AccountError, match="no account 'lena'"):
        staff.set_active("lena", False)


def test_the_database_holds_neither_passwords_nor_tokens(staff: Staff, engine: Engine, tmp_path: Path) -> None:
    token = staff.log_in("emma", GOOD, "10.0.0.1")
    engine.dispose()
    with sqlite3.connect(tmp_path / "vouch.db") as connection:
        rows = str([*connection.execute("SELECT * FROM staff"), *connection.execute("SELECT * FROM staff_sessions")])
    connection.close()
    assert "$argon2id$" in rows
    assert GOOD not in rows
    assert token not in rows
