"""When a person takes over from the assistant: the rules of config.yaml, each with its reason in words for both sides."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from rag.config_base import Section, Share

Words = dict[Literal["en", "zh"], str]


def _words(en: str, zh: str) -> Words:
    return {"en": en, "zh": zh}


class Rule(Section):
    """`reason` is said to the customer and shown to the agent, so it promises nothing and blames nobody."""

    enabled: bool = True
    reason: Words


class AskedForPerson(Rule):
    """The customer says so."""

    enabled: Literal[True] = True  # always honoured
    reason: Words = _words("You would like to talk to a person.", "您希望由人工客服来处理。")


class Anger(Rule):
    """The mood of the conversation at its newest message."""

    above: Share = 0.35  # of the mood's anger
    declined_above: Share = 0.12  # of it, where the assistant would have to decline: it has nothing else to offer
    risk_above: Share = 0.75  # of its risk, where frustration shows as well
    reason: Words = _words(
        "I am sorry that this has gone so wrong. It is something a person should look at, not an automatic assistant.",
        "很抱歉给您带来这么糟糕的体验。这件事应该由人工客服来看，而不是自动助手。",
    )


class Repeated(Rule):
    """Asking again, or failing again."""

    times: Annotated[int, Field(ge=1)] = 2  # messages that ask the same again, or say that the answer did not help
    declines: Annotated[int, Field(ge=2)] = 3  # questions on end that were declined, the newest among them
    reason: Words = _words(
        "You have asked this more than once and I have not been able to help. A person can do that better.",
        "您已经不止一次提出这个问题，而我没能帮上忙。人工客服更能帮到您。",
    )


class Safety(Rule):
    """Smoke, shocks, swollen batteries, injuries (rag/topics.py)."""

    reason: Words = _words(
        "This is about somebody's safety, so a person has to look at it. In an emergency, call the emergency services first.",
        "这关系到人身安全，必须由人工客服来看。如遇紧急情况，请先拨打急救或火警电话。",
    )


class Legal(Rule):
    """Lawyers, courts, authorities are announced."""

    reason: Words = _words(
        "You mention lawyers, courts or authorities. That is for a person to deal with, not for an automatic assistant.",
        "您提到了律师、法院或监管部门，这类事情需要人工客服处理，不能由自动助手回答。",
    )


class PaymentDispute(Rule):
    """Charged wrongly, or money that is gone."""

    reason: Words = _words(
        "Something about a payment seems to be wrong. I cannot see payments; a person can check it.",
        "这笔款项似乎有问题。我看不到付款记录，需要人工客服核对。",
    )


class Cancellation(Rule):
    """A customer leaves; not: how to cancel an order."""

    reason: Words = _words(
        "I am sorry that you want to leave us. That is a matter for a person.",
        "很遗憾您打算离开，这件事需要由人工客服来处理。",
    )


class LowConfidence(Rule):
    """A decline that was far from an answer."""

    enabled: bool = False
    below: Share = 0.15  # confidence of a declined question
    reason: Words = _words(
        "Our documents say nothing reliable about this. A person may know.",
        "我们的资料里没有这方面的可靠答案，人工客服也许知道。",
    )


class Vip(Rule):
    """A decline, to a customer of one of these tiers."""

    tiers: tuple[str, ...] = ("vip",)
    reason: Words = _words(
        "I could not find a reliable answer, and you need not look further yourself: a person can take it up.",
        "我没有找到可靠的答案，您不必再自己查找，可以由人工客服来处理。",
    )


class OpenComplaint(Rule):
    """A decline, to a customer whose complaint is open."""

    reason: Words = _words(
        "You have a complaint open with us and I could not help with this. A person can look at both together.",
        "您有一件投诉正在处理，而这个问题我没能帮上忙。人工客服可以一并处理。",
    )


class Rules(Section):
    """By name, in the order in which they are tried."""

    asked_for_person: AskedForPerson = AskedForPerson()
    safety: Safety = Safety()
    legal: Legal = Legal()
    payment_dispute: PaymentDispute = PaymentDispute()
    cancellation: Cancellation = Cancellation()
    repeated: Repeated = Repeated()
    anger: Anger = Anger()
    vip: Vip = Vip()
    open_complaint: OpenComplaint = OpenComplaint()
    low_confidence: LowConfidence = LowConfidence()


class Escalation(Section):
    """When a person takes over."""

    rules: Rules = Rules()
