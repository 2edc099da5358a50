"""The assistant's own words: greetings, refusals, offers. Everything else it says comes from documents."""

from __future__ import annotations

from rag.types import AnswerSentence, Decision, Language, Query

PHRASES: dict[str, dict[Language, str]] = {
    "greeting": {
        "en": "Hello! What can I help you with? Ask me about products, orders, returns or anything else we sell.",
        "zh": "您好！请问有什么可以帮您？产品、订单、退换货等问题都可以问我。",
    },
    "thanks": {
        "en": "You are welcome. If anything else comes up, just ask.",
        "zh": "不客气。如果还有其他问题，随时问我。",
    },
    "empty": {
        "en": "I did not see a question in that. Could you put it in words?",
        "zh": "我没有看到问题，请用文字描述一下好吗？",
    },
    "decline": {
        "en": "I could not find a reliable answer to that in our documents. I would rather not guess. "
        "You can put it another way, or talk to a person.",
        "zh": "我在资料中没有找到可靠的答案，不想随意猜测。您可以换一种说法再问，或者转给人工客服。",
    },
    "hand_off": {
        "en": "You would like to talk to a person.",
        "zh": "您希望由人工客服来处理。",
    },
    "model_failed": {
        "en": "The writing model was out of reach; these are the sentences from our documents as they stand.",
        "zh": "写作模型暂时无法使用，以下是资料中的原文。",
    },
    "model_unproven": {
        "en": "What the writing model wrote could not be proven; these are the sentences from our documents as they stand.",
        "zh": "写作模型写出的内容无法得到资料证实，以下是资料中的原文。",
    },
    "other_language": {
        "en": "This is only available in Chinese.",
        "zh": "这部分资料目前只有英文版。",
    },
}


def phrase(name: str, language: Language) -> str:
    """The phrase in a language."""
    return PHRASES[name][language]


def own_words(decision: Decision, query: Query) -> tuple[AnswerSentence, ...]:
    """What the assistant says when it does not answer from documents."""
    name = query.wish if decision.outcome == "small_talk" else decision.outcome
    return (AnswerSentence(phrase(name, query.language)),)
