"""Customers' records: CSV in, one customer at a time out; and whatever is wrong in a file is told with its line."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine

from desk.directory_csv import COLUMNS, NotImported, import_files
from desk.directory_demo import DEMO, DemoDirectory, demo_customers
from desk.directory_sql import SQLDirectory
from rag.errors import RecordsError
from rag.people import Complaint, Customer, Order, Visit

GOOD = {
    "customers": "id,name,email,phone,language,region,tier,since\nC-1,Anna,anna@example.org,,en,UK,vip,2020-02-29\nC-2,,,,,,,\n",
    "orders": "number,customer,placed_on,status,items,total,carrier,tracking,expected_on,delivered_on\n"
    'A-1,C-1,2026-01-05,delivered,"Kettle; Cup ; ",£9,,,,2026-01-08\n'
    "A-2,C-1,2026-03-01,shipped,,,Parcelway,PW1,2026-03-04,\nA-3,C-2,2026-02-01,packed,,,,,,\n",
    "complaints": "number,customer,opened_on,subject,open\nP-1,C-1,2026-02-02,late,yes\n",
    "visits": "customer,on,what\nC-1,2026-02-01,/returns\nC-1,2026-02-03,/track\n",
}
ANNA = Customer(
    "C-1", "Anna", "anna@example.org", "", "en", "UK", "vip", date(2020, 2, 29),
    orders=(
        Order("A-2", date(2026, 3, 1), "shipped", (), "", "Parcelway", "PW1", date(2026, 3, 4)),
        Order("A-1", date(2026, 1, 5), "delivered", ("Kettle", "Cup"), "£9", delivered_on=date(2026, 1, 8)),
    ),
    complaints=(Complaint("P-1", date(2026, 2, 2), "late", True),),
    visits=(Visit(date(2026, 2, 3), "/track"), Visit(date(2026, 2, 1), "/returns")),
)  # fmt: skip


@pytest.fixture
def directory(engine: Engine) -> SQLDirectory:
    return SQLDirectory(engine)


def folder(tmp_path: Path, **changed: str | bytes) -> Path:
    made = tmp_path / "csv"
    made.mkdir(exist_ok=True)
    for name, text in {**GOOD, **changed}.items():
        (made / f"{name}.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    return made


def complaints_about(directory: SQLDirectory, tmp_path: Path, **changed: str | bytes) -> str:
    with pytest.raises(NotImported) as refused:
        import_files([folder(tmp_path, **changed)], directory)
    assert directory.empty()
    return str(refused.value)


def test_what_is_imported_is_found_with_all_that_is_theirs(directory: SQLDirectory, tmp_path: Path) -> None:
    counts = import_files([folder(tmp_path)], directory)
    assert counts == {"customers": 2, "orders": 3, "complaints": 1, "visits": 2}
    assert directory.customer("C-1") == ANNA
    other = directory.customer("C-2")
    assert other is not None
    assert [each.number for each in other.orders] == ["A-3"]
    for unknown in ("C-3", "", "c-1", "C-1' OR 1=1 --"):
        assert directory.customer(unknown) is None


def test_a_second_import_replaces_what_has_the_same_key_and_leaves_the_rest(
    directory: SQLDirectory, tmp_path: Path
) -> None:
    import_files([folder(tmp_path)], directory)
    file = tmp_path / "csv" / "orders.csv"
    file.write_text("\ufeff" + GOOD["orders"].splitlines()[0] + "\nA-2,C-1,2026-03-01,delivered,,,,,,2026-03-03\n")
    import_files([file], directory)
    found = directory.customer("C-1")
    assert found is not None
    assert [(each.number, each.status) for each in found.orders] == [("A-2", "delivered"), ("A-1", "delivered")]
    assert found.visits == ANNA.visits
    import_files([tmp_path / "csv" / "visits.csv"], directory)


@pytest.mark.parametrize(
    ("table", "text", "said"),
    [
        ("orders", GOOD["orders"].replace("status", "staus"), "orders.csv:1: there is no column 'staus'. Did you mean 'status'?"),
        ("orders", GOOD["orders"].replace("status", "staus"), "orders.csv:1: the column 'status' is missing"),
        ("orders", GOOD["orders"].split("\n", 1)[1], "orders.csv:1: the first line must name the columns: number,customer"),
        ("orders", "", "orders.csv:1: the first line must name the columns"),
        ("visits", GOOD["visits"].replace("what\n", "what,what\n", 1), "visits.csv:1: the column 'what' stands there twice"),
        ("orders", GOOD["orders"].replace("2026-03-01", "01.03.2026"), "orders.csv:3: placed_on: '01.03.2026' is no date; write"),
        ("orders", GOOD["orders"].replace("2026-03-01", "2026-02-30"), "orders.csv:3: placed_on: '2026-02-30' is a day that no"),
        ("orders", GOOD["orders"].replace("2026-03-01", ""), "orders.csv:3: placed_on: '' is no date"),
        ("orders", GOOD["orders"].replace(",shipped", ", "), "orders.csv:3: status: is empty"),
        ("orders", GOOD["orders"].replace("A-2", "A-1"), "orders.csv:3: 'A-1' stands in line 2 already"),
        ("orders", GOOD["orders"].replace("A-3,C-2", "A-3,C-9"), "orders.csv:4: there is no customer 'C-9'"),
        ("orders", GOOD["orders"].replace("A-3,", "A-3,,"), "orders.csv:4: it has 11 cells, but there are 10 columns"),
        ("customers", GOOD["customers"].replace("C-2", "C 2"), "customers.csv:3: id: 'C 2' is no customer's id"),
        ("customers", GOOD["customers"].replace("C-2", "C-1"), "customers.csv:3: 'C-1' stands in line 2 already"),
        ("customers", GOOD["customers"].replace("Anna", "A" * 2001), "customers.csv:2: name: has 2,001 characters"),
        ("complaints", GOOD["complaints"].replace("yes", "maybe"), "complaints.csv:2: open: 'maybe' is neither yes nor no"),
        ("customers", GOOD["customers"].replace("Anna", "Café").encode("latin-1"), "customers.csv: it is not UTF-8. Save it as"),
        ("visits", GOOD["visits"] + 'C-1,2026-01-01,"open', "visits.csv:4: it is not CSV"),
    ],
)  # fmt: skip
def test_whatever_is_wrong_is_told_with_its_line_and_nothing_is_imported(
    directory: SQLDirectory, tmp_path: Path, table: str, text: str | bytes, said: str
) -> None:
    told = complaints_about(directory, tmp_path, **{table: text})
    assert said in told
    assert told.endswith("Nothing was imported. Correct the files and import them again.")


def test_all_that_is_wrong_is_told_at_once_but_not_without_end(directory: SQLDirectory, tmp_path: Path) -> None:
    rows = "".join(f"V-{at},2026-13-01,\n" for at in range(40))
    told = complaints_about(directory, tmp_path, visits="customer,on,what\n" + rows).splitlines()
    assert told[20] == "and 60 more"


def test_what_is_no_such_file_or_folder_is_said(directory: SQLDirectory, tmp_path: Path) -> None:
    for path, said in ((tmp_path, "holds none of"), (tmp_path / "clients.csv", "is none of customers.csv")):
        with pytest.raises(NotImported, match=said):
            import_files([path], directory)
    twice = folder(tmp_path) / "orders.csv"
    with pytest.raises(NotImported, match="given twice"):
        import_files([twice, twice], directory)
    with pytest.raises(NotImported, match="cannot be read"):
        import_files([tmp_path / "orders.csv"], directory)


def test_the_demo_companys_files_are_whole(directory: SQLDirectory) -> None:
    counts = import_files([DEMO], directory)
    assert set(counts) == set(COLUMNS)
    with (DEMO / "customers.csv").open(encoding="utf-8") as opened:
        ids = [row["id"] for row in csv.DictReader(opened)]
    assert len(ids) == counts["customers"]
    assert all(directory.customer(each) for each in ids)


def test_the_demos_customers_are_there_until_a_company_brings_its_own(directory: SQLDirectory, tmp_path: Path) -> None:
    both = DemoDirectory(directory)
    (known, *_) = demo = demo_customers()
    assert both.customer(known) == demo[known]
    assert demo[known].orders
    assert both.customer("C-1") is None
    import_files([folder(tmp_path, customers=GOOD["customers"] + f"{known},Real,,,,,,\n")], directory)
    assert both.customer("C-1") == ANNA
    assert both.customer(known) == Customer(known, "Real")  # the same id, and nothing of the demo's
    assert not any(both.customer(each) for each in demo if each != known)


def test_a_database_that_cannot_be_read_is_an_error_of_the_records(engine: Engine, directory: SQLDirectory) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE customers RENAME TO gone")
    with pytest.raises(RecordsError, match="cannot be read"):
        directory.customer("C-1")
