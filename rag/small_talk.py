"""Messages that ask nothing of the documents: greetings, thanks, who the assistant is, chat, and what no shop does.

A pattern holds for a whole message, or for words that are hardly ever said of goods: "are you open", "is it safe
for pets" and "set the timer of my humidifier" are questions. A miss is looked up and declined in other words; a
false hit costs an answer, so these patterns rather miss.
"""

from __future__ import annotations

import re

from rag.types import Wish


def any_of(*patterns: str) -> re.Pattern[str]:
    """One pattern of several."""
    return re.compile("|".join(patterns))


_MACHINE = (
    r"(?:(?:chat ?)?bot|robot|human|machine|computer|ai|automated|artificial\w*|real|person|program|alive|chatgpt)"
)
_MADE = r"(?:made|created|built|programmed|designed|developed|invented|trained|coded|compiled|formed|manufactured)"
_LANGUAGES = r"(?:spanish|french|german|italian|chinese|japanese|russian|english|portuguese|korean|mandarin)"
_FILLER = r"(?:[\s,.!?~，。！？]|\b(?:hi|hello|hey|ok|okay|well|so|oh|please|ai|bot|there|then|again|my friend|now)\b)*"
_HOW = (
    r"(?:how (?:are|r|is|have|do|did|goes) (?:you|u|things|it|life|everything|the ai|your day)(?: been| doing| going| feel\w*)*"
    r"|how'?s (?:it|life|everything|things|your day)(?: going)?|what(?:'?s| is) (?:up|new|going on|happening)|sup)"
)
_GREETING = re.compile(
    rf"^{_FILLER}(?:why )?(?:hi+|hello|hey+|hiya|howdy|greetings|yo|good (?:morning|afternoon|evening|day)|{_HOW}"
    r"|nice to meet you|你好|您好|嗨|哈[喽啰]|喂|在吗|在么|在不在|有人吗|早上好|早安|下午好|晚上好|最近怎么样)"
    rf"(?: (?:all|everyone|today|right|lately|on this fine day|with you|for you))*{_FILLER}"
    r"(?:在吗|在么|在不在)?[啊呀吗呢哦 ]*\W*$"
)
_THANKED = (
    r"(?:(?:many )?thanks?(?: (?:you|u|a lot|a bunch|a million|so much|very much|again|kindly|for .{2,40}))*|thx|ty|cheers"
    r"|(?:i )?(?:really |so )?appreciate (?:it|that|(?:your|the|all the) \w+|you helping.{0,20})"
    r"|(?:you(?:'ve| have) been |that(?:'s| was) |very |so )*(?:a (?:big|great|huge|real) help|helpful)|much appreciated"
    r"|(?:you are|you're) (?:the best|awesome|great|very kind|so nice)|(?:good|great|nice|well) (?:job|work|done)"
    r"|ok(?:ay)?|great|perfect|awesome|excellent|got it|i see|never ?mind"
    r"|谢谢|多谢|感谢|谢了|辛苦了?|麻烦[你您]了|好的?|明白了?|知道了|了解了?|没事了|没问题了|不用了)"
)
_THANKS = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|great|perfect|good|got it|i see|fine|alright|no|oh|nice|wow|well|i (?:want|need|have) to"
    r"|好的?|嗯|哦|明白了?|知道了|了解了?|没事了|行)[\s,.!，。！]*)*"
    rf"{_THANKED}(?:你|您|啦|了|[!！])*(?:[ ,.!，。]+{_THANKED})*[ ,.!，。]*"
    r"(?:that'?s all|that is all|bye|goodbye|再见|拜拜)?\W*$"
)
_BYE = re.compile(
    rf"^{_FILLER}(?:that'?s all|i must say )?(?:that'?s all|(?:good ?|buh)?bye(?:[ -]?bye)?|farewell|ciao|take care|good ?night"
    r"|see (?:you|ya)|(?:i'll )?(?:talk|catch|speak|see)(?: to| with)?(?: you| ya)? (?:later|soon|around)|have a \w+ \w+"
    r"|(?:it (?:was|is)|i(?:'ve)? (?:had|enjoyed)|i'?m glad).{0,24}(?:talk|speak|chat)\w*.{0,16}|再见|拜拜|晚安|回头见|下次再?聊)"
    rf"(?: (?:for now|later|soon|around|alligator))*{_FILLER}[啦了咯]*\W*$"
)
_IDENTITY = any_of(
    rf"\b(?:are|r) (?:you|u) (?:(?:really|just|actually|even|only|now) )*(?:an? |some |the )?(?:\w+ )?{_MACHINE}\b",
    rf"\b(?:am i|i am|i'm) (?:talking|speaking|chatting|writing)\b[^.?!]{{0,16}}\b{_MACHINE}\b",
    r"\b(?:you(?:'re| are| sound)|think you)\b[^.?!]{0,12}\b(?:(?:chat)?bot|human|computer|ai|robot)\b",
    rf"\b(?:if|whether) you(?:'re| are)\b[^.?!]{{0,12}}\b{_MACHINE}\b",
    r"\b(?:who|what)(?: exactly)? (?:are|r) (?:you|u)\W*$|\bname do you\b",
    r"\bwhat (?:name )?(?:should|can|do|may) i call\b",
    r"\byour (?:(?:full|real|first) )?(?:name|age(?! \w)|birthday|boss|boss's|employer|creator|maker|inventor|programmer)\b",
    rf"\bwhere\b[^.?!]{{0,24}}\b(?:you (?:\w+ )?(?:from|born|{_MADE}|originate\w*)|your (?:roots|origin|birthplace))\W*$",
    r"\b(?:are|should|would) (?:you|i)\b[^.?!]{0,16}\bcall(?:ed)?(?: you| by)?\W*$|\b(?:you|the ai) have a name\b",
    rf"\b{_MADE} (?:you|the ai|this ai)\b",
    rf"\b(?:were|was|are) (?:you|u)\b[^.?!]{{0,12}}\b(?:born|{_MADE}|from|named)\W*$",
    r"\byou were born\b|\bhow old (?:are (?:you|u)|is the ai|you are)\b",
    r"\bwho(?:m)? (?:do|are|did) (?:you|u) work(?:ing)? for\b",
    r"\b(?:you|u) work for (?:who|whom|someone|somebody|me|them)\b",
    r"\bwhat\b[^.?!]{0,40}\bi ask (?:of )?you(?: about)?(?: all about)?\W*$",
    r"\bwhat\b[^.?!]{0,32}\byou (?:can |able to )?(?:do|know|answer|(?:help|assist)(?: me)?(?: with)?)(?: exactly)?\W*$",
    r"^\W*(?:你|您|请问[你您])(?:到底)?(?:是|是不是)(?:真人|机器人?|人工智能|ai|人|谁|什么|活人|人类)(?:吗|么|还是.{1,6}|呢|啊)?\W*$",
    r"是(?:真人|人工|人)还是(?:机器|ai|电脑|自动)|是(?:机器人?|ai|电脑)还是(?:真人|人工|人)",
    r"[你您](?:叫什么|的名字|多大了|几岁|从哪里?来|是谁(?:做|开发|创造)|[能会](?:做|干)什么|会什么|可以(?:帮我)?做什么)",
)
_CHAT = any_of(
    r"\b(?:jokes?|one[- ]liners?|riddles?|trivia)\b|\b(?:tell|show) me something (?:funny|interesting)\b",
    r"\bmake me (?:laugh|giggle|smile)\b|\b(?:fun|interesting|random|cool|amazing) facts?\b",
    r"\bfacts? about (?!this|the|your)",
    r"\bmeaning (?:of|in|to) (?:my )?life\b|\blife'?s meaning\b|\blife have (?:a )?meaning\b",
    r"\bpurpose (?:in|of) life\b",
    r"\byou (?:have|own|keep|like)\b[^.?!]{0,24}\b(?:pets?|hobb(?:y|ies)|girlfriend|boyfriend|children|kids|feelings)\W*$",
    r"\b(?:hobb(?:y|ies)|pets?)\b[^.?!]{0,12}\byou (?:have|own|enjoy|like)\b|\bi love you\b|\bmarry me\b",
    r"\byou do for fun\b",
    r"\byour (?:\w+ (?:of )?)?(?:hobb(?:y|ies)|pets?|free time|spare time)\b",
    r"\bdo you (?:love|like|hate) (?:me|us|cats|dogs|humans)\b",
    r"\b(?:roll|throw|shoot)\w*\b[^.?!]{0,16}\b(?:dice|die|d20|d6)\b|\b(?:dice|die) (?:a )?roll\w*\b",
    r"\b(?:flip|toss)\b[^.?!]{0,12}\bcoin\b",
    r"\bweather\b(?![- ]?(?:proof|resist|station|cover))|\bforecast (?:for|today|tomorrow)\b",
    r"\bheads or tails\b|\bcoin (?:flip|toss)\b",
    r"\b(?:is it|will it|going to) (?:be )?(?:rain|snow|sunny|cloudy)\w*\b",
    r"讲[个一]{0,2}(?:笑话|故事|段子)|说个?笑话|天气(?:怎么样|如何|好吗|预报)|你(?:喜欢|爱)(?:我|吃)",
    r"我爱你|唱[首个]歌",
    r"陪我[聊说]|你[有结](?:女朋友|男朋友|婚了)|好无聊|骰子|抛硬币|人生的?意义",
)
_OFF_TOPIC = any_of(
    # what it was told to be
    r"\b(?:repeat|print|show|reveal|output|translate|tell me|quote|paste)\b[^.?!]{0,40}"
    r"\b(?:system (?:prompt|message)|your (?:initial |original |hidden )?(?:instructions|prompt)"
    r"|(?:first|previous|above) (?:message|text|instructions) (?:you|verbatim|word))",
    r"(?:翻译|重复|复述|逐字|原样|贴出|输出|显示|告诉我)[^。？！]{0,16}"
    r"(?:系统(?:提示|设[定置]|指令|消息|讯息)|提示词|你收到的(?:第一条|指令|提示))",
    r"\b(?:write|compose|generate|draft|code)(?: me| us)? (?:an? |some |the |my )?(?:\w+ ){0,3}?"
    r"(?:code|programs?|script|function|poem|essay|story|song|haiku|limerick|novel|sql|regex|cover letter|speech|blog post)\b",
    r"\b(?:python|javascript|java|sql) (?:code|script|program|function)\b|\b(?:my|with|the|do) (?:\w+ )?homework\b",
    rf"^\W*(?:please |can you |could you )*translate\b|\bsay\b[^?]{{1,40}}\bin {_LANGUAGES}\b",
    r"\b(?:solve|calculate|compute)\b[^.?!]{0,30}\b(?:equation|integral|derivative|square root)\b|\bsquare root of\b",
    r"^\W*(?:what(?:'s| is)|calculate)? ?\d+(?:\.\d+)? ?(?:[+*/×÷^]|plus|minus|times|divided by) ?\d+(?:\.\d+)?[ =?]*$",
    r"\b(?:who|which \w+) (?:won|will win|is winning)\b|\bcapital (?:city )?of [a-z]+\W*$|\bpresident of\b",
    r"\b(?:election|democrats?|republicans?|brexit|prime minister|politic(?:s|ians?)|vote for|bitcoin|horoscope|lottery)\b",
    r"\brecipes? (?:for|to make|of)\b|\bhow (?:do|can) i (?:cook|bake)\b",
    r"\b(?:best|good|any) restaurants?\b|\bstock (?:price|market)\b",
    r"^\W*(?:please |can you |could you )*play (?:some |me |a |the )*(?:music|song|playlist)\b",
    r"\bbook (?:me )?(?:an? )?(?:\w+ )?(?:flight|hotel|table|taxi|uber|cab)\b",
    r"\bset an? (?:alarm|reminder)\b|\bremind me\b",
    r"写[一首篇段个]{0,2}.{0,6}(?:代码|程序|脚本|诗|作文|小说|论文|文章|演讲稿)",
    r"[做写教].{0,3}(?:作业|数学题)|翻译[成一这]",
    r"总统|总理|大选|选举|政治|股票|彩票|比特币|星座|菜谱|(?:怎么|如何)[做煮炒](?:菜|饭|蛋糕)|谁(?:赢|夺冠)|的首都",
    r"订一?[张个]?(?:机票|酒店|餐厅|火车票)|放[首点一]{0,2}[歌音]",
)


def small_talk(plain: str) -> Wish | None:
    """The wish of a message in normal form that asks nothing of the documents; None for the others."""
    if _GREETING.match(plain):
        return "greeting"
    if _THANKS.match(plain) or _BYE.match(plain):
        return "thanks"
    if _IDENTITY.search(plain):
        return "identity"
    if _CHAT.search(plain):
        return "chat"
    return "off_topic" if _OFF_TOPIC.search(plain) else None
