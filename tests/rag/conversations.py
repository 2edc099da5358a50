"""How well questions of the demo company are understood: conversations, and questions that need one back.

`python -m tests.rag.conversations` measures. Every second case was looked at while the rules were made, the others
were not.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from backends import build
from backends.database import open_database
from ingest.knowledge import Knowledge
from ingest.pipeline import Pipeline
from ingest.store import Store
from rag.assistant import Assistant, final
from rag.config import ROOT, Ingest, load
from rag.types import Outcome, Turn
from tests.doubles.shelf import parse

# Turns of the customer, the last of which is asked; the documents any of which may come first.
CONVERSATIONS: list[tuple[list[str], set[str]]] = [
    (
        ["How often do I change the filter of the AirPure 300S?", "And how do I reset it?"],
        {"faq/air-purifiers.md", "products/airpure-300s-manual.pdf"},
    ),
    (
        ["How often do I change the filter of the AirPure 300S?", "What about the 300?"],
        {"faq/air-purifiers.md", "faq/general.csv", "products/airpure-300-manual.pdf", "products/airpure-300-spec.md"},
    ),
    (
        ["I have an AirPure 300", "How do I turn on the child lock?"],
        {"products/airpure-300-manual.pdf", "products/airpure-300-spec.md", "safety/hot-water-and-child-lock.md"},
    ),
    (
        ["I have a Sweep R2 Pro", "Is there a child lock?"],
        {"faq/robot-vacuums.md", "products/sweep-r2-pro-spec.html", "safety/hot-water-and-child-lock.md"},
    ),
    (
        ["How loud is the 300S?", "And how big a room is it for?"],
        {"faq/air-purifiers.md", "products/airpure-300s-spec.md"},
    ),
    (
        ["How loud is the 300S?", "How do I descale my Brew One?"],
        {"how-to/descale-brew-one.md", "products/brew-one-manual.pdf"},
    ),
    (
        ["How loud is the 300S?", "How much is shipping to Germany?"],
        {"delivery/delivery-eu.html", "delivery/delivery-rates-2026.xlsx", "faq/orders-and-delivery.md"},
    ),
    (
        ["How do I connect the R2 to wifi?", "Can I pay with PayPal?"],
        {"accounts/payment-methods.md", "faq/orders-and-delivery.md"},
    ),
    (
        ["My Sweep R2 Pro shows P02", "what does P03 mean then?"],
        {"products/sweep-r2-pro-spec.html", "troubleshooting/error-codes.csv"},
    ),
    (
        ["What does E3 on my AirPure 300S mean?", "and E5?"],
        {"products/airpure-300s-manual.pdf", "products/airpure-300s-spec.md", "troubleshooting/error-codes.csv"},
    ),
    (
        ["How much is delivery in the UK?", "And to France?"],
        {"delivery/delivery-eu.html", "delivery/delivery-rates-2026.xlsx"},
    ),
    (["How much is delivery in the UK?", "What about Northern Ireland?"], {"delivery/delivery-uk.md"}),
    (
        ["Can I return something after 20 days?", "Who pays for the return label?"],
        {"faq/general.csv", "policies/returns-2026.md"},
    ),
    (["Can I return something after 20 days?", "What if it's opened?"], {"policies/returns-2026.md"}),
    (
        ["How do I descale my Brew One?", "Can I use vinegar?"],
        {"faq/coffee-and-kettle.html", "how-to/descale-brew-one.md", "products/brew-one-manual.pdf"},
    ),
    (
        ["How do I descale my Brew One?", "how long does that take?"],
        {"faq/coffee-and-kettle.html", "how-to/descale-brew-one.md", "products/brew-one-manual.pdf"},
    ),
    (
        ["My Brew One shows C1", "ok done. And how do I clean the brewing unit?"],
        {"faq/coffee-and-kettle.html", "products/brew-one-manual.pdf", "troubleshooting/brew-one-coffee-quality.md"},
    ),
    (["I own a Lumen L4", "how long does it take to charge?"], {"products/lumen-l4-quick-guide.docx"}),
    (["I own a Lumen L4", "how do I factory reset it"], {"products/lumen-l4-quick-guide.docx"}),
    (
        ["How do I update the firmware of the R2 Pro?", "what's the newest version"],
        {"how-to/firmware-release-notes.txt", "how-to/update-firmware.md"},
    ),
    (["What is the warranty on the kettle K1?", "How do I reset my password?"], {"accounts/sign-in-and-password.md"}),
    (
        ["What is the warranty on the kettle K1?", "Is it part of the recall?"],
        {"products/kettle-k1-spec.md", "safety/recall-k1-2025.pdf"},
    ),
    (["Does the R2 Pro climb thresholds?", "and the R2?"], {"faq/robot-vacuums.md", "products/sweep-r2-spec.html"}),
    (
        ["My robot does not charge", "It's a Sweep R2", "how much is a new battery?"],
        {"spare-parts/ordering-parts.md", "spare-parts/spare-parts.csv"},
    ),
    (
        ["How do I clean the Sweep R2?", "thanks", "how often do I replace the mop cloth?"],
        {"faq/robot-vacuums.md", "how-to/clean-sweep-robot.md"},
    ),
    (["Where is the serial number of the 300S?", "Do you recycle old appliances?"], {"policies/uk-recycling.md"}),
    (["AirPure 300S 多大房间用？", "噪音呢？"], {"faq/air-purifiers.zh.md", "products/airpure-300s-spec.zh.md"}),
    (["AirPure 300S 多大房间用？", "300 呢？"], {"faq/air-purifiers.zh.md", "products/airpure-300-spec.zh.md"}),
    (
        ["我买的是 300S", "滤芯怎么复位？"],
        {"faq/air-purifiers.zh.md", "how-to/replace-filter-airpure.zh.md", "products/airpure-300s-spec.zh.md"},
    ),
    (
        ["我买的是 R2 Pro", "怎么设置禁区？"],
        {"faq/robot-vacuums.zh.md", "products/sweep-comparison.zh.html", "products/sweep-r2-pro-manual.zh.pdf"},
    ),
    (["我买的是 R2 Pro", "退货运费谁出？"], {"faq/general.zh.csv", "policies/returns-2026.zh.md"}),
    (["怎么给 Brew One 除垢？", "可以用醋吗？"], {"how-to/descale-brew-one.zh.md", "products/brew-one.zh.md"}),
    (["怎么给 Brew One 除垢？", "那 K1 呢？"], {"how-to/descale-k1.zh.md"}),
    (
        ["加湿器有白粉怎么办", "多久清洗一次？"],
        {"products/mist-m2-guide.zh.docx", "troubleshooting/humidifier-white-dust.zh.md"},
    ),
    (
        ["300S 显示 E3 是什么意思", "那 E5 呢"],
        {"products/airpure-300s-spec.zh.md", "troubleshooting/error-codes.zh.xlsx"},
    ),
    (["发货到新疆要几天？", "要加钱吗"], {"delivery/delivery-cn.zh.html"}),
    (["扫地机器人保修期多长？", "怎么注销账号？"], {"accounts/delete-account.zh.md"}),
    (["扫地机器人保修期多长？", "怎么开发票？"], {"accounts/invoice.zh.md", "faq/general.zh.csv"}),
    (["有以旧换新吗？", "R2 Pro 能抵多少？"], {"policies/trade-in-2026.zh.md"}),
    (["我买的是 300S", "在 App 里怎么添加家人？"], {"faq/app-and-wifi.zh.md"}),
]
# The answer differs between products, and none is named.
AMBIGUOUS = [
    "How do I reset the filter light?",
    "how often do i change the filter of my air purifier",
    "How big a room does the purifier cover?",
    "How loud is the air purifier?",
    "How much does the air purifier weigh?",
    "how long is the power cable of the purifier",
    "What does E2 mean?",
    "How long does the robot run on one charge?",
    "How much is the robot vacuum?",
    "How big is the dust box?",
    "What is the suction power of the robot?",
    "How long does the robot take to charge?",
    "how high a threshold can the robot climb",
    "How do I set no-go zones?",
    "How noisy is the robot vacuum",
    "How do I descale it?",
    "How do I turn on the child lock?",
    "How much is the filter for the air purifier?",
    "how do I connect it to wifi",
    "How long is the warranty on the robot?",
    "Which app do I need for the purifier?",
    "Can I control the purifier with my phone?",
    "how do I set the timer on the air purifier",
    "净化器噪音多大",
    "空气净化器适用多大房间",
    "童锁怎么开",
    "扫地机续航多久",
    "净化器滤芯怎么复位",
    "扫地机多少钱",
]
# One product is meant, in whatever spelling, or the answer is the same for all.
CLEAR = [
    "How do I reset the filter light on the 300S?",
    "how often do i change the filter of my airpure300",
    "How big a room does the AirPure 300 cover?",
    "How loud is the 300 S?",
    "What does E2 mean on my humidifier?",
    "what does E02 mean",
    "How much is the R2pro?",
    "How long does the sweep r2 run on one charge",
    "sweap r2 pro suction power",
    "How big is the R2 dust box?",
    "How do I set no-go zones with the R2 Pro?",
    "How do I turn on the child lock of the kettle?",
    "How do I descale the coffee machine?",
    "How do I descale my brew one",
    "how do I descale the kettel K1",
    "Can I return something after 20 days?",
    "How much is shipping to Germany?",
    "How much is delivery in the UK?",
    "How do I reset my password?",
    "How long do you keep my data?",
    "Can I pay with PayPal?",
    "where can i find the serial number",
    "Is my white kettle recalled?",
    "How do I cancel my order?",
    "300S 适用多大房间",
    "加湿器多久清洗一次",
    "咖啡机怎么除垢",
    "r2pro 续航多久",
    "退货运费谁出？",
    "怎么注销账号？",
]


def main() -> None:
    """Print, for each half, how often the right document comes first and how often the assistant asks back."""
    settings = load()
    embedder = build.embedder(settings)
    with tempfile.TemporaryDirectory() as base:
        store = Store(open_database(Path(base)), embedder, Path(base), *build.memory_index())
        list(Pipeline(store, parse, build.token_counter(), Ingest()).sync(ROOT / "knowledge")[1])
        chosen = settings.retrieval
        knowledge = Knowledge(
            store.engine, store.index, embedder.dimensions, chosen.keyword_candidates, chosen.vector_candidates
        )
        assistant = Assistant(knowledge, embedder, [], build.token_counter(), settings)
        for half, name in enumerate(("looked at", "not looked at")):
            print(f"{name}: {report(assistant, half)}")
        store.close()


def report(assistant: Assistant, half: int) -> dict[str, str]:
    """Figures of every second case, from `half` on."""

    def outcome(text: str) -> Outcome:
        return final(assistant.reply([Turn("customer", text)])).decision.outcome

    mine = CONVERSATIONS[half::2]
    first = sum(_first(assistant, said) in right for said, right in mine)
    figures = {"right document first": f"{first} of {len(mine)}"}
    for kind, texts in (("ambiguous", AMBIGUOUS[half::2]), ("clear", CLEAR[half::2])):
        figures[f"{kind}, asked back"] = f"{[outcome(text) for text in texts].count('clarify')} of {len(texts)}"
    return figures


def _first(assistant: Assistant, said: list[str]) -> str:
    """The document whose passage was found first."""
    trace = {step.name: step.detail for step in final(assistant.reply([Turn("customer", text) for text in said])).trace}
    hits = trace["retrieve"]["hits"]
    assert isinstance(hits, list)
    return str(hits[0]["source"]) if hits else ""


if __name__ == "__main__":
    main()
