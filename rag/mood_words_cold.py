"""The words by which displeasure shows without a harsh word: reproach, neglect, contacts counted, praise beside a flaw.

Kept apart from `rag/mood_words.py`: the learned model (`rag/mood.json`) counts those and was made without these.
"""

from __future__ import annotations

from rag.small_talk import any_of

_MANY = r"(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\d+|several|many|countless|a dozen|multiple)"
_NTH = r"(?:second|third|fourth|fifth|sixth|2nd|3rd|4th|5th|another)"
REPROACH = any_of(
    r"\b(?:says?|said|told|promis\w+|calls?|called|claims?|writes?|wrote)\b[^.?!\"]{0,20}\"|\bif (?:i|you|we) (?:ran|were|"
    r"treated|"
    r"worked|behaved|did (?:my|our|that|this))\b|\b(?:would|might) be nice (?:if|to)\b|\bonce in a while\b|\bsincerely hope\b|"
    r"\bwhy (?:do|should|must|would|am) i (?:have|need|be|pay|prove|wait|expected|supposed|the one)\b|\byou have (?:until|"
    r"\d+|two|three|seven|ten|fourteen|one) (?:days?|hours?|weeks?)\b|\blost (?:all |any |my )?(?:trust|faith|confidence)\b|"
    r"\bi (?:don't|do not) need \w+(?: \w+)?, i need\b|\bsame (?:conversation|story|questions?) (?:with|over|again)\b|"
    r"\bmay i ask\b\W*$|\brecite\b|\bshould be embarrassed\b",
    '说[是:：]?[“"「]|贵(?:公司|司)[^。？！，]{0,16}(?:打算|认为|觉得|难道|为什么|为何|只|以|到底|究竟|何时)|不需要[^。？！，]{1,8}，[^。？！，]{0,3}需要|认真的吗|只?是?用?来[^。？！，]{1,8}的吗|客气[点些]|没办法[^。？！，]{0,8}'
    "交代|自己数|死心|凭啥|谁(?:允许|让|给)你们|不要[^。？！，]{1,8}，我[^。？！，]{0,3}要|三天两头|合着",
    r"\btoo much to (?:ask|expect|hope)\b|\bam i (?:right|correct|to understand|to believe|to assume|mistaken|"
    r"expected|really supposed)\b|\b(?:do|did) i understand (?:correctly|you|this|right)|\b(?:so|are) (?:you(?:'re|"
    r" are)?|what you(?:'re| are)) (?:\w+ )?(?:telling|saying|suggesting|expecting|asking me)\b",
    r"\b(?:perhaps|maybe) (?:you|someone|somebody|anyone|one of you)\b[^.?!]{0,30}\b(?:explain|tell|enlighten|kind|"
    r"care|find)\b|\b(?:kind|good) enough to\b[^.?!]{0,24}\b(?:why|explain|what|read)\b|\b(?:obliged|grateful|nice|lovely|"
    r"helpful|wonderful) if (?:you|someone|somebody|anyone|one of you)\b[^.?!]{0,50}\b(?:actually|read|trouble|finally|"
    r"bother\w*|"
    r"for once|one day|ever)\b|\bforgive me (?:for|if)\b|\b(?:trouble|courtesy|decency|bother) (?:of|to) (?:\w+ )?(?:read|"
    r"reply|"
    r"answer|writ|tell|call)\w*\b|\bcare to (?:explain|comment|tell)\b|\benlighten me\b",
    r"\b(?:the )?only (?:thing|answer|response|advice) (?:you|i)\b|\ball (?:you|i) (?:can|could|have|ever|get|got|hear)"
    r"\b|\bis that (?:really )?(?:all|the best|your answer)\b|"
    r"\blet me put it\b|\bshall i then\b|\bthen,? shall i\b|\bin (?:\w+ ){0,3}years of\b|"
    r"\bnever (?:once |before )?(?:have i|felt|known|met|dealt|been dealt)\b|"
    r"\bis not (?:a solution|an answer|an apology|service|a reply)\b|\bso carelessly\b",
    r"\b(?:not|n't) asking (?:for )?(?:the (?:moon|earth|world)|much|a lot|too much)\b|\b(?:lost count|stopped counting)\b|"
    r"\bhow (?:convenient|odd|strange|curious|does one|is one|do you people|do you manage|did you manage)\b|\bwhat (?:do|must|"
    r"does|would) (?:i|one|a customer) (?:have to|need to|do)\b[^.?!]{0,12}\bto (?:get|make|be|have|reach|talk)\b|\bgetting "
    r"(?:silly|ridiculous|old|tiresome|beyond)\b|\b(?:different|another) (?:date|story|answer|version|excuse|person|reason)\b"
    r"[^.?!]{0,20}\b(?:every|each|time)\b|\b(?:every|each) (?:agent|person|colleague|call|time)\b[^.?!]{0,30}\b(?:different|"
    r"another|new|something else|start)\b|\b(?:next|this) week,? (?:next|this) week\b|\b(?:a|one|the) (?:company|firm|"
    r"brand|shop) "
    r"(?:of your|your|that) (?:size|claims|calls|answers|cares|says)\b",
    r"\bi (?:should|would) be (?:interested|curious|fascinated|glad|intrigued)\b|\b(?:interested|curious|fascinated) to "
    r"(?:learn|know|hear|see)\b|\bi (?:had|have) (?:rather )?(?:hoped|expected|assumed|trusted)\b|\bhad i known\b|"
    r"\bfoolish(?:ly)?\b|\bmore fool me\b|\bdo not raise my voice\b|\bi (?:don't|do not) want (?:another|any more|a|an)"
    r"\b|\bwhat i paid for\b|\bpaid (?:good|hard[- ]earned) money\b",
    r"\b(?:trustpilot|one[- ]star|bad review|journalists?|newspapers?|go(?:ing)? viral|warn (?:others|everybody|people)|"
    r"facebook|twitter|tiktok|instagram)\b",
    "敢问|试问|请教一?下?[^。？！]{0,20}(?:合适|打算|何时)|不是来(?:吵|闹|找)|换[了作成]?[你您](?:们)?(?:能|会|愿意|试|怎么)|哪句(?:话)?是真|"
    "一会儿?[^。？！]{1,20}一会儿?|(?:今|明)天[^。？！]{1,12}(?:明|后)天|说(?:是)?(?:明天|今天|马上|尽快)|车轱辘|有意思吗|心凉|推脱|踢|"
    "为单位|真金白银|越[^。？！，]{1,3}越[少差坏糟慢烂]|耐着性子|好说歹说|来来回回|这么[久难多慢]|就(?:想|要|为)[^。？！，]{0,6}一个",
    "(?:可以|能)(?:不可以|不能)?(?:这样|这么)理解|你们?的?意思是|言下之意|帮我(?:数|算)一?下|(?:劳驾|麻烦|请)[^。？！，]{0,6}"
    "解释[^。？！]{0,4}为什么|(?:恐怕|似乎|好像)不(?:太)?(?:合适|妥|好|合理|应该)|头一[遭回次]|平生|从来?没(?:有)?"
    "(?:见|遇到|碰到|受)过",
    "我的时间|误工|请了?[^。？！，]{0,3}假[^。？！]{0,8}(?:等|在家)|白等|白跑|人影|已读不回|忙线|占线|推来推去|来回推|"
    "推了[^。？！，]{0,6}[天月周]|(?:不|没)(?:爱|想|愿)[^。？！，]{0,4}(?:争执|争吵|计较|撕破脸)|说好[^。？！]{0,30}"
    "(?:已经|原来|到头来|到现在|还|却)|早知道|对得起|小红书|抖音|微博|朋友圈|记者|避雷|避坑",
)
OUTBURST = any_of(
    r"\b(?:what(?:'s| is) the matter|wrong) with you\b|\byou lot\b|\bunreal\b|\bunbelievable\b|\bsort yourselves\b|"
    r"\bfor (?:god|heaven|goodness|christ|pete)'?s'? sake\b|\bjesus\b|\bbeyond me\b|\bhow hard (?:can|is) (?:it|that)\b|"
    r"\b(?:day|moment|minute|hour) i (?:found|walked|clicked|bought|ordered)\b|\bof my life\b",
    "还有没有[^。？！，]{0,4}(?:道德|良心|诚信|底线|责任|素质|人|王法|天理)|职业道德|职业操守|买罪受|花钱(?:买|受|找)(?:罪|气)|等你个|"
    "个头啊|抢钱|抢劫|老天|天理|王法|要命|真行|够了吧|有完没完|气不过|窝囊|丢人|讽刺|缺德|吃人|明抢|心黑|活该",
)
COUNTED = any_of(
    r"\b(?:third|fourth|fifth|sixth|3rd|4th|5th|umpteenth|last) (?:attempt|try|time)\b|\b(?:three|four|five|\d+) times (?:now|"
    r"already)\b",
    "第[三四五六七八九十]+[次遍回]|最后(?:问)?一[次遍]|[三四五六七八九十]遍了",
)
NEGLECT = any_of(
    r"\b(?:nobody|no[- ]one|none of (?:you|them)|not one of|you (?:haven't|have not|never|still haven't)|(?:he|she|"
    r"they|driver|courier|technician) (?:never|didn't|hasn't|haven't)|who (?:\w+ )?(?:hasn't|never|has not))\b[^.?!]{0,30}"
    r"\b(?:read|look\w*|repl\w+|answer\w*|called|rang|rung|came|come|showed|turn\w*|bother\w*|cared?|correct\w*|fix\w*|"
    r"help\w*|wr(?:ote|itten)|told|explain\w*|apologi\w+|acknowledg\w+|respond\w*)\b",
    r"\b(?:met with|nothing but|total|complete|deafening|radio) silence\b|\bnot (?:a|one) (?:single )?(?:word|reply|call|"
    r"e-?mail|apology|answer)\b|\bjust one reply\b|\bwalked (?:out|off|away)\b|\bhung up\b|\bdays? off (?:work)?\b|"
    r"\b(?:stayed|sat|waited) (?:at |in )?(?:home|in|by the door)\b|\bneither the \w+ nor\b|\bignored\b|\bfobbed\b",
    "(?:没有?|无)(?:一个)?人[^。？！，]{0,6}(?:回应|回复|理|管|看|处理|联系|补|解决|通知)|连[^。？！]{0,14}(?:都|也)(?:没|不)|"
    "哪位[^。？！，]{0,4}看过|(?:没有?|无)[^。？！，]{0,4}(?:看过|读过|听过)我|电话(?:也|都)不|一(?:句|声|个)[^。？！，]{0,8}"
    "(?:都|也)(?:没|不)|就(?:走|撤|跑|挂)了",
)
CONTACTS = any_of(
    rf"\b{_MANY} (?:of my |of our )?(?:\w+ )?(?:e-?mails|letters|calls|messages|tickets|chats|visits|appointments|"
    r"reminders|repairs|replacements|technicians|agents|complaints)\b",
    r"\bthe \d+(?:st|nd|rd|th)\b[^.?!]{0,20}\b\d+(?:st|nd|rd|th)\b[^.?!]{0,20}\band\b",
    rf"\b{_NTH} (?:repair|replacement|technician|visit|call|e-?mail|letter|complaint|attempt|appointment)\b",
    r"\b(?:same|identical) (?:old )?(?:fault|defect|text|reply|paragraph|script|template|excuse|sentence)s?\b",
    rf"\b(?:had|owned) (?:\w+ ){{1,3}}{_MANY} (?:weeks|months)\b[^.?!]{{0,60}}\b(?:workshop|repair)",
    "(?:写|发|打|收到|回|换|修|问|催)(?:过|了)?[^。？！，]{0,4}[两二三四五六七八九十几\\d]+多?(?:封|通|遍|次|回|条|个电话)|"
    "各(?:写|打|发)了|[两三四五六七八九十几\\d]条(?:消息|留言|短信)|同样的(?:一段)?话|(?:都|还)是那(?:一)?(?:句|段|套)",
)
PRAISE = any_of(
    r"\b(?:wow|brilliant|splendid|superb|marvell?ous|so glad|delighted|chef's kiss|outdone|top marks|full marks|"
    r"nothing says|well played|clever|genius|impress\w*|amazing|perfect|fantastic|bravo|proud|lovely|wonderful|great|"
    r"charming|excellent|outstanding|exceptional|remarkable|hats off|ah yes|thrilled|stunning|so (?:happy|pleased)|"
    r"milestone|fabulous|enjoying|splendidly|magnificent|a triumph|truly|how (?:nice|kind|thoughtful)|convenient|"
    r"world[- ]class|"
    r"what a|good (?:job|work)|nice (?:work|one|job)|congratulations|ingenious|elegant|innovative|works of)\b",
    "佩服|服了|敬业|贴心|颁[^。？！，]{0,6}奖|惊喜|太棒|真棒|绝了|真牛|牛啊|祝贺|恭喜|五体投地|没谁了|好一个|不愧|了不起|"
    "真(?:行|会|厉害|好|不错|可以|周到|高效)|果然|感谢|点赞|高明|一流|可以啊|厉害|先进|智能|精准|神奇|创新|用心|良心|优秀|完美",
)
FLAW = any_of(
    r"\beverything (?:but|except)\b|\banything (?:but|except)\b|\bn't\b|\bnot\b|\bnothing\b",
    r"\b(?:worse|worst|broke\w*|break\w*|(?:falls?|fell|falling) (?:off|apart|over)|dead|dies|died|leak\w*|smell\w*|"
    r"stink\w*|stuck|wrong|twice|second time|third|forgotten|late|wait\w*|weeks|months|instead|lost|missing|fail\w*|"
    r"exactly one|same one|over and over|never been|never|nobody|partially|without|until (?:\w+ )?(?:easter|christmas|"
    r"next year|spring|summer)|nothing works|supposed to|crash\w*|brick(?:s|ed)?|touring|useless|scratch\w*|"
    r"cold|flood\w*|bin)\b|"
    r"\bdays\b",
    "坏|砖|废了|掉了|臭|漏|死机|卡|丢|裂|烂|堵|响|摔|错|没有|没法|不能|不了|不转|不动|才用|第[二三四五]次|[一二三四五六七八九十\\d]+"
    "[天周]了|[一二三四五六七八九十两几]个?(?:月|星期|礼拜)|来回|从没|哪个月|还没|又",
)
MIXED = any_of(
    r"(?<!everything )(?<!anything )\b(?:but|although|though|apart from|except|only thing|just one thing|otherwise)\b",
    "但是|不过|可是|就是有点|只是|除了|美中不足|唯一",
)
EASY = any_of(
    r"\b(?:no hard feelings|my (?:own )?fault|just (?:asking|curious|wondering)|no (?:hurry|problem|worries)|"
    r"(?:furious|angry|mad|upset) (?:with|at) (?:me|myself)|i(?:'m| am) (?:a|an) (?:lawyer|solicitor|attorney|journalist))\b",
    "没关系|没事|不要紧|就问问|问一句|先问问|随便问|顺便问|怪我|我自己|是我不|(?:我是|朋友是|当)(?:个)?(?:律师|记者)|"
    "(?:热|累|困|忙|乐|笑|渴|冷)(?:疯|死|坏)|发火了嫌|爱了",
)
BACK = any_of(
    r"\bthat (?:page|link|answer|article|is|was|only)\b|\bthat's (?:\w+ )?(?:for|to|about|the)\b|\bi (?:know|read)\b|"
    r"\bi asked\b|\byou(?:'re| are) (?:talking|answering|telling|describing)\b|\byou (?:sent|have sent|told|gave) me\b|"
    r"\bi(?:'m| am) (?:talking|asking) about\b|\bwhat about\b[^?!]{0,40}\bthen\b|\bi need\b",
    "我知道|我(?:是在)?问的?(?:是)?|你(?:说|讲|回答|答|给)的(?:是|都是)?|不是[^。？！]{0,12}(?:是|，)|看过了|不是(?:说|指)",
)
INSISTED = any_of(
    rf"\b{_NTH} (?:attempt|try|time)\b|\bas i (?:said|wrote|mentioned|explained)\b|\b(?:did|done|tried|checked|cleaned|"
    r"read) (?:all |that|this|both|everything)(?: (?:that|too|already|of that|twice))?\b|\b(?:no|same|without) (?:change|"
    r"result|difference|effect|success)\b|\b(?:round|around) in circles\b|\bsame (?:page|link|answer|reply|text|steps)\b|"
    r"\byes or no\b|\bi asked (?:about|for|whether|if|you)\b|\byou(?:'re| are) (?:talking|answering) (?:about|a)\b|"
    r"\b(?:can|can't|do|don't|is|isn't|will|won't) (?:i|you|it) or (?:can|can't|do|don't|is|isn't|will|won't) (?:i|you|it)\b",
    "[再最]后?(?:问|说)一[次遍]|又发了?一?[遍次]|都说(?:过|了)?|你(?:说|回答|答)的是|我问的?是|我问[^。？！，]{0,12}没有|"
    "[这也都]?(?:擦|试|做|查|换|重启|按|看)过了|没变化|没区别|来回(?:就|都|还)|绕(?:来绕去|圈)|又是(?:这|同|一样)|"
    "(?:问|说)了[两三四几]遍",
)

SHOWN = {
    "outburst": OUTBURST,
    "counted": COUNTED,
    "reproach": REPROACH,
    "neglect": NEGLECT,
    "contacts": CONTACTS,
    "praise": PRAISE,
    "flaw": FLAW,
    "mixed": MIXED,
    "easy": EASY,
    "back": BACK,
    "insisted": INSISTED,
}
