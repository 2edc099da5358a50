"""Topics that are for a person whatever the mood: somebody's safety, the law, a disputed payment, a customer who leaves.

What happened or is announced counts ("the battery is swollen", "I will sue"); what is asked about in general does not
("what if the battery swells?", "which court has jurisdiction?"): that is a question which documents may answer.
"""

from __future__ import annotations

import re
from typing import Literal

from rag.small_talk import any_of
from rag.text import normalise, sentence_spans

Topic = Literal["safety", "legal", "payment_dispute", "cancellation"]

_SAFETY = any_of(
    r"\b(?:smoke|sparks?|flames?|fumes)\b[^.?!]{0,20}\b(?:com(?:es?|ing)|came|pour\w*|ris\w+|out of|from|"
    r"everywhere)\b",
    r"\b(?:there(?:'s| is| was| are| were)|saw|see|seeing|seen|with|full of|emits?|makes?) (?:\w+ ){0,2}(?:smoke|"
    r"sparks?|flames?|fumes|a fire)\b",
    r"\b(?:is|was|are|were|started|starts|keeps?|began|it's|just) (?:\w+ ){0,2}(?:smoking|smouldering|sparking|"
    "burning(?! hot water)|melting|melted|on fire|in flames|bulging|swollen|swelling|puffed up|ballooning|"
    r"electrified|scorched|charred)\b",
    r"\b(?:caught|catches|catching|set|took) (?:\w+ ){0,3}(?:on )?fire\b|\bexplod\w+|\bblew up\b|\bwent bang\b|"
    r"\bshort[- ]circuit\w*",
    r"\b(?:electric(?:al)? shock|electrocuted|(?:got|gave|gives|giving|get|felt|had|"
    r"received) (?:\w+ ){0,3}shocks?|shocked me|zapped)\b",
    r"\bburn(?:ed|t|s)? (?:\w+ )?(?:my|his|her|our|their)(?:self| \w+)|\b(?:got|been|badly|was|"
    r"were) (?:\w+ )?(?:burn(?:ed|t)|scalded|injured|hurt)\b",
    r"\b(?:scalded|injured|hurt|cut) (?:my|his|her|our|your)(?:self| )|\b(?:in|to|at) (?:the )?hospital\b|"
    r"\bcarbon monoxide\b|\bbleeding\b",
    r"\bsmell(?:s|ed|ing)?\b[^.?!]{0,20}\b(?:burn(?:ing|t)|gas|smoke|melt\w*|scorched)\b|\b(?:burning|burnt|gas|"
    r"scorched) (?:\w+ )?smell\b|\bgas leak\b",
    r"\bbattery\b[^.?!]{0,40}\b(?:swollen|swell(?:ed|ing)|bulg\w+|leak(?:s|ed|ing)|puffy|deformed|expanded|"
    r"too hot to touch|bloated)\b",
    r"\b(?:swollen|bulging|leaking|bloated) (?:\w+ )?battery\b|\bswallow(?:ed|ing)\b|\bchok(?:ed|ing) on\b|"
    r"\bpoison(?:ed|ing)\b",
    "冒烟|冒着烟|冒黑烟|起火|着火|失火|烧起来|烧着|火花|爆炸|炸开|(?:机器|电池|充电器|突然|内胆|"
    "玻璃)[^。？！，]{0,4}炸|短路|漏电(?!保护)|触电",
    "被(?:它|机器|水壶)?电[到了]|电到[我他她手]|电了(?:我|一下)|麻手|烫伤|烧伤|割伤|鼓包|鼓起|鼓了起来|膨胀|漏液|"
    "焦味|焦糊味|糊味|烧焦|(?:煤气|燃气)味|煤气泄漏|吞(?:了|下|进)|误[吞食]|受伤|受了伤|流血|中毒|送医|进了?医院|"
    "住院|烧(?:坏|穿|黑)了",
)
# Said before what might happen; after it, it is a question or a wish to be safe.
_SUPPOSED = any_of(
    r"\b(?:if|in case|whether|can(?! you)(?!not)|could(?! you)|may|might|would|does|do(?! something)|how (?:do|"
    r"can|to)|prevent|avoid|risk of|danger of|safe|protect\w*|never|without|against|possible|likely|"
    r"chance)\b[^.?!]*$",
    "(?:会不会|是不是会|会|如果|万一|怎[么样]防|防止|避免|预防|是否会?|能不能|可能|容易|有没有|有无|不会|不|"
    "没有?|以免|要是|假如|若)[^。？！，]*$",
)
_SUPPOSED_ZH = re.compile(r"^[^。？！，]{0,6}(?:会|吗(?=\W*$))")
_LEGAL = any_of(
    r"\b(?:hear|heard|letter|call) from my (?:lawyer|solicitor|attorney|barrister|legal)|\bmy (?:lawyer|solicitor|"
    r"attorney|barrister)s? (?:will|has|have|is|says?|sees|told|advis\w+|and|thinks|would|are|already|wrote)\b|"
    r"\b(?:contact|consult|hire|call|instruct|involv|see|speak to|talk to|gett?)\w* (?:with )?(?:a|my|"
    r"our) (?:lawyer|solicitor|attorney|barrister)|\b(?:spoken|spoke|talked|been) to (?:a|my|our) (?:lawyer|"
    "solicitor|attorney)",
    r"\b(?:take|taking|see|seeing|bring|drag\w*) (?:you|this|the matter|your company|it) (?:all )?(?:to|in|"
    "before) (?:the )?(?:small claims|court|tribunal|ombudsman)",
    r"\b(?:legal (?:action|steps|proceedings|measures)|lawsuit|go(?:ing)? to court|small claims)\b(?![^.!]*\?)",
    r"\b(?:i|we)(?:'ll| will|'m going to| am going to|'re going to| are going to|'d| shall| have decided to| am|"
    r" might| may)? (?:\w+ )?su(?:e|ing)\b(?! chef)",
    r"\b(?:report(?:ed|ing)?|complain(?:ed|ing)?|complaint|writ(?:e|ten|ing)|gone|going|turn(?:ed)?|inform(?:ed|"
    r"ing)?)\b[^.?!]{0,40}\b(?:trading standards|ombudsman|consumer (?:protection|rights|affairs|council|agency|"
    "organi[sz]ation|advice|association|centre|center)|regulator|police|authorit(?:y|ies)|better business bureau|"
    r"bbb|watchdog)\b",
    r"\bin breach of|\bbreach of (?:contract|the|consumer|warranty)|\byou(?:'re|"
    r" are) (?:\w+ )?(?:breaking the law|violating)|\bfalse advertising\b|\bpress charges\b",
    "律师(?!可以)[^。？！]{0,12}|起诉|法院见|法庭|告你们?|告到|告上|打官司|走法律|法律(?:途径|手段|程序|责任)|"
    "诉诸|诉讼|(?:打|去|向|到|找)[^。？！，]{0,4}12315|12315(?:投诉|举报)|消协|消费者协会|(?:市场监管|市监|"
    "工商)[^。？！，]{0,6}(?:投诉|举报|反映)|(?:投诉|举报|反映)到[^。？！，]{0,6}(?:市场|工商|监管|部门|工信)|"
    "工信部|已经?[^。？！，]{0,10}举报|报警|报了警|退一赔[三十]|违约(?!金)|违反[^。？！，]{0,12}法|虚假宣传",
)
_PAYMENT = any_of(
    r"\b(?:charged?|billed|debited|deducted|taken|took|booked|paid|payments?|"
    r"withdrawn)\b[^.?!]{0,50}\b(?:twice(?! a)|two times|three times|double|a second time|both times)\b",
    r"\bdouble[- ]?(?:charg\w+|bill\w+|book\w+|payment|debit\w*)|\b(?:two|2|three) (?:\w+ )?(?:charges|payments|"
    r"debits|withdrawals)\b[^.?!]{0,40}\b(?:same|one|single)\b",
    r"\b(?:charg|debit|payment|transaction|withdrawal|bill|deduct|money)\w*\b[^.?!]{0,60}\b(?:(?:did not|didn't|"
    r"never|haven't|have not) (?:\w+ )?(?:authori[sz]e|approve|make|agree|order|bought|buy|recogni[sz]e|"
    r"consent)\w*|don't recogni[sz]e|do not recogni[sz]e|without my (?:permission|consent|authori[sz]ation|"
    "knowledge|approval))",
    r"\b(?:unauthori[sz]ed|fraudulent|unknown|unexplained) (?:\w+ )?(?:charge|payment|transaction|debit|"
    "withdrawal)",
    r"\b(?:i(?:'ve| have|'ll| will|'m| am)?|we(?:'ve| have|'ll| will)?|my bank)\b[^.?!]{0,40}\b(?:charge ?back|"
    r"disput(?:e|ed|ing)|reverse|revers(?:ed|ing)|recall(?:ed)?)\b(?![^.!]*\?)",
    r"\bovercharged\b|\bcharged (?:me )?(?:\w+ ){0,3}(?:wrong amount|too much|more than)|\b(?:kept|keep|keeping|"
    r"stole|steal\w*) (?:my|the|our) money\b",
    r"\bwhere(?:'s| is| has)? (?:the |all )?my money\b|\bbank\b[^.?!]{0,40}\b(?:no (?:such )?(?:payment|refund|"
    r"transfer|money|record)|nothing|never)\b",
    r"\brefund\w*\b[^.?!]{0,60}\b(?:never (?:arrived|came|received|reached|sent|got|turned)|no such payment|"
    "nowhere)",
    "重复(?:扣|收|支付|付|扣款|收费)|多[扣收]了?|扣了?我?[^。？！，]{0,4}(?:两|2|二|三|3|双)(?:次|笔|遍|回|倍|"
    "份)|(?:两|二|2)(?:次|笔)[^。？！，]{0,4}(?:扣|入账|款|钱)|拒付|盗刷|不明扣款|乱扣|(?:没|未|"
    "不)[^。？！，]{0,6}(?:授权|同意|买过|下单|订过|下过单)[^。？！]{0,16}[扣收](?:了|我|款|钱|费)|[扣收](?:了|"
    "我|款|钱|费)[^。？！]{0,16}(?:没|未|不)[^。？！，]{0,6}(?:授权|同意|买过|下单)|钱(?:到底|都)?去(?:哪|了哪)|"
    "没(?:有)?(?:这笔|收到这笔|查到这笔|看到这笔|任何退)|根本没有?[^。？！，]{0,4}(?:到账|收到|这笔)|(?:金额|"
    "扣款|账单)[^。？！，]{0,4}(?:不对|有误|错了|错误)|吞了?我?的?钱|我的钱呢",
)
_CANCEL = any_of(
    r"\b(?:lost|lose|losing) (?:me|us|a|another|one|this|your) (?:\w+ )?(?:as (?:a |your )?)?(?:customer|"
    r"client)s?\b|\blost (?:me|us) as\b|\blost my (?:business|custom|trust)\b",
    r"\b(?:i'm|i am|we're|we are|i will be|i'll be) (?:\w+ )?(?:leaving|done with|through with|finished with|"
    r"out of here)\b(?! (?:the|my|it|home|for (?:work|vacation|holiday)))|\bleav(?:e|ing) (?:you )?for good\b",
    r"\bend (?:it|this|things|our (?:relationship|contract|business)) (?:here|now|with you)?|\b(?:take|taking|"
    "took) my (?:business|money|custom) (?:elsewhere|somewhere)",
    r"\b(?:buy|order|shop|go|get (?:it|them|mine))(?:ing)? (?:it |them |mine )?(?:from )?(?:some(?:body|one|where|"
    r"place) else|elsewhere|another (?:brand|shop|company)|(?:a|your|the) competit\w+)(?! \?)",
    r"\b(?:never|not|won't|will not) (?:ever )?(?:be )?(?:buy|buying|order|ordering|shop|shopping|purchase|"
    r"do business|come back|coming back)\b[^.?!]{0,30}\b(?:again|any ?more|ever|from you|with you|here)\b",
    r"\b(?:switch(?:ing)?|mov(?:e|ing)|chang(?:e|ing)|going) (?:over )?to (?:\w+ )?(?:competit\w+|"
    r"another (?:brand|company|shop|provider|maker|supplier))\b",
    r"\b(?:i want|i'd like|i wish|i demand) to (?:end|terminate|sever) (?:our|my|the|all)\b|"
    r"\bcancel (?:my (?:account|membership|contract) and|everything)\b|\bgoodbye for ever\b",
    "失去[^。？！，]{0,8}(?:客户|顾客|用户)|到此为止|(?:以后|今后|从此|再也)[^。？！，]{0,10}(?:别家|别的|"
    "不(?:会)?再?(?:买|用|来|光顾|合作)|不买|不用)|(?:去|换|找|改用)(?:别家|别人家|其他家|别的(?:牌子|品牌|"
    "公司))|不(?:想|会|打算)?(?:再)?(?:用|跟|和|买)(?:你们|贵公司)[^。？！]{0,10}|解除(?:合同|合作)|合同给我|"
    "(?:全部|都|通通|统统)(?:给我)?(?:停|取消|注销|退)|不会再(?:买|来|光顾|用)|永远?不(?:买|会|用|来)|一刀两断|"
    "转投|卸载走人|粉转黑",
)
_TOPICS: dict[Topic, re.Pattern[str]] = {
    "safety": _SAFETY,
    "legal": _LEGAL,
    "payment_dispute": _PAYMENT,
    "cancellation": _CANCEL,
}
_ASKED = any_of(
    r"^\W*(?:(?:and|but|so|hi|hello|please|sorry|ok)\W+)*(?:can|could|may|do|does|is|are|how|what|which|who|where|"
    r"when|will|would|should)\b[^.!]*\?",
    "^[^。！]*(?:什么是|是什么|有哪些|怎么(?!办|回事)|如何|可以[^。！]*吗|能[^。！]*吗|多久|多少|会不会|"
    r"要不要)[^。！]*[?]?\W*$",
)


def topic_of(text: str) -> Topic | None:
    """The topic that a message brings up as something that happened or is announced; None for the others."""
    plain = normalise(text).replace("’", "'")
    sentences = [plain[start:end] for start, end in sentence_spans(plain)]
    return next((name for name in _TOPICS if any(_raised(name, each) for each in sentences)), None)


def _raised(name: Topic, sentence: str) -> bool:
    if name != "safety":
        asked = name != "payment_dispute" and _ASKED.search(sentence)
        return not asked and bool(_TOPICS[name].search(sentence))
    return any(not _supposed(sentence, found) for found in _SAFETY.finditer(sentence))


def _supposed(sentence: str, found: re.Match[str]) -> bool:
    """Whether a danger is only thought of: "could it catch fire?", "怎么防止触电？"."""
    before, after = sentence[: found.start()], sentence[found.end() :]
    return bool(_SUPPOSED.search(before) or _SUPPOSED_ZH.search(after))
