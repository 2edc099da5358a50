"""The assistant's own words: greetings, questions back, refusals, offers. Everything else it says comes from documents."""

from __future__ import annotations

from collections.abc import Sequence

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
    "identity": {
        "en": "I am an automatic assistant, not a human. I answer from our published documents and show where each "
        "sentence comes from. If you would rather have a person, just say so.",
        "zh": "我是自动助手，不是真人。我根据公布的资料回答，并标明每句话的出处。如果您想找真人，请直接告诉我。",
    },
    "chat": {
        "en": "I am only an assistant for customer service, so I am no good at small talk. "
        "What would you like to know about our products, orders or returns?",
        "zh": "我只是客服助手，不太会闲聊。关于产品、订单或退换货，您想了解什么？",
    },
    "empty": {
        "en": "I did not see a question in that. Could you put it in words?",
        "zh": "我没有看到问题，请用文字描述一下好吗？",
    },
    "order": {
        "en": "You would like to know about an order of yours. I cannot look into orders. A person can: have the order "
        "number at hand.",
        "zh": "您想了解自己的订单情况。我无法查看订单，人工客服可以帮您查，请准备好订单号。",
    },
    "order_guest": {
        "en": "You would like to know about an order of yours. I can only look into the orders of customers who are "
        "signed in: sign in on our shop and open this chat from there. Or talk to a person: have the order number at "
        "hand, and leave an e-mail address or a phone number if you would like to be reached there.",
        "zh": "您想了解自己的订单情况。我只能为已登录的客户查询订单：请先在我们的商城登录，再从那里打开本对话。"
        "您也可以转给人工客服：请准备好订单号；如果希望另行联系您，请留下邮箱或电话。",
    },
    "order_unknown": {
        "en": "I do not find an order with that number among yours. Please compare it with the one in your "
        "confirmation e-mail, or talk to a person.",
        "zh": "在您的订单中没有找到这个订单号。请与确认邮件中的订单号核对，或者转给人工客服。",
    },
    "order_none": {
        "en": "There is no order of yours in our records. If you ordered as a guest or with another account, "
        "a person can help: have the order number at hand.",
        "zh": "我们的记录中没有您的订单。如果您当时没有登录，或者用的是其他账号，可以转给人工客服，请准备好订单号。",
    },
    "order_more": {
        "en": "These are the newest {listed} of {all} orders; give me a number to hear of another.",
        "zh": "以上是最近的 {listed} 个订单，共 {all} 个；告诉我订单号即可查询其他订单。",
    },
    "order_away": {
        "en": "I cannot see our customer records at the moment, so I can say nothing about your order. "
        "Please ask again in a few minutes, or talk to a person.",
        "zh": "目前无法查看客户记录，所以暂时不能告诉您订单情况。请过几分钟再问，或者转给人工客服。",
    },
    "complaint": {
        "en": "I am sorry that this went wrong. A person can take it up with you; they will see what you wrote here. "
        "If you tell me what happened, I can also look for what our documents say.",
        "zh": "很抱歉给您带来不好的体验。您可以转给人工客服处理，他们能看到您写的内容。"
        "您也可以告诉我发生了什么，我来查找相关资料。",
    },
    "others": {
        "en": "I cannot give out anything about other customers: their data are theirs alone. "
        "If it is about your own data, a person can help.",
        "zh": "其他顾客的信息属于个人隐私，我不能提供。如果是您自己的信息，可以转给人工客服处理。",
    },
    "off_topic": {
        "en": "That is outside what I can help with: I answer questions about our products and services. "
        "If it has to do with us after all, you can put it another way, or talk to a person.",
        "zh": "这超出了我能帮忙的范围，我只回答与我们的产品和服务有关的问题。如果确实与我们有关，"
        "您可以换一种说法再问，或者转给人工客服。",
    },
    "clarify": {
        "en": "The answer depends on which one you mean: {options}?",
        "zh": "不同情况的答案不一样，请问您指的是 {options}？",
    },
    "clarify_many": {  # among them those that are not listed
        "en": "The answer depends on which one you mean: {options}, or another one?",
        "zh": "不同情况的答案不一样，请问您指的是 {options}，还是其他？",
    },
    "decline": {
        "en": "I could not find a reliable answer to that in our documents. I would rather not guess. "
        "You can put it another way, or talk to a person.",
        "zh": "我在资料中没有找到可靠的答案，不想随意猜测。您可以换一种说法再问，或者转给人工客服。",
    },
    "decline_about": {
        "en": "I understood that you ask about {about}, but I could not find a reliable answer to that in our "
        "documents. I would rather not guess. You can put it another way, or talk to a person.",
        "zh": "我理解您问的是“{about}”，但在资料中没有找到可靠的答案，不想随意猜测。"
        "您可以换一种说法再问，或者转给人工客服。",
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
_LAST: dict[str, dict[Language, str]] = {"or": {"en": " or ", "zh": " 还是 "}, "and": {"en": " and ", "zh": "和"}}
_BETWEEN: dict[Language, str] = {"en": ", ", "zh": "、"}


def phrase(name: str, language: Language) -> str:
    """The phrase in a language."""
    return PHRASES[name][language]


def own_words(decision: Decision, query: Query, greeting: str = "") -> tuple[AnswerSentence, ...]:
    """What the assistant says when it does not answer from documents. `greeting`: in place of the usual one."""
    if greeting and decision.outcome == "small_talk" and query.wish == "greeting":
        return (AnswerSentence(greeting),)
    if decision.rule:
        return (AnswerSentence(decision.reasons[0]),)  # a rule's reason is in words for the customer
    language = query.language
    many = len(decision.options) > 2
    options = _BETWEEN[language].join(decision.options) if many else _listed(decision.options, "or", language)
    name = "clarify_many" if many else _name(decision, query)
    said = phrase(name, language).format(options=options, about=_listed(decision.about, "and", language))
    return (AnswerSentence(said),)


def _name(decision: Decision, query: Query) -> str:
    if decision.outcome not in ("small_talk", "decline"):
        return decision.outcome
    if query.wish != "question":
        return query.wish
    return "decline_about" if decision.about else "decline"


def _listed(words: Sequence[str], last: str, language: Language) -> str:
    """ "A, B or C"."""
    *others, end = words or ("",)
    return _BETWEEN[language].join(others) + (_LAST[last][language] if others else "") + end
