"""The words that a mood is told by, in English and Chinese, under the sign each group gives: those of upset customers
(`mood_words_upset.py`), and here those that say how it goes, what is wanted and what it is about.

What each is worth is learned (`rag/mood.json`) or stands in `rag/mood_feelings.py`.
"""

from __future__ import annotations

from rag.mood_words_upset import (
    ANGER,
    ASTRAY,
    HARSH,
    INSULT,
    POINTED,
    SARCASM,
    THIRD,
)
from rag.small_talk import any_of

AT_US = any_of(
    r"\b(?:you (?:people|guys|all|lot|are|were|promised|said|told|took|sent|charged|managed|keep|never|don't|"
    r"do nothing|have|cheat\w*|lied|call)|your (?:company|service|staff|support|people|team|customer service|"
    "chat ?bot|bot|lies|fault|incompetence|attitude|firm|shop|store|colleagues?|agents?|couriers?|hotline|"
    r"quality|products?)|customer (?:service|support|care)|this (?:company|shop|store|service))\b|\b(?:you|your|"
    "yours|you're|you've|you'd|yourselves|driver|courier|colleague|technician|employee|manager|hotline|"
    r"customers?|museum of|company's)\b",
    "你们|贵公司|贵司|贵店|客服|售后|商家|公司|平台|你家|你们家|贵方|师傅|快递员|维修工|专员|经理|工作人员|老板|"
    "厂家|厂商|品牌|客户|顾客|消费者",
)
THREAT = any_of(
    r"\b(?:sue|lawyer|attorney|solicitor|legal action|lawsuit|ombudsman|trading standards|"
    "consumer (?:protection|rights|council)|small claims|regulator|police|newspaper|expose|report you|"
    r"social media|one[- ]star|1[- ]star|chargeback|dispute)\b",
    r"投诉|举报|曝光|起诉|律师|法院|工商|消协|消费者协会|12315|工信部|(?<![\da-z])315(?![\da-z])|维权|媒体|报警|讨个?说法|"
    "给个?说法|告你们|诉讼",
)
LEAVING = any_of(
    r"\b(?:never (?:again|buy|order|shop|use|come)|last time i|lost a customer|los(?:e|ing) (?:a|"
    "me as a) customer|take my (?:business|money)|switch(?:ing)? to (?:a|an|another|your)|competitor|"
    r"cancel (?:my|the) (?:account|contract|subscription|membership)|done with (?:you|this))\b",
    "再也不(?:会|买|用|来)|不会再|最后一次|换(?:家|别家|一家|移动|联通|电信)|拉黑|销户|注销|退网|转网|抵制|后悔|"
    "对[你您贵].{0,6}失望",
)
DISAPPOINTED = any_of(
    r"\b(?:disappoint\w*|frustrat\w*|upset|annoy\w*|unhappy|dissatisf\w*|let down|unprofessional|unreliable|"
    "unfair|irresponsible|poor(?:ly)?|bad|wast(?:e|ed|ing)|ignor(?:e|ed|ing)|helpless|desperate|speechless|"
    r"regret\w*|complain(?:ed|ing)?)\b",
    "失望|郁闷|无奈|不满|委屈|伤心|崩溃|抓狂|(?<!麻)烦|心寒|寒心|纠结|坑|悲[剧催]|无助|头疼|闹心|蛋疼|不爽|着急|"
    "不给力|(?<!温|相|时|误)差(?!不多|异|别|价|额)",
)
AGAIN = any_of(
    r"\b(?:again|still|yet|another time|once more|over and over|repeatedly|(?:second|third|fourth|fifth|2nd|3rd|"
    r"4th|5th|nth|umpteenth) time|(?:two|three|four|five|several|many|\d+) times|keeps?|every time|"
    "how many (?:times|more)|already (?:told|said|asked|sent|called|explained)|as i (?:said|wrote)|"
    r"for the last time|no one (?:has )?(?:answer|reply|repli|respond)\w*|nobody)\b|\bwhat else\b|\bor not\b|"
    r"\bonce and for all\b",
    r"又|还是|仍然?|依然|依旧|再次|一直|每次|老是|总是|反复|多次|几次|[两二三四五六七八九十\d]+次|n次|无数次|"
    "好几[次天]|第[二三四五六n]次|说过|问过|打过|催|没人|无人|都说|已经.{0,8}(?:天|月|周|次|遍)|几[十百]?[遍个]|"
    "迟迟|到现在|至今|真的是|到底|究竟|所以",
)
WAITING = any_of(
    r"\b(?:wait\w*|delay\w*|late|overdue|how long|(?:for|in|after) (?:\w+ )?(?:\w+ )?(?:hours?|days?|weeks?|"
    r"months?|years?)|(?:\d+|two|three|four|five|six|several|many|whole) (?:hours?|days?|weeks?|months?)|"
    r"no (?:reply|response|answer|news|refund))\b",
    r"等了|一直等|多久|[两二三四五六七八九十几半\d]+个?(?:多)?(?:小时|天|月|周|星期|礼拜|年)|没(?:有)?(?:回复|"
    "回应|消息|反应|结果|解决|处理|动静)|不(?:回复|理|解决|处理|作为)|拖",
)
URGENT = any_of(
    r"\b(?:urgent\w*|asap|immediately|right (?:now|away)|at once|emergency|as soon as possible|quickly|hurry|"
    r"today|tonight|this minute|deadline|by (?:tomorrow|tonight|today|monday|friday)|can(?:no|')t wait)\b",
    "紧急|急急|很急|着急|急用|急需|急死|马上|立刻|立即|赶紧|尽快|快点|速度(?:点|回|处理)|速回|抓紧|今天(?:必须|"
    "就要|之内)|现在就|等不[了及]",
)
RHETORIC = any_of(
    r"\b(?:what (?:on earth|the hell|kind of|is wrong with)|how (?:can|could|dare) you|are you (?:kidding|joking|"
    "serious|even)|do you (?:even|really|call)|don't you|can't you|isn't it|is (?:this|that) (?:how|what|your)|"
    r"who (?:do you|cares)|why (?:the hell|should i|do i have|is it so|can't|don't|doesn't))\b",
    "难道|到底|究竟|凭什么|怎么(?:回事|这么|这样|能|可以|总|老|就)|为什么(?:不|还|没|总|要|就)|什么(?:意思|态度|"
    "情况|服务|东西)|是不是|有没有(?:搞错|人|道理)|算什么|谁(?:来|给|负责)|至于|好意思|这就是|就这(?:样|么|种)|"
    "你们.{0,10}[吗么呢]？",
)
BLAME = any_of(
    r"\b(?:your (?:company|service|staff|fault|mistake|people|team|customer service|promise)|you (?:people|guys|"
    r"promised|said|told|never|don't|cheat|lied|are all|only|always)|responsib\w*|compensat\w*|refund|explain|"
    r"explanation|apolog\w*|fault|attitude|promis\w*)\b",
    "你们(?:家|公司|的)?|贵(?:司|公司)|负责|赔[偿付]?|退钱|退款|还钱|解释|道歉|态度|承诺|说好|答应|责任|损失|"
    "扣(?:费|钱|款)",
)
POLITE = any_of(
    r"\b(?:please|could you|would you|can you (?:please )?(?:help|tell)|excuse me|kindly|may i|hello|hi|i wonder|"
    r"would like to (?:know|ask)|help)\b",
    "请问|请教|麻烦|您好|你好|能否|可否|咨询|帮忙|求助?|希望|想问|劳驾|谢谢|亲",
)
THANKS = any_of(
    r"\b(?:thanks?|thank you|thx|appreciate\w*|grateful|cheers)\b",
    "谢谢|感谢|多谢|谢了|谢谢啦|辛苦|3q|thx",
)
RESOLVED = any_of(
    r"\b(?:solved|resolved|fixed|works? (?:now|again)|working (?:now|again)|it works|sorted|got it|recovered|"
    r"that helped|i see|understood|problem is (?:gone|solved)|all good|ok(?:ay)?|received)\b",
    "解决了|好了|可以了|搞定|恢复了?|正常了|成功了?|知道了|明白了?|收到|好的|ok|嗯|原来如此|懂了|"
    "已(?:经)?(?:解决|收到|恢复|处理好)|弄好",
)
PLEASED = any_of(
    r"\b(?:great|good|love|nice|perfect|excellent|awesome|happy|glad|satisfied|wonderful|best|helpful|thumbs up|"
    r"praise|support you|kind|convenient)\b",
    r"不错|很好|赞|喜欢|满意|开心|高兴|给力|支持|棒|爱|好评|期待|漂亮|方便|厉害|表扬|点赞|嘻嘻|哈哈|\[(?:赞|给力|"
    r"good|鼓掌|爱你|心|嘻嘻|哈哈)\]|～|~",
)
ASKS = any_of(
    r"\b(?:how (?:do|to|can|does|should|often|long does|long do|long is|much|many|loud|heavy|big|far|soon)|"
    "where (?:can|do|is|are|does)|when (?:will|does|is|can|are|do)|which|what(?:'s| is| are| does| do| should|"
    r" can| time| else can| happens| size| kind of \w+ (?:do|should|is))|is (?:there|it|this|that|the)|"
    "are (?:there|the|they)|can (?:i|you (?:tell|help|send|recommend|check|ship|explain)|the|it|we|my)|"
    "could (?:i|you)|may i have|do (?:i|they|you (?:have|sell|ship|offer|take|accept|deliver|repair|know))|does|"
    "should i|would like to know|like to know|want to know|please (?:tell|send|help|check|advise)|looking for|"
    r"need (?:a|the|to|some|help)|i want to (?:return|buy|order|exchange|know)|help)\b",
    "怎么(?!回事|还|这|能|可以|敢|搞|做生意)|如何|哪[里儿个款种些]|什么(?:时候(?!才)|型号|尺寸|颜色|原因|办法|"
    "意思是)|多少|多久|多大|几[个天号点]|能不能(?!别|不)|可以[^。！？]{0,14}吗|有[^。！？]{0,8}吗|是否|"
    "有没有(?!搞|良|素|人管|诚)|请问|咨询|想问|想知道|推荐|求助|帮我|帮忙|正常吗|支持吗|需要[^。！？]{0,10}吗|"
    "吗(?=[?？]?$)",
)
NEGATION = any_of(
    r"\b(?:not?|never|none|nothing|nobody|cannot|without)\b|n't\b",
    "不|没|无|别|未",
)
FAILING = any_of(
    r"\b(?:can(?:no|')t|could(?:n't| not)|doesn't|don't|didn't|won't|isn't|unable|fail\w*|broken|error|crash\w*|"
    r"problem|issue|wrong|stuck|lost|missing)\b",
    "不(?:了|能|到|上|好|行|通|出|开|见|动)|无法|失败|错误|问题|故障|坏|死机|闪退|断|卡|没有?(?:信号|网|用|反应)|"
    "不能用",
)
MONEY = any_of(
    r"\b(?:money|charg\w*|bill\w*|fees?|paid|pay\w*|refund\w*|rmb|yuan|deduct\w*|balance|price|cost)\b|[$€£¥]",
    "钱|费|扣|元|退款|付款|支付|话费|账单|余额|块",
)
HOW_TO = any_of(
    r"\b(?:how (?:to|do|can)|where (?:can|do|is)|when (?:will|does|is|can)|which|is there|does (?:it|the|this)|"
    r"do you (?:have|sell|ship)|can i|may i|what is the)\b",
    "怎么(?:办理|设置|用|使用|弄|样|查|开|下载|办)|如何|哪里|哪个|什么时候|能不能|可以.{0,12}吗|多少|请问|是否|有没有",
)
UNRESOLVED = any_of(
    r"\b(?:same (?:problem|issue|thing|answer)|still (?:not|no|can't|doesn't|isn't|the same|waiting|broken)|"
    "not (?:solved|resolved|working|helpful|true|enough)|no use|useless|doesn't (?:work|help)|didn't (?:work|"
    r"help)|that'?s not|talk nonsense|nonsense|never mind|forget it)\b",
    "没(?:有)?用|不管用|还是(?:不|没)|没(?:有)?解决|解决不了|不解决|不是.{0,6}问题|答非所问|胡说|废话|算了|官方|"
    "套话|机器人|复制粘贴|一样|白",
)

GROUPS = {
    "insult": INSULT,
    "anger": ANGER,
    "threat": THREAT,
    "leaving": LEAVING,
    "disappointed": DISAPPOINTED,
    "harsh": HARSH,
    "pointed": POINTED,
    "third": THIRD,
    "astray": ASTRAY,
    "at_us": AT_US,
    "again": AGAIN,
    "waiting": WAITING,
    "urgent": URGENT,
    "rhetoric": RHETORIC,
    "sarcasm": SARCASM,
    "blame": BLAME,
    "polite": POLITE,
    "thanks": THANKS,
    "resolved": RESOLVED,
    "pleased": PLEASED,
    "asks": ASKS,
    "negation": NEGATION,
    "failing": FAILING,
    "money": MONEY,
    "how_to": HOW_TO,
    "unresolved": UNRESOLVED,
}
