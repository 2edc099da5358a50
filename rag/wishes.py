"""What a message wants, told by words and patterns: a person, their order, to complain, others' data, small talk, or
an answer.

A missed wish for a person leaves a customer alone with a machine; a wish imagined takes an answer away. So a
person is asked for by *talking to* one, or by naming one in a way that nothing sold here is named: the shop's
robots, cleaning agents and repair costs (人工费) are products and prices, and "客服电话是多少" asks for a number.
"""

from __future__ import annotations

import re

from rag.small_talk import any_of, small_talk
from rag.text import normalise
from rag.types import Wish

_STAFF = (
    r"(?:human|person|people|someone|somebody|anyone|anybody|agent|representative|rep|advis[eo]r|operator|supervisor|"
    r"manager|colleague|staff|employee|customer (?:service|support|care)|support(?: team)?|service team|your team)"
)
_CALLED = r"(?:human(?: being)?|(?:real|live|actual) (?:person|human|agent|people)|representative|operator|supervisor)"
_DESK = r"(?:客服|专员|主管|经理|活人|真人|人工)"
_NUMBER = r"(?!的?(?:电话|号码|热线|邮箱|微信|地址|时间|工作|上班|几点|在哪))"

_PERSON = re.compile(
    # to talk to one, or one to talk to
    rf"\b(?:talk|speak|chat)(?:ing)?\b(?! me through)[^.?!]{{0,20}}?\b{_STAFF}\b"
    rf"|\b{_STAFF}\b[^.?!,]{{0,12}}? (?:talk|speak|chat)(?:ing)?(?: to| with|[?!.]|$)"
    # to be put through to one
    r"|\b(?:transfer|connect|forward|pass|hand|put) (?:me|us|this|(?:this|the) (?:chat|conversation))\b"
    rf"[^.?!]{{0,20}}?\b{_STAFF}\b"
    rf"|\bescalate\b|\bget (?:through|hold)\b[^.?!]{{0,6}}?\b{_STAFF}\b"
    # to have one
    rf"|\b(?:get|give|find|send|bring) (?:me|us) (?:an?|the|your|some) (?:{_STAFF}|{_CALLED})\b"
    rf"|\b(?:want|need|prefer|like|have|see|no bots?,?) (?:to (?:contact|reach|see|get) )?(?:an?|the|your) {_CALLED}\b"
    rf"|\b(?:want|need|prefer|like) (?:an?|your) (?:agent|person|manager)(?: please| now)*\W*$"
    r"|\b(?:anyone|anybody|someone|somebody) (?:real|human)\b|\bare there any (?:humans|real people)\b"
    r"|\b(?:can|could|please|have|want|need) (?:you )?(?:have )?(?:some(?:one|body)|an agent|a person) (?:please )?(?:to )?"
    r"(?:call|phone|ring) me(?: back)?(?: please)?\W*$"
    r"|\b(?:colleagues?|someone|somebody|anyone|staff|agent|employee|representative|person|your team)\b[^.?!]{0,20}"
    r"\b(?:ring|call|phone) (?:me|us) back\b|\b(?:call|ring|phone) me back\b|\bcall ?back (?:please|from)\b"
    # the bare word
    r"|^\W*(?:(?:hi|hello|hey|ok|please|no|a|an|the|real|live|actual|customer|service)\W+)*"
    r"(?:human|agent|operator|representative|person|people|live chat)(?: please| now)*\W*$"
    r"|\b(?:human|real person|operator|representative) (?:please|now)\b"
    # no machine
    r"|(?:n't|\b(?:not|no|stop|sick of|tired of|hate|without))\b[^.?!]{0,12} (?:talk|speak|chat)(?:ing)? (?:to|with) "
    r"(?:an? |this |the |some )?(?:chat ?bot|bot|robot|machine|computer|ai)\b"
    r"|\bnot a (?:chat ?)?bot\b|\b(?:want|need|prefer|real)\b[^.?!]*\bnot a (?:robot|machine)(?: please)?\W*$"
    # 中文
    r"|(?:转接?|找|呼叫|接通?|换)(?:一?[个下位]|到|至|给)?人工(?!费|智能|成本)"
    r"|(?:要|想|请|叫|来|给我|帮我|需要|联系)[^。？！，]{0,4}人工(?:客服|服务|坐席)?(?=处理|帮|来|吧|谢|了|啊|呢|\W|$)"
    r"|(?:能|可以|可不可以|有没有|有)[^。？！，]{0,3}人工(?:客服|服务)?(?:吗|么|\W|$)"
    r"|^\W*人工(?:客服|服务|坐席)?(?:在吗|在么|谢谢|吧|呢|啊)*\W*$"
    r"|(?:和|跟|与|找|要|想|有|是|转|换|接|叫)[^。？！，]{0,3}真人(?!录|发|配|语音|示范|模特|原声)"
    rf"|(?:转接?|找|要|想|接|叫|换)[^。？！，]{{0,5}}(?:客服|活人|专员|主管|经理){_NUMBER}"
    rf"|^\W*{_DESK}(?:在吗|在么|在不在|在|谢谢|啊|呢)*\W*$"
    r"|(?:跟|和|与|找)(?:个|真|活|一个)?人类?(?:说话|说|聊|谈|沟通|讲|对话)"
    r"|换个?人(?:来|说|吧|\W|$)|(?:不要|别让?|不想要)机器人(?:客服|回答|回复|答|跟我|和我)"
    r"|不(?:要|想|愿意?)[^。？！，]{0,3}(?:和|跟|与)[^。？！，]{0,3}机器人[^。？！，]{0,2}(?:说|聊|谈|讲|沟通|对话)"
    r"|(?:同事|客服|专员|经理|主管|工作人员|人工)[^。？！，]{0,10}(?:回个?电话|回个?电|打个?电话|致电)(?!是|多少)"
    rf"|(?:让|请|叫)[^。？！，]{{0,4}}(?:{_DESK}|人)[^。？！，]{{0,2}}(?:联系|回电|打给|打电话给|致电)我"
)
# What reads like it and is not: a person refused, or asked about ("do I have to call the agents for that?").
_NO_WISH = re.compile(
    rf"\b(?:do not|don't|dont|no need|rather not|instead of|without|not necessary)\b[^.?!,]{{0,16}}?"
    rf"(?:talk|speak|chat)(?:ing)? (?:to|with) (?:an? |your |any )?{_STAFF}\b"
    rf"|\b(?:am i|i am|i'm) (?:talking|speaking|chatting) (?:to|with) (?:an? |the )?(?:\w+ )?{_STAFF}\b"
    r"|[你您]是(?:不是)?(?:真人|活人|人工)|还是(?:真人|活人|人工)|是(?:真人|人工)还是"
    r"|(?:不用|不要|别|不需要|不必|无需)(?:再|帮我|给我)?(?:转接?|找|接|叫|联系)?(?:人工|真人|客服|专员)(?:客服|服务)?"
    rf"|(?<!我)(?<!我想)(?:需要|要不要|要|用)(?:先)?(?:找|联系|打|叫|转)[^。？！，]{{0,4}}{_DESK}[^。？！，]{{0,4}}[吗么]"
    r"|找不到(?:客服|人工)|没有?(?:客服|人工)(?:电话|号码)"
)
_ORDERED = r"(?:orders?|parcels?|packages?|deliver(?:y|ies)|shipments?|purchase)(?! (?:number|history|details))"
_AWAY = (
    r"(?:shipped|ship|dispatched|arriv\w*|sent|left|delivered|on (?:its|the) way|coming|out for delivery|ready|lost)"
)
_BAD = r"(?:worst|terrible|awful|horrible|useless|lousy|crap|shit(?:ty)?|garbage|rubbish|a joke)"
_SHOP = r"(?:service|company|support|experience|shop|store|product|bot|people)"
# What became of an order of their own; "how do I track my order?" is a question that documents answer.
_ORDER = any_of(
    rf"\bwhere(?:'s| is| are|s|'re)? (?:the |all |hell )*my (?:\w+ )?{_ORDERED}\b|\b(?:my )?order status\b",
    rf"\b(?:status|whereabouts) (?:of|on|for) (?:my|an?|the|this) (?:\w+ )?{_ORDERED}\b",
    rf"\b(?:has|have|did|was|is|are) my (?:\w+ )?{_ORDERED} (?:already |yet |been |going )*{_AWAY}\b",
    rf"\bwhen (?:will|does|is|should|can)(?: i (?:get|receive|expect))? my (?:\w+ )?{_ORDERED}\b(?:(?! if\b)[^.?!]){{0,30}}\W*$",
    rf"^(?:(?!\bhow\b)[^.?!]){{0,30}}\b(?:check|track|find|locate|trace)(?: on| up)? my (?:\w+ )?{_ORDERED}\b",
    r"^\W*(?:my |the )?order(?: number| no\.?| id)?(?: is)?[ :#]*(?=[a-z-]*\d{4})[a-z\d-]{5,24}\W*$",
    r"^\W*[a-z]{2}(?:-[a-z]{2})?-?\d{6,12}\W*$",
    r"我(?:的|买的|订的|上次的)?(?:那个|这个)?(?:订单|快递|包裹|货|东西)(?:现在|到底)?(?:到哪|在哪|去哪|呢|(?:怎么|为什么|咋)还[没不])",
    r"我(?:的|买的|订的)(?:订单|快递|包裹|货|东西)(?:什么时候|几时|哪天)?[能会才]?(?:到|送到|发货|发)了?[吗没]?\W*$",
    r"(?:快递|包裹|物流|订单|货)(?:现在)?走?到哪",
    r"(?:帮我|给我|我想|我要|麻烦|^\W*)[查看](?:一?下)?(?:我的)?(?:订单|快递|物流|包裹)",
)
_ANGER = any_of(
    r"\b(?:unacceptable|outrageous|disgust(?:ing|ed)|appall(?:ing|ed)|ridiculous|pathetic|disgrace(?:ful)?|furious|livid)\b",
    r"\b(?:scam(?:mers?)?|rip[- ]?off|shambles|fed up|shame on you|laughing stock|waste of (?:my )?(?:money|time))\b",
    rf"\b{_BAD} (?:\w+ )?{_SHOP}\b|\b{_SHOP} is (?:\w+ )?{_BAD}(?!\w)",
    r"\bi(?:'m| am)? (?:\w+ )?(?:angry|(?:so|very|really|extremely) disappointed|(?:upset|frustrated) with you)\b",
    r"\b(?:make|file|lodge|raise|submit) an? (?:formal |official )?complaint\b",
    r"\bi (?:want|would like|have|need|wish) to complain\b",
    r"\bi(?:'ll| will| am going to|'m going to) sue\b|\bnever (?:buy|order|shop)\b[^.?!]{0,20}\bagain\b",
    r"[我要想](?:投诉|举报|曝光|起诉)",
    r"(?:服务|态度|质量|体验|客服)[^。？！，]{0,4}[太真很极](?:差|烂|恶劣|垃圾|糟糕)|骗子|骗人|忽悠|坑人",
    r"垃圾(?:公司|产品|客服|服务|东西|店)|气死|太过分|(?:无法|不能)接受|什么破|差评|欺骗消费者|退一赔三",
    r"12315|忍无可忍",
)
# What the company holds of others: "list all customers' names". Their own data are a question that documents answer.
_OF_OTHERS = (
    r"(?:(?:all|any|every|each|other|another|your|the|some|these|those)(?: of)?(?: (?:the|your|other|registered))* "
    r"(?:customers?|users?|clients?|buyers?|members?|people|person|shoppers?|subscribers?)"
    r"|(?:someone|somebody|everyone|everybody) else)"
)
_DETAILS = (
    r"(?:names?|e-?mails?(?: address(?:es)?)?|(?:tele)?phone (?:numbers?|no)|numbers|addresses|home address|orders|"
    r"order history|passwords?|records?|(?:personal |contact )?(?:data|details|information)|card (?:numbers?|details)|accounts)"
)
_GIVE = r"(?:list|show|give|tell|send|print|output|reveal|export|dump|display|provide|share|read out|who are)"
_OF_OTHERS_ZH = (
    r"(?:所有|全部|全体|每[个位一]|其他|其它|别的|别家|另一[个位])(?:的|人|个)?"
    r"(?:顾客|客户|用户|买家|会员|人|消费者|收件人)"
)
_DETAILS_ZH = (
    r"(?:姓名|名字|名单|手机号?码?|电话号?码?|联系方式|地址|邮箱|订单|资料|信息|数据|密码|身份证号?码?|银行卡号?|记录)"
)
_GIVE_ZH = r"(?:列出|列一|列个|告诉|给我|发给|发我|发一|导出|输出|打印|显示|展示|提供|查[询看一下]|调出|泄露|念|报)"
_OTHERS = any_of(
    rf"\b{_GIVE}\b[^.?!]{{0,60}}\b{_DETAILS}\b[^.?!]{{0,30}}\b(?:of|for|from|belonging to) {_OF_OTHERS}",
    rf"\b{_GIVE}\b[^.?!]{{0,30}}\b{_OF_OTHERS}(?:'s?|s')?[^.?!]{{0,20}}\b{_DETAILS}\b",
    rf"\b{_GIVE} (?:me |us |out )*{_OF_OTHERS} (?:in|from|of) (?:your|the) (?:\w+ )?(?:database|records|system|files)\b",
    rf"{_GIVE_ZH}[^。？！]{{0,12}}{_OF_OTHERS_ZH}[^。？！]{{0,8}}{_DETAILS_ZH}",
    rf"{_OF_OTHERS_ZH}[^。？！]{{0,8}}{_DETAILS_ZH}[^。？！]{{0,16}}(?:{_GIVE_ZH}|列)",
)
_ASKS = any_of(
    r"[?？]",
    r"\b(?:how|what|where|when|which|why|who) (?:do|does|can|could|should|is|are|to|will|would|did)\b",
    r"\b(?:can|could|may) i\b",
    r"怎么(?!还|这么|回事)|如何|哪里|哪儿|多少|多久|什么时候|能不能|吗\W*$",
)


def wish_of(text: str) -> Wish:
    """What the customer wants with this message."""
    plain = normalise(text).replace("’", "'")
    if not re.search(r"\w", plain):
        return "empty"
    if _PERSON.search(_NO_WISH.sub(" ", plain)):
        return "person"
    if _OTHERS.search(plain):
        return "others"
    if talk := small_talk(plain):
        return talk
    if _ORDER.search(plain):
        return "order"
    return "complaint" if _ANGER.search(plain) and not _ASKS.search(plain) else "question"
