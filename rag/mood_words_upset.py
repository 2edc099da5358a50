"""The words by which upset customers show, in English and Chinese, each group under the sign it gives. Words only.

Patterns are matched in normal form (`rag.text.normalise`): lower case, Simplified. HARSH is said of brushes and smells as
often as of people; the other groups are meant for whoever reads them. "Return" or "broken" is in none.
"""

from __future__ import annotations

from rag.small_talk import any_of

INSULT = any_of(
    r"\b(?:idiots?|morons?|incompeten\w+|clowns?|liars?|lying|lies|thie(?:f|ves)|crooks?|scam\w*|cheaters?|"
    r"cheat(?:ed|ing)|swindl\w+|robbed|amateurs?)\b|\b(?:f+u+c+k\w*|fck\w*|wtf|shit\w*|bullshit|bs|"
    r"piece of (?:crap|junk|garbage|rubbish|trash)|screw you|piss(?:ed)? off|go to hell|jerks?)\b|\b(?:you|"
    r"you guys|you people|your \w+(?: \w+)?|service|support|company|bot|chatbot|this|it)(?:'re| are| is|'s|"
    " was)? (?:all |so |just |really |absolutely |totally |completely |complete |total |utter |utterly |such |a |"
    r"an )*(?:useless|worthless|stupid|dumb|trash|garbage|rubbish|crap|junk|hopeless|incompetent|bunch of)\b|"
    r"\b(?:useless|stupid|dumb|worthless|damn|bloody|fucking|crappy|rubbish) (?:bot|chatbot|company|service|"
    r"support|machine|people|robot|vacuum|product|thing|shop|customer service)\b",
    "骗子|骗[人钱我]|受骗|上当|被骗|坑爹|坑人|坑[我死]|流氓|无赖|白痴|傻[逼b叉]|脑残|去死|滚(?!动|筒|轮|屏|烫|刷|"
    "珠|水|开)|妈的|他妈|(?<![a-z])(?:tmd|nmd|sb|nt)(?![a-z])|狗屁|放屁|屁用|卵用|毛用|操蛋|尼玛|你妹|黑心|无良|"
    "奸商|奇葩|混蛋|王八|废物|智障|霸王|不要脸|要不要脸|要脸|草泥马|卧槽|我靠|坑货|烂透|摆设|吃干饭|吃白饭|"
    "智商税|破(?:网|公司|手机|客服|玩意|东西|软件|系统|店|机器)|垃圾(?:公司|产品|服务|客服|东西|店|质量|品牌|"
    "软件|平台|机器|货|售后|玩意|$|[，。！!,.])|死(?:机器人|客服)",
)
ANGER = any_of(
    r"\b(?:unacceptable|outrageous|outraged|disgusting|disgusted|appall\w*|ridiculous|pathetic|disgrace\w*|"
    r"furious|livid|fuming|enraged|infuriat\w*|i(?:'m| am)(?: \w+)? (?:angry|mad)|angry|shameless|shame on|"
    r"shameful|insulting|absurd|a joke|laughing stock|nightmare|shambles|worst (?:\w+ ){0,2}(?:service|company|"
    "shop|experience|support|customer|store|purchase|product)|fed up|(?:had|have had|had it|"
    "i've had) (?:more than )?enough|enough is enough|sick (?:and tired )?of|tired of (?:this|you|your|waiting|"
    r"being)|no excuse|inexcusable|how dare|ripped? off|rip-off|fraud\w*|deceiv\w*|deceit|doesn't give a|"
    "don't give a|nobody (?:gives|cares)|you don't care|last straw|beyond (?:belief|a joke)|(?:waste|wasted|"
    "wasting) (?:of )?(?:my )?(?:money|time)|treat(?:ed|ing)? (?:me|us|customers|your customers|people) like|"
    "absolute(?:ly)? (?:joke|terrible|awful|horrible|appalling)|incredible incompetence|(?:terrible|awful|"
    r"horrible|lousy|poor|bad|dreadful|abysmal|appalling) (?:\w+ )?(?:service|company|support|experience|shop|"
    "store|treatment|attitude|communication|customer service)|(?:service|support|company|experience) (?:is|was|"
    r"has been) (?:\w+ )?(?:terrible|awful|horrible|lousy|bad|dreadful|abysmal|poor)|i hate (?:you|this|your))\b|"
    r"\bwhat (?:kind|sort) of (?:\w+ )?(?:company|shop|store|service|people|support|business|joke)\b|"
    r"\bwhat (?:the (?:hell|heck|f\w+)|on earth)\b|\bwrong with you\b|\bi(?:'m| am) (?:so |really |absolutely |"
    r"beyond )?(?:outraged|seething|raging|disgusted|angry|mad)\b|\b(?:shabby|contempt|disrespect\w*|rude|"
    r"arrogant|indifferen\w+|mockery|scandal\w*|atrocious|diabolical|dreadful service)\b|\bbankrupt\b",
    "气死|气人|愤怒|生气|火大|发火|恼火|窝火|冒火|气炸|怒了|太过分|过分了|忍无可忍|受够|受不了了|真是够了|够了！|"
    "无法接受|不能接受|不可接受|无法容忍|不能忍|忍不了|荒唐|荒谬|可笑|无耻|可恶|可气|可恨|欺[骗诈负]|忽悠|"
    "耍[人我]|糊弄|敷衍|推[脱托诿卸]|扯皮|踢皮球|不负责任|没人负责|态度(?:极其?|太|很|真|非常|特别|如此)?(?:差|"
    "恶劣|不好)|差劲|(?:服务|质量|售后|体验|品质|客服|公司|店)(?:真|太|极其?|实在|特别|非常|也|这么|怎么这么|"
    "都)*(?:差|烂|垃圾|糟糕)|太差了|太烂|什么破|什么玩意|什么东西|凭什么|岂有此理|太?离谱|无语|吐槽|差评|最差|"
    "极差|乱扣|乱收|店大欺客|鄙视|呵呵|浪费(?:我|时间|感情|钱)|管不管|还管吗|有没有人管|没人管|搞什么|干什么吃|"
    "在干什么|当我(?:傻|是)|拿我当|把(?:我|客户|顾客)当|不把.{0,6}当|太让人(?:失望|生气|气愤)|气愤|说话不算|"
    "言而无信|出尔反尔|不讲(?:理|道理|信用)|服了你们|倒闭|关门大吉|傻子|当猴|当傻|气到|气得|气坏|气疯|恼人|"
    "简直是?(?:欺|耍|抢|骗|垃圾|笑话|侮辱)|笑话|侮辱|嚣张|冷漠|傲慢|不闻不问|置之不理|爱答不理|怎么做(?:生意|"
    "服务|客服)|做生意的|什么(?:态度|服务|客服|售后|公司|素质)|有没有(?:良心|素质|诚信|搞错)|没(?:有)?(?:良心|"
    "素质|诚信)|太(?:气人|欺负人|坑|恶心|无耻|嚣张|让人寒心)|真(?:恶心|气人|无语|坑)|最(?:烂|差|垃圾|坑|"
    "恶心)的?(?:牌子|品牌|公司|店|服务|客服|售后|东西|一次|体验)?",
)
HARSH = any_of(
    r"\b(?:terrible|awful|horrible|hate|mad|stupid|dumb|damn|bloody|hell|crap|trash|garbage|rubbish|junk|sucks?|"
    r"suck|useless|worst|joke|anger|pissed)\b",
    "垃圾(?!袋|桶|箱|处理|分类|盒)|恶心|糟糕|(?<!打|涂)烂|讨厌|坑|怒|差劲|可怕|搞笑|强制",
)
POINTED = any_of(
    r"\b(?:(?:more than|very|extremely|been) patient|my patience|losing (?:my )?patience|out of patience|"
    r"yet to (?:receive|hear|get|see)|with (?:all )?(?:due )?respect|expected (?:\w+ )?(?:better|more)|"
    "no longer (?:recommend|trust|accept|willing)|cannot (?:recommend|accept|understand how)|would not recommend|"
    "won't recommend|finally (?:do|explain|tell|answer|reply|respond|get|send|fix|take|help|deal)|"
    "explain to me (?:why|how)|(?:care|kindly|please|mind|like) (?:to )?(?:explain|explaining) (?:why|how)|(?:as|"
    "what|than) (?:was |you |i was |were |had )*promised|promised me|taken seriously|take (?:me|this|it|"
    r"your customers) seriously|quite remarkable|i find (?:it|this) (?:\w+ )?(?:disappointing|astonishing|"
    "remarkable|hard|difficult|strange|unacceptable|extraordinary|troubling|concerning)|regret to (?:inform|say|"
    r"tell)|i (?:am|was) (?:\w+ ){0,2}(?:dismayed|dissatisfied|disappointed|astonished|baffled|let down|"
    "unimpressed|appalled|displeased|disheartened)|(?:deeply|extremely|very|most|bitterly|thoroughly|so|truly|"
    r"profoundly) (?:disappoint\w+|dissatisfied|unhappy|unsatisfactory|frustrat\w+|displeased|upset|let down|"
    r"annoy\w+|unprofessional)|not (?:acceptable|good enough|what i (?:paid|expect)\w*|how (?:you|one|a) )|"
    "hardly acceptable|acceptable to you|is this (?:really )?how you|loyal customer|(?:long[- ]?(?:time|"
    r"standing)) customer|(?:nobody|no one|not one person|noone) (?:\w+ ){0,4}(?:able|bothered|bothers|seems?|"
    "cares?|answers?|answered|repl(?:y|ies|ied)|responds?|responded|has|picks? up|called)|(?:take|"
    "taking) responsibility|(?:written|called|phoned|rung|emailed|e-mailed|asked|contacted|complained|explained|"
    r"reported|told you|messaged|tried) (?:to )?(?:you |this |it |about this |your \w+ )?(?:\w+ )?(?:two|three|"
    r"four|five|six|seven|\d+|several|many|countless|multiple|umpteen|numerous) times|(?:one|two|three|four|five|"
    r"six|seven|eight|ten|\d+|several|many|countless) (?:calls|e-?mails|phone calls|messages|letters|attempts|"
    r"reminders|promises))\b|\b(?:courtesy|forgive (?:my|me for)|to be (?:frank|blunt|perfectly honest|"
    "quite honest|clear)|let me be (?:clear|direct|frank|blunt)|not one (?:of|single)|rarely (?:encountered|been|"
    "seen|had)|never (?:been treated|encountered|experienced|had such|seen such|in my life)|thoroughly|(?:quite|"
    "wholly|totally|simply|completely|frankly|utterly|absolutely|entirely) (?:unacceptable|unreasonable|"
    "inadequate|unsatisfactory|inappropriate|unprofessional|ridiculous|insulting|disrespectful)|i (?:would|"
    r"should) (?:like|be (?:most |very )?grateful|be obliged)[^.?!]{0,60}\b(?:after|since|despite|although|still)|"
    r"despite (?:\w+ ){0,3}(?:calls|emails|e-mails|letters|requests|reminders|promises|assurances)|(?:want|wish|"
    "like|have|going) to (?:make a (?:formal )?|file a (?:formal )?|lodge a (?:formal )?|"
    r"submit a (?:formal )?)?complain(?:t)?\b|formal complaint|(?:call|ring|"
    "phone)(?:ed)? (?:me )?back[^.?!]{0,60}(?:never|not|no one|nobody|monday|tuesday|wednesday|again)|"
    r"the way i (?:have been|am being|was|'ve been) treated)\b",
    "耐心(?:等|地等|已经|都|有限|耗尽)|没有耐心|失去耐心|失去信心|(?:非常|十分|极其|很|极度|太|特别|相当|令人|"
    "让人|让我|对.{1,8}|深感|实在)(?:的|很|是)?(?:失望|不满|遗憾|寒心|心寒|无奈|痛心)|恕我直言|认真对待|履行承诺|"
    "兑现承诺|承诺.{0,12}(?:没|不|呢|兑现)|说好的?.{0,14}(?:没|不|呢|都|现在|结果)|答应.{0,14}(?:没|不|呢|都|"
    "现在|结果)|给个?(?:说法|交代|解释|答复)|合理的?(?:解释|答复|说法)|讨个?说法|(?:打|问|催|反映|联系|投诉|说|"
    r"沟通|发|报修|申请)(?:过|了)?(?:你们)?(?:不下|至少|快|将近|都|有)?(?:[两二三四五六七八九十几\d]+|好几|很多|"
    r"无数|多少|十几|n)(?:多)?(?:次|遍|回|个电话|封邮件|天)|第[三四五六七八九十n\d]+次|没(?:有)?(?:任何)?人(?:接|"
    "理|管|回|处理|联系|答复|负责|解决)|(?:无人|没有人)(?:接|理|管|回|处理|答复|负责)|一而再|再三|一再|不(?:会|"
    "敢)再?推荐|不再信任|这样的(?:服务|售后|态度|质量)|应有的(?:尊重|态度)|尊重(?:一下)?(?:客户|顾客|消费者)|"
    "老(?:客户|顾客|用户)了?|恕我|请恕|一(?:通|个|次|封|点)都没|没有一(?:个|次|通|封|件)|(?:我|我们)(?:要|想|"
    "必须|得)(?:正式)?投诉|正式投诉|(?:合适|合理|应该|妥当|负责)吗[?？]|不(?:觉得|认为)[^。！？]{0,16}(?:合适|"
    "合理|过分|负责)|这(?:样|就是)(?:对待|对)(?:顾客|客户|消费者|用户)|(?:诚意|尊重)(?:何在|在哪|呢|吗)|"
    "一再(?:拖延|推迟|承诺|失约|敷衍)|三番(?:五次|两次)|屡次|屡屡|石沉大海|杳无音[信讯]|不了了之|至今(?:没|未|无|"
    "杳|仍|还)|迟迟(?:没|未|不)",
)
SARCASM = any_of(
    r"\b(?:thanks for nothing|thank you (?:so much |very much )?for (?:nothing|wasting|ignoring|ruining|losing|"
    "breaking|keeping me waiting|not)|thanks (?:a lot |so much )?for (?:wasting|ignoring|ruining|losing|breaking|"
    "not)|bravo|slow clap|congratulations?|congrats|hats off|take your time|no rush|what a (?:joke|surprise|"
    "company|service|shop|treat|pleasure|bargain)|so[- ]called|(?:good|great|nice|excellent|wonderful|fine|"
    "amazing) (?:job|work)[,.!]? (?:you|losing|breaking|as always|guys|everyone|everybody|as usual|again)|"
    "as always[.!]|(?:oh|how|just|absolutely|simply|well,?) (?:great|lovely|wonderful|nice|fantastic|brilliant|"
    "perfect|marvell?ous|awesome|super|charming|delightful)|(?:great|lovely|wonderful|fantastic|brilliant|"
    "perfect|marvell?ous|awesome|super|amazing|nice|excellent)[,!.]+ (?:so|another|the|now|again|it|my|still|"
    "once|yet|broken|and|just|that)|(?:impressive|amazing|brilliant|wonderful|fantastic|excellent|outstanding|"
    r"superb|stellar|great|top|marvell?ous|lovely|exemplary|world[- ]class|first[- ]class) (?:\w+ )?(?:service|"
    "work|job|support|company|customer service|quality|organi[sz]ation|experience|communication)|well done|"
    "keep up the (?:good|great) work|i(?:'m| am) (?:so |really |truly )?(?:impressed|thrilled|delighted|"
    "overjoyed|honou?red)|(?:yeah|sure),? right|as if|really helpful,|how (?:kind|generous|helpful|thoughtful|"
    r"efficient|convenient) of you|must be (?:nice|proud)|you must be (?:so )?proud)\b|\b(?:(?:i )?(?:just |"
    "really )?love (?:how|that|the way|it when|waiting|being|paying)|such (?:a treat|a pleasure|a joy|fun|great|"
    "wonderful|excellent|amazing|brilliant|fantastic)|best money i|money well spent|(?:very|"
    "extremely) expensive (?:doorstop|paperweight|brick|toy|decoration)|doorstop|paperweight|do i (?:get|"
    r"win) a (?:prize|medal|playlist|discount for)|slowest|impressive(?:ly)?[,.!]|five stars for|10/10|a\+ |kudos|"
    "applause|round of applause|lucky me|how lovely|my favou?rite part|who needs|thanks,? i guess|very funny|"
    r"hilarious|genius)\b",
    "(?:真|可真|可真是|太|真是|好|真的|实在)(?:是)?(?:牛|行|厉害|棒|好笑|有才|强|可以|会玩|贴心|周到|高效|敬业|"
    "给力|专业|负责|优秀|感人|惊喜|了不起|不错|好).{0,5}[啊呀！!了呢吧，,。]|呵呵|厉害了|佩服|服了|领教|长见识|"
    "大开眼界|刷新.{0,6}(?:认知|下限|三观)|也是醉了|醉了|所谓的?|号称|果然|不愧|感谢(?:你们|贵公司|贵司)?(?:让我|"
    "给我|的(?:欺骗|忽悠|敷衍))|谢谢(?:你们|贵公司)(?:让我|的(?:欺骗|忽悠|敷衍|浪费))|好一个|"
    "这就是.{0,12}(?:服务|客服|态度|速度|效率|质量|品质)|您?可?真会|恭喜(?:你们|贵)|给你们(?:点赞|鼓掌|颁奖)|"
    "真是(?:谢谢|感谢)|奇迹|开眼|物超所值|贴心|太感谢你们|感谢你们|真(?:会|敢|能)(?:做生意|说|编|玩|省|拖|糊弄|"
    "安排)|不如(?:改行|直接|干脆|去)|干脆改|集齐|召唤神龙|我是不是(?:还|该|要)(?:得|感谢|谢谢|说声)|"
    "是不是还(?:要|得)(?:我)?(?:感谢|谢谢)|鼓掌|颁(?:个)?奖|五星好评|牛[啊逼bx批]|绝了|高级|真香|太牛|好样的|"
    "业界良心|良心企业|永远滴神|yyds",
)
THIRD = any_of(
    r"\b(?:(?:third|fourth|fifth|sixth|3rd|4th|5th|6th|nth|umpteenth|hundredth) time|for the last time|"
    "how many (?:more )?times|once again i|(?:asked|told|said|explained|written|repeated)(?: you| this| it|"
    r" that)*(?: \w+)? (?:three|four|five|six|several|many|\d+|countless) times|keep (?:asking|telling|repeating|"
    "saying|sending|giving)|over and over|again and again i|does (?:anybody|anyone|somebody) (?:read|listen|work|"
    r"care)|is (?:anybody|anyone) (?:reading|listening|there)|are you (?:even )?(?:reading|listening)|hello\?+|"
    r"i (?:already|just) (?:said|told|asked|wrote|explained|answered|tried|did))\b",
    r"第[三四五六七八九十n\d]+[次遍回]|最后(?:一遍|问一次|说一次|再问)|(?:说|问|讲|试)(?:过|了)(?:很多|好几|多少|"
    r"无数|[三四五六七八九十几\d]+|n)(?:次|遍|回)|到底要(?:说|问|我)|还要(?:我)?(?:说|问)几|说了.{0,6}(?:没用|了|"
    "过)|都说了|听不懂|看不懂(?:我|人话|中文)|听得懂|人话|复读机|能不能(?:别|不要)(?:复制|重复|敷衍|再)|"
    "重复(?:回答|一样)",
)
ASTRAY = any_of(
    r"\b(?:(?:that|this|it)(?:'s| is|s)? not (?:what|an answer|my question|helpful|the answer|true|right|it)|"
    "not what i (?:asked|meant|said|wanted)|you (?:don't|do not|didn't|clearly don't|obviously don't|never|can't|"
    "cannot) (?:understand|listen|read|get|help|answer)|doesn't (?:answer|help)|didn't (?:answer|help)|"
    "did not (?:help|answer|work)|same (?:thing|answer|reply|message|nonsense|link|steps)|nonsense|"
    r"copy[- ]?(?:and[- ])?paste\w*|you keep|no,? that(?:'s| is) wrong|wrong answer|that makes no sense|"
    r"still (?:doesn't|does not|not|isn't|won't|no|nothing))\b|\b(?:(?:doesn't|does not|don't|didn't|did not|"
    "won't) work(?: either)?|haven't answered|have not answered|not answer(?:ed|ing)?|i (?:asked|meant|said|"
    "was asking)|i'm asking|my question (?:is|was)|^again[:,]|answer (?:my|the) question|tried (?:that|this|it|"
    r"all)|no(?:pe)?,? (?:that|it) (?:doesn't|didn't|does not|did not)|to no avail|no luck)\b",
    "答非所问|不是(?:我)?(?:问|想问|要问)的|我问的是|我(?:没)?问(?:的)?(?:不是)?这个|不是这个|没(?:有)?(?:用|"
    "帮助|回答|看懂)|不管用|说的什么|什么意思啊|废话|胡说|套话|复制粘贴|机器人(?:回复|吗|就|只)|牛头不对马嘴|"
    "驴唇不对马嘴|还是(?:不行|没用|不对|一样|那样|连不上|没有|没解决)|没解决|试过了|重复|我(?:说了|说的是|是问|"
    "是说|问你|的问题是|不是问)|没(?:有)?(?:直接|正面)?回答|回答我|不(?:起作用|行啊|对啊|是我要)|"
    "没(?:有)?(?:效果|反应|变化|任何)|按了没|照做了|都试|做过了|还没(?:好|解决|弄好)|换了也|依旧",
)
THREAT = any_of(
    r"\b(?:sue|lawyer|attorney|solicitor|court|legal action|lawsuit|ombudsman|trading standards|"
    "consumer (?:protection|rights|council)|small claims|regulator|police|newspaper|expose|report you|"
    r"social media|one[- ]star|1[- ]star|chargeback|dispute)\b",
    r"投诉|举报|曝光|起诉|律师|法院|工商|消协|消费者协会|12315|工信部|(?<!\d)315(?!\d)|维权|媒体|报警|讨个?说法|"
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
