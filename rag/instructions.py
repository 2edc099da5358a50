"""Sentences that speak to a language model and not to a reader: "ignore all previous instructions and …".

Patterns of two languages, narrow on purpose: whoever writes for customers also says "ignore the old leaflet" or
"include your order number in your reply". Understands nothing; what obeying such a sentence could do is held off by
the rights, the check and `sanitize.py`, not here.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rag.text import normalise

# What a model says. "Message" is not among it: customers are told what to put into theirs.
_OUTPUT = r"(?:your|this|every|each|any) (?:\w+ )?(?:answers?|repl(?:y|ies)|responses?|outputs?|completions?)(?: text| words?)?"
_RULES = r"(?:instructions?|prompts?|rules|guidelines|directives|orders|programming|guardrails|restrictions)"
_EARLIER = r"(?:previous|prior|earlier|preceding|above|former|foregoing|original|initial|existing|system|safety)"
_MODEL = r"(?:ai|a\.i\.|llms?|gpt(?:-?\d)?|chat ?gpt|language models?|chat ?bots?|bots?|models?|virtual assistants?|assistants?)"
_WHOSE_MODEL = rf"(?:the |an? |any |all |every )?(?:\w+ )?{_MODEL}(?: assistants?| agents?| models?)?"
_LETTERS = (
    r"(?:letters?|vowels?|consonants?|words?|characters?|spaces?|spacing|punctuation|typos?|misspell\w*|anagram\w*|emojis?|"
    r"symbols?|base ?64|rot ?13|morse|cipher\w*|hexadecimal|leet ?speak|\w+ substitution|html|markdown|backwards)"
)
_PUT = (
    r"(?:add|include|insert|integrate|incorporate|embed|append|attach|prepend|weave|introduce|place|put|mention|hide)"
)
# What a customer is rightly asked to put into an answer of theirs.
_CASE = (
    r"(?!(?:\w+ ){0,3}(?:photos?|pictures?|copy|copies|orders?|invoices?|receipts?|serial|numbers?|proof|screenshots?|"
    r"names?|address|contact|phone|telephone|reference|dates?|details?|descriptions?|codes?|models?|documents?|files?)\b)"
)
_WITHIN = r"(?:[^.?!;]|[.?!](?=[^\s]))"  # not past the end of a sentence; "example.com" is none
_TONGUE = r"(?:french|german|spanish|italian|russian|japanese|korean|latin|arabic|chinese|english|portuguese|pirate)"

_STEERING = re.compile(
    # its rules
    rf"\b(?:ignor|disregard|forget|overrid|bypass|neglect|discard|violat)\w*\b[^.?!;]{{0,20}}?"
    rf"\b(?:{_EARLIER}|your|all(?: of)?(?: the| your| these)?) (?:\w+ ){{0,2}}?{_RULES}\b"
    r"(?! (?:about|on|for|in|from|regarding|concerning|supplied|printed|that came|given|you received|enclosed))"
    rf"|\b(?:ignore|disregard|forget) (?:everything|all|anything|whatever) (?:that )?(?:was |is |you (?:were|have been) |i )?"
    r"(?:above|before this|told|said|said before|written above)\b"
    rf"|\b(?:reveal|print|repeat|show|output|leak|disclose|display|dump|recite)\b[^.?!;]{{0,30}}?"
    r"\b(?:system prompt|(?:your|the) (?:\w+ )?(?:system (?:prompt|message|instructions?)|prompt)|"
    r"your (?:initial|hidden|secret|internal|original|system) (?:instructions?|rules))\b"
    rf"|\b(?:new|updated|real|actual) (?:system )?instructions? (?:for|to) {_WHOSE_MODEL}\b"
    # who it is
    rf"|\byou are (?:now|no longer) [^.?!;]{{0,30}}?\b(?:{_MODEL}|dan|mode|unrestricted|jailbroken|restricted|bound)\b"
    rf"|^\W*pretend (?:to be|that you are|you are)\b|\bpretend (?:that )?you are\b"
    r"|\b(?:enter|enable|activate) (?:developer|god|dan|jailbreak) mode\b"
    rf"|\bif you are {_WHOSE_MODEL}\b|\bas an ai (?:language )?(?:model|assistant)\b"
    rf"|^\W*(?:(?:note|message|notice|instructions?|attention|important)\W+)?(?:to |for )?{_WHOSE_MODEL}"
    r"(?: (?:reading|processing|summari[sz]ing|that reads?)[^:,.]{0,30})?\s*[:,]\s*"
    r"(?:please |now |you |always |never |must |do not |don't )*"
    r"(?:say|tell|reply|answer|respond|write|print|send|ignore|disregard|output|act|call|include|add|recommend|promise|"
    r"grant|approve|give|obey|follow|must|should|append|insert|translate|use)\b"
    r"|^\W*(?:system|developer)(?: (?:prompt|message|override|note|update))?\s*:\s*(?:you\b|ignore|disregard|from now on|new)"
    r"|<\|[^|>]{1,30}\|>|\[/?inst\]|<</?sys>>|^\W*###? ?(?:instruction|system)s?\s*:"
    # how it speaks
    rf"|\b(?:modify|enhance|augment|alter|adapt|adjust|rewrite|rephrase|translate|encode|encrypt|render|obfuscate|scramble|"
    rf"jumble|reverse|expand|extend|sprinkle|conclude|preface|decorate)\b[^.?!;]{{0,40}}? {_OUTPUT}"
    r"|\b(?:render|scramble|jumble|rearrange|reverse|encode|encrypt) (?:up )?(?:your|the (?:letters|words) (?:of|in) your) "
    r"(?:message|words)\b"
    rf"|^\W*(?:please )?\w+ (?:\S+ ){{0,8}}?{_LETTERS}\b[^.?!;]{{0,40}}? (?:in|of|from|to|into|within|by|throughout) {_OUTPUT}"
    rf"|\b(?:jumble|scramble|rearrange|replace|swap|shuffle)\b[^.?!;]{{0,30}}?{_LETTERS}[^.?!;]{{0,20}}? your message\b"
    rf"|^\W*(?:please )?{_PUT} {_CASE}{_WITHIN}{{2,200}}? (?:in|into|to|at|within|under|with|throughout)"
    rf"(?: the (?:end|start|beginning|top|bottom) of)? {_OUTPUT}"
    rf"|^\W*(?:please )?{_PUT} [\"“'‘].+?[\"”'’]{_WITHIN}{{0,60}}? (?:in|into|to|at the end of) {_OUTPUT}"
    rf"|^\W*in {_OUTPUT},? (?:please )?(?:also )?(?:suggest|tease|recommend|promote|advertise|advise|encourage|invite|"
    r"claim|insist|pretend|urge|announce|endorse|hint|tell (?:the |all )?(?:users?|customers?|readers?))\b"
    rf"|\b(?:provide|give|write|return|produce|deliver|make|compose) {_OUTPUT} (?:\w+ )?(?:with|without|using|in|as|into) "
    rf"(?!(?:writing|person|time|full|the (?:form|field|box|comments?|survey)|detail|english)\b)"
    rf"|\b(?:respond|reply|answer)\b(?: \w+){{0,2}} (?:in|with|using) (?:\w+ )?(?:{_LETTERS}|{_TONGUE}|riddles|rhymes?)\b"
    r"|^\W*(?:please )?replace (?:\w+ ){0,2}(?:letters?|vowels?|consonants?) with\b"
    rf"|^\W*use [^.?!;]{{1,60}}? (?:in|for|of) (?:the [^.?!;]{{1,30}}? (?:in|of) )?{_OUTPUT}"
    # 中文
    r"|(?:忽略|无视|忘记|忘掉|不要理会|不必理会|不要遵守|抛开|违反|绕过)[^。！？；]{0,6}"
    r"(?:之前|以上|上述|上面|前面|先前|此前|原有|原来|你的|系统|所有|一切|全部)[^。！？；]{0,8}"
    r"(?:指令|指示|提示词?|规则|设定|限制|命令)"
    r"|(?:输出|显示|透露|泄露|泄漏|复述|重复|打印|公开|告诉我)[^。！？；]{0,10}(?:系统提示|提示词|系统指令|系统消息|你的(?:指令|设定|规则))"
    r"|你(?:现在|从现在起|从此)(?:就)?是[^。！？；]{0,12}(?:助手|助理|ai|人工智能|模型|机器人|管理员|黑客|模式)"
    r"|^\W*(?:请|你)?(?:假装|扮演)[^。！？；]{0,6}(?:你是|成|一个|管理员|客服|人工智能)"
    r"|从现在(?:起|开始)[,，]?你(?:是|只|必须|要|将|不再)"
    r"|如果你是[^。！？；]{0,4}(?:ai|人工智能|语言模型|大模型|聊天机器人)"
    r"|^\W*(?:致|给|写给|注意)?[:：,，\s]*(?:各位|所有|任何)?(?:ai|人工智能|大模型|语言模型|聊天机器人|智能|机器人)?"
    r"(?:助手|助理|ai|人工智能|大模型|语言模型|聊天机器人)\s*[:：,，]\s*(?:请|务必|必须|你|忽略|说|回答|告诉|回复|输出|不要)"
    r"|(?:在|把|将|用|给|为)?你的(?:所有|每个|每条|下一个)?(?:回答|回复|答复|输出|答案)(?:中|里|开头|结尾|末尾|前面|后面)?"
    r"[^。！？；]{0,12}(?:加入|加上|添加|插入|包含|写上|附上|改成|改为|翻译|替换|打乱|倒过来|推荐|提到|建议|注明|声称)"
)
_CLAUSE = re.compile(r"[,;，；]\s*(?:and|but|or|then|also|so)?\b|\band (?=please|then|also)")
_CHARACTERS = re.compile(r"[\u200b-\u200f\u2060-\u2064\ufeff\u00ad]")
# Work that models are given, where a company's own text would give the reader a case to tell of.
_TASK = re.compile(
    r"^\W*(?:please )?(?:(?:can|could|would) you )?(?:"
    r"(?:explain|describe|break down|summari[sz]e|outline|paraphrase|discuss|elaborate)\b"
    r"(?!(?: \w+){0,4} (?:problem|fault|defect|issue|damage|error|reason|symptom|situation|case|happened|occurred"
    r"|it|you|your|request|us)s?\b)"
    r"(?! (?:briefly|it|this|your)\b)"
    r"|(?:write|compose|draft|develop|create|generate|provide|tell|show|give)(?: me| us)? (?:an?|the|some) (?:\S+ ){0,5}?"
    r"(?:poem|haiku|sonnet|limerick|essay|stor(?:y|ies)|speech|song|jokes?|novel|riddle|letter to an?|introduction|example|"
    r"function|program|equivalent|translation|script)\b"
    rf"|translate (?:the|this|that|these|it|into|to|[\"'“‘])|how (?:do|would) you say\b"
    rf"|what(?:'s| is| does) .{{1,60}} (?:mean )?in {_TONGUE}\b)"
    r"|^\W*请?(?:写一[首篇封个]|翻译|解释一下|总结一下|讲一个)"
)


@lru_cache(maxsize=8192)
def steers(sentence: str) -> bool:
    """Whether a sentence, or a clause of it, tells a language model what to do."""
    plain = _plain(sentence)
    return any(map(_STEERING.search, (plain, *_CLAUSE.split(plain))))


@lru_cache(maxsize=8192)
def asks(sentence: str) -> bool:
    """Whether it is a question, or work for somebody who writes: an answer says something instead."""
    plain = _plain(sentence)
    if plain[:1] in "\"'“‘「":
        plain = plain.rstrip("\"'”’」")  # all of it is quoted, not only a question in a statement
    return plain.endswith("?") or bool(_TASK.search(plain))


def _plain(text: str) -> str:
    return " ".join(normalise(_CHARACTERS.sub("", text)).replace("’", "'").split())
