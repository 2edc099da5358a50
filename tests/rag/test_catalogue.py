"""Which product a customer means, however it is written."""

from __future__ import annotations

import pytest

from rag.catalogue import family, named, specific

PRODUCTS = frozenset(
    {"AirPure", "AirPure 300", "AirPure 300S", "Sweep", "Sweep R2", "Sweep R2 Pro", "Brew One", "Kettle K1"}
)


@pytest.mark.parametrize(
    ("text", "products"),
    [
        ("How loud is the AirPure 300S?", ("AirPure 300S",)),
        ("300s", ("AirPure 300S",)),
        ("my air pure 300 S", ("AirPure 300S",)),
        ("airpure300", ("AirPure 300",)),
        ("airpur 300 filter", ("AirPure 300",)),
        ("我的300S显示E3", ("AirPure 300S",)),
        ("３００Ｓ", ("AirPure 300S",)),
        ("and the 300?", ("AirPure 300",)),
        ("300 呢", ("AirPure 300",)),
        ("R2pro", ("Sweep R2 Pro",)),
        ("r2-pro dock", ("Sweep R2 Pro",)),
        ("the Pro", ("Sweep R2 Pro",)),
        ("sweap r2 pro", ("Sweep R2 Pro",)),
        ("swepe r2", ("Sweep R2",)),
        ("R2 or R2 Pro?", ("Sweep R2", "Sweep R2 Pro")),
        ("brewone", ("Brew One",)),
        ("kettel K1", ("Kettle K1",)),
        ("which one?", ()),
        ("my airpure", ("AirPure",)),
        ("a process for all kettles", ()),
        ("", ()),
    ],
)
def test_names_as_customers_write_them(text: str, products: tuple[str, ...]) -> None:
    assert named(text, PRODUCTS) == products


@pytest.mark.parametrize("text", ["within 300 days", "£300", "300 ml", "300 天", "up to 300", "1,300 W", "300.50"])
def test_an_amount_is_no_product(text: str) -> None:
    assert named(text, PRODUCTS) == ()


def test_digits_are_never_a_slip() -> None:
    assert named("AirPure 400S", PRODUCTS) == ("AirPure",)
    assert named("kettle K2", PRODUCTS) == ()


def test_in_documents_only_what_is_written_counts() -> None:
    assert named("Descale after 300 cups", PRODUCTS, exact=True) == ()
    assert named("sweap r2 pro", PRODUCTS, exact=True) == ("Sweep R2 Pro",)
    assert named("kettel K9", PRODUCTS, exact=True) == ()


def test_families_are_no_products_of_their_own_and_models_are() -> None:
    assert specific(PRODUCTS) == PRODUCTS - {"AirPure", "Sweep"}
    assert family("Sweep R2 Pro") == family("sweep r2") == "sweep"
