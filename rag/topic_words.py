"""The words of the topics that are for a person, in English and Chinese. Words only; what counts: `rag/topics.py`.

Patterns are matched sentence by sentence in normal form (`rag.text.normalise`): lower case, Simplified; gaps are bounded.
"""

from __future__ import annotations

from rag.small_talk import any_of

SAFETY = any_of(
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
    r"\bspark(?:s|ed|ing)\b|\b(?:crackl|hiss|sizzl)\w* (?:noise|sound)|\b(?:cable|cord|plug|socket|wire|lead|adapter|"
    r"charger|base|dock)\b[^.?!]{0,40}\b(?:melt\w*|scorch\w*|charred|crackl\w*|(?:gone|turned|went|turning) (?:\w+ )?"
    r"(?:brown|black|soft))\b|\bhot\b[^.?!]{0,24}\b(?:can't|cannot|couldn't|could not|unable to) (?:\w+ )?(?:hold|touch)",
    r"\bburn(?:ing|t) (?:rubber|plastic|hair|wires?|electr\w+)\b|\bloud (?:pop|crack)\b|\b(?:steam|(?:hot|boiling) water|"
    r"coffee)"
    r"\b[^.?!]{0,30}\b(?:over|on|onto) (?:my|his|her|our|their|me|him)\b",
    r"\btoo hot to (?:touch|hold|handle|pick|carry|lift)|\b(?:smells?|smelling|smell of) (?:\w+ )?(?:fishy|scorched|"
    r"plastic burning|burnt|acrid)|"
    r"\b(?:fishy|acrid|chemical) (?:\w+ )?smell\b|\bskin (?:\w+ )?(?:peel\w*|red|raw)\b|\b(?:steam|hot water|boiling water|"
    r"coffee)\b[^.?!]{0,20}\b(?:caught|hit|splashed|spilled|sprayed|shot)\b[^.?!]{0,20}\b(?:my|his|her|our|me|him)\b|\b(?:got|"
    r"gave|get|getting) (?:\w+ ){0,2}(?:jolt|zap|buzz) (?:from|off|when)\b|\bscorch\w* (?:mark|floor|the)",
    r"\bblister\w*\b[^.?!]{0,20}\b(?:on|over|across)\b|\b(?:hands?|fingers?|wrists?|arms?|face|legs?|foot|feet|skin|"
    r"eyes?|lips?)\b[^.?!]{0,30}\b(?:burn(?:ed|t)|blister\w*|scald\w*|bleed\w*|bled|injured|hurts?|tingl\w*|numb|"
    r"stitches|swollen|jolt)\b|\btingl(?:es?|ed|ing)\b|\b(?:a|electric) jolt\b|\bboiling water\b[^.?!]{0,30}\b(?:over|on) "
    r"(?:my|his|her|our|me|him)\b",
    r"\b(?:fuses?|breaker|rcd|fuse box)\b[^.?!]{0,30}\b(?:trip\w*|blew|blown|jump\w*)|\b(?:tripped|blew|trips|blows) the "
    r"(?:\w+ )?(?:fuse|breaker|rcd|electrics)|\blights\b[^.?!]{0,30}\bwent (?:out|off)\b|\b(?:a|loud|big) bang\b|\bglass "
    r"(?:\w+ )?(?:shattered|burst|exploded)\b|\bbattery\b[^.?!]{0,30}\b(?:split|burst|cracked open|oozing)",
    r"\b(?:button|coin)[- ]?(?:cells?|batter(?:y|ies))\b[^.?!]{0,40}\b(?:missing|gone|mouth|ate|eaten|can't find)|\b(?:child|"
    r"baby|toddler|son|daughter|kid|boy|girl|dog|cat|puppy|grand(?:son|daughter))\b[^.?!]{0,50}\b(?:ate|eaten|drank|"
    r"drunk|electrocuted|in (?:his|her|its) mouth|trapped)\b|\b(?:fingers?|hand|tail|foot)\b[^.?!]{0,20}\b(?:trapped|"
    r"caught|jammed|stuck) in\b",
    r"\b(?:fire (?:brigade|service|department|engine)|ambulance|paramedics?|a&e|emergency room|burns unit|fainted|"
    r"passed out|can't breathe|trouble breathing)\b",
    r"\b(?:swollen|bulging|leaking|bloated) (?:\w+ )?battery\b|\bswallow(?:ed|ing)\b|\bchok(?:ed|ing) on\b|"
    r"\bpoison(?:ed|ing)\b",
    "冒烟|冒着烟|冒黑烟|起火|着火|失火|烧起来|烧着|火花|爆炸|炸开|(?:机器|电池|充电器|突然|内胆|"
    "玻璃)[^。？！，]{0,4}炸|短路|漏电(?!保护)|触电",
    "被(?:它|机器|水壶)?电[到了]|电到[我他她手]|电了(?:我|一下)|麻手|烫伤|烧伤|割伤|鼓包|鼓起|鼓了起来|膨胀|漏液|"
    "焦味|焦糊味|糊味|烧焦|(?:煤气|燃气)味|煤气泄漏|吞(?:了|下|进)|误[吞食]|受伤|受了伤|流血|中毒|送医|进了?医院|"
    "住院|烧(?:坏|穿|黑)了",
    "(?:热水|开水|蒸汽)[^。？！，]{0,6}(?:流|溅|洒|喷|浇|泼)[^。？！，]{0,4}(?:我|他|她|手|脚|身|脸|腿|孩)|[啪嘭砰]的一|电池鼓|冒火|火星(?!上|人)|噼啪|噼里啪啦|滋滋|"
    "烫得[^。？！，]{0,3}[不能]|烫[红肿破]|外壳[^。？！，]{0,3}(?:软|化|熔)|带电|电[了到]?麻|麻了?一下|(?:胳膊|手臂?|身子|"
    "半边)[^。？！，]{0,4}麻|烧着的味|烧焦的?|(?:塑料|橡胶|电线)[^。？！，]{0,4}(?:烧|糊|焦)|插[座头][^。？！，]{0,4}黑|(?:线|插头|插座|充电器|底座|电源|"
    "适配器)[^。？！，]{0,8}(?:变(?:棕|"
    "黑|黄|形|色|软)|发黑|熔|化了|焦)|(?:手|手指|身上|胳膊|全身|嘴)[^。？！，]{0,6}(?:发麻|麻了|刺痛)|(?:手|腕|胳膊|腿|脚|脸|"
    "皮肤|身上)[^。？！]{0,10}(?:水泡|起泡|全是泡|都是泡|红肿)|开水[^。？！，]{0,8}(?:溅|浇|泼|洒|烫)|烫到?了?[^。？！，]{0,4}(?:手|"
    "脚|腿|脸|孩子|宝宝|我)|跳闸|保险丝[^。？！，]{0,4}(?:断|烧)|砰的?一",
    "电池[^。？！]{0,10}(?:裂|漏|流|胀|炸|爆|发烫|冒)|电池[^。？！]{0,6}(?:不见|没了|找不到)|(?:孩子|宝宝|小孩|儿子|女儿|娃|"
    "老人|狗|猫)[^。？！，]{0,10}(?:吃了|吞|误食|夹[到伤住]|划伤|被[烫电砸夹])|(?:手|脚|尾巴)[^。？！，]{0,4}夹[到伤住]|消防车|"
    "救护车|急诊|缝了[^。？！，]{0,3}针|打了?(?:119|120)|头晕|呼吸困难|晕倒|呕吐",
)
LEGAL = any_of(
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
    r"\bmy (?:lawyer|solicitor|attorney|barrister)s?\b(?![^.!]*\?)|\bconsumer cent(?:re|er)\b|"
    r"\bseek(?:ing)? (?:compensation|damages|"
    r"redress)\b|\bgo(?:ing)? to the (?:authorities|police|press)\b",
    r"\b(?:in front of|before|see what) (?:a |the )?(?:judge|magistrate|tribunal)|\b(?:county|small[- ]claims|civil|high) "
    r"court\b(?![^.!]*\?)|\bcourt (?:papers|claim|summons|date)\b|\bclaim form\b|\bletter before action\b|\b(?:issue|issuing|"
    r"start|starting|begin|commence|commencing) (?:\w+ )?proceedings\b",
    r"\blegal (?:protection|insur\w+|cover|expenses|counsel|team|adviser|"
    r"representati\w+)\b(?![^.!]*\?)|\b(?:formal|final|on) notice\b|\bwithout prejudice\b|\bunder the (?:\w+ ){1,4}act\b",
    r"\b(?:standards authority|trading standards|ombudsman|the ico|information commissioner|data protection (?:authority|"
    r"commissioner|agency)|citizens advice|consumer (?:advice|helpline|council|centre)|consumer (?:court|protection|"
    r"association)|regulator|watchdog)\b(?![^.!]*\?)|"
    r"\bdata breach\b|\bgdpr (?:violation|complaint|breach)|\b(?:this|that|it|which|what you (?:do|did)) (?:is|was) (?:\w+ )?"
    r"(?:illegal|unlawful|against the law|a crime|fraud)\b|\bpolice report\b|\b(?:called|went to|reported \w+ to) the police\b",
    "(?<!我是)(?<!是个)(?<!当)律师(?!可以|事务所|所)[^。？！]{0,12}|法院(?!管辖)|开庭|仲裁|诉状|传票|报案|监督管理|监管局|监管部门|司法(?!部)|12315[^。？！，]{0,6}(?:平台|"
    "提交|登记|受理)|"
    "网信办|发改委|消保委|侵权|侵犯|(?:违|犯)法|泄[露漏][^。？！，]{0,6}(?:信息|隐私|地址|资料)|起诉|法院见|法庭|告你们?|告到|告上|打官司|走法律|法律(?:途径|手段|程序|责任)|"
    "诉诸|诉讼|(?:打|去|向|到|找)[^。？！，]{0,4}12315|12315(?:投诉|举报)|消协|消费者协会|(?:市场监管|市监|"
    "工商)[^。？！，]{0,6}(?:投诉|举报|反映)|(?:投诉|举报|反映)到[^。？！，]{0,6}(?:市场|工商|监管|部门|工信)|"
    "工信部|已经?[^。？！，]{0,10}举报|报警|报了警|退一赔[三十]|违约(?!金)|违反[^。？！，]{0,12}法|虚假宣传",
)
PAYMENT = any_of(
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
    r"\d\b[^?!]{0,50}\band (?:another|again|a second|one more)\b[^?!]{0,12}\d|\b(?:two|both|three) (?:identical|equal|"
    r"separate) (?:charges|amounts|payments|debits)\b",
    r"\b(?:charge|payment|debit|pay(?:ing)?|paypal|billed|taken|taking|subscription|fees?|deducted)\b[^?!]{0,90}\bnever "
    r"(?:\w+ )?(?:signed up|subscribed|ordered|agreed|wanted|asked for|bought|consented)\b",
    r"\b(?:cancell?ed|returned|refused|sent (?:it|them) back)\b[^?!]{0,100}\b(?:you|they|was|were|been|still|money) "
    r"(?:\w+ )?(?:took|taken|charged|debited|billed|deducted|collected)\b",
    r"\b(?:took|taken|charged|debited|billed|deducted|collected)\b[^?!]"
    r"{0,40}\b(?:anyway|regardless|nevertheless|even though|despite)\b",
    r"\b(?:billed|charged|debited|paid|deducted)\b[^?!]{0,24}\d[^?!]{0,16}\binstead of\b|(?:\bnot|n't|"
    r"\bnever) (?:yet )?(?:seen|"
    r"received|had|got|gotten) (?:a |one |any |single )*(?:penny|cents?|euro|pound)\b|\bnot a (?:penny|cent)\b",
    r"\b(?:opened|raised|filed|started|opening|raising|filing|lodged) (?:a |an )?(?:\w+ )?(?:case|claim|dispute)\b|\b(?:case|"
    r"claim|dispute) (?:with|at|through|via) (?:paypal|klarna|my bank|the bank|visa|mastercard|my card)\b|\bstop(?:ped)? the "
    r"(?:payment|direct debit)\b|\brefund\w*\b[^?!]{0,60}\b(?:weeks|months) (?:late|overdue|ago)\b",
    r"\bwho (?:gave|allowed|authori[sz]ed)\b[^?!]{0,40}\b(?:take|charge|debit|collect|deduct)|\bpay up\b|"
    r"\btook the (?:whole|full|"
    r"entire)\b|\b(?:wasn't|was not|never) (?:\w+ )?(?:deducted|applied|credited|returned to my)\b|\b(?:two|double|"
    r"three) (?:debits|"
    r"charges|payments|bookings|withdrawals)\b[^.?!]{0,30}\bfor\b",
    r"\d\b[^?!]{0,50}\band\b[^?!]{0,12}\d[^?!]{0,12}\bagain\b|\brefunded\b[^?!]{0,20}\b(?:out of|only|just|instead)\b|"
    r"\bonly (?:got|received|refunded|had)\b[^?!]{0,16}\d[^?!]{0,20}\b(?:back|of|out)\b|\bwhere(?:'s| is) the (?:rest|"
    r"difference|other half|remaining)\b|\b(?:used|stole|cloned) my (?:card|account|details)\b|\bwasn't me\b|\bwas not me\b|"
    r"\b\d+ (?:pounds |euros )?(?:short|too much|too little)\b",
    r"\brefund\w*\b[^.?!]{0,60}\b(?:never (?:arrived|came|received|reached|sent|got|turned)|no such payment|"
    "nowhere)",
    "(?:扣|划|转|收|刷)[^。？！]{0,4}\\d[^。？！]{0,16}(?:又|再|还)被?(?:扣|划|转|收|刷)|取消[^。？！吗]{0,30}(?:扣[了走我掉]|划走|"
    "刷了|收了)|(?:一笔|扣|支付|付款|账单|费)[^。？！]{0,30}(?:从来?没|没有?|未)(?:有)?(?:开通|签|订阅|授权|办过|买过|同意)|"
    "(?:扣|收|付|刷)了一[遍次][^。？！]{0,12}又|谁(?:允许|让|同意)[^。？！]{0,12}扣|(?:没|未)(?:有)?抵扣|全额(?:收|扣)|又(?:来|扣|划|刷|多)了?一[笔次]|只(?:到账|退了?|"
    "收到)[^。？！，]{0,6}\\d|剩下的?[^。？！]{0,10}(?:去哪|呢)|被人[^。？！，]{0,12}(?:刷|"
    "盗|用)|不是我?本人|钱呢|(?:退货|签收|寄回)[^。？！]{0,24}(?:钱|退款)[^。？！]{0,6}(?:没有?到|没退|呢)|(?:一分钱?|一毛钱?|分文|一块钱)(?:也|都)?[没未]|多付了?的?|少退|"
    "没退够|(?:支付宝|微信|银行|平台)[^。？！，]{0,8}(?:纠纷|申诉|"
    "争议|维权|介入)|交易纠纷|退款[^。？！]{0,20}(?:晚了|超了|逾期|拖了)",
    "重复(?:扣|收|支付|付|扣款|收费)|多[扣收]了?|扣了?我?[^。？！，]{0,4}(?:两|2|二|三|3|双)(?:次|笔|遍|回|倍|"
    "份)|(?:两|二|2)(?:次|笔)[^。？！，]{0,4}(?:扣|入账|款|钱)|拒付|盗刷|不明扣款|乱扣|(?:没|未|"
    "不)[^。？！，]{0,6}(?:授权|同意|买过|下单|订过|下过单)[^。？！]{0,16}[扣收](?:了|我|款|钱|费)|[扣收](?:了|"
    "我|款|钱|费)[^。？！]{0,16}(?:没|未|不)[^。？！，]{0,6}(?:授权|同意|买过|下单)|钱(?:到底|都)?去(?:哪|了哪)|"
    "没(?:有)?(?:这笔|收到这笔|查到这笔|看到这笔|任何退)|根本没有?[^。？！，]{0,4}(?:到账|收到|这笔)|(?:金额|"
    "扣款|账单)[^。？！，]{0,4}(?:不对|有误|错了|错误)|吞了?我?的?钱|我的钱呢",
)
CANCEL = any_of(
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
    r"\b(?:i want|i'd like|i wish|i demand) to (?:end|terminate|sever) (?:our|my|all|the (?:contract|"
    r"relationship|business|membership|account))\b|"
    r"\bcancel (?:my (?:account|membership|contract) and|everything)\b|\bgoodbye for ever\b",
    r"\b(?:remove|delete|erase) (?:me|us|my \w+|our \w+) from (?:everything|all)\b|\b(?:delete|erase) (?:all )?my "
    r"(?:details|data|account)\b[.!]",
    r"\byou can (?:delete|close|erase)\b|\bpart(?:ing)? (?:ways|company)\b|\bwe(?:'re| are) (?:\w+ )?(?:finished|"
    r"done|through|over)\b(?! (?:the|with (?:the|our|cleaning)))|\bclos(?:e|ing) (?:the|my|our) account "
    r"(?:for good|today|now|and)",
    r"\b(?:not|won't|will not|no longer|never) (?:be )?(?:renew\w*|stay\w*|continu\w* (?:with|as))\b|\b(?:not|won't|"
    r"will not|no "
    r"longer) (?:be )?need(?:ing)? (?:you|your|aurel)|\b(?:my|our) next \w+ (?:is|will|comes)\b|\b(?:tak(?:e|ing)|"
    r"spend(?:ing)?) my "
    r"(?:money|business|custom) (?:to|with|at|elsewhere)\b|\b(?:shut|close|delete|cancel)(?: down)? (?:my|our|the) (?:account|"
    r"membership)(?: \w+)?[.!]|\beasy to leave\b|\bloyalty (?:counts|means|is "
    r"worth|clearly)|\bconsider (?:this|it) (?:my|our) (?:notice|goodbye)|\b(?:last|final) (?:order|purchase|thing) "
    r"(?:from you|with you|i (?:ever )?(?:buy|order|place))|\bgood riddance\b|\bfarewell\b|\bthe end of (?:the road|it|us)\b",
    "失去[^。？！，]{0,8}(?:客户|顾客|用户)|到此为止|(?:以后|今后|从此|再也)[^。？！，]{0,10}(?:别家|别的|"
    "不(?:会)?再?(?:买|用|来|光顾|合作)|不买|不用)|(?:去|换|找|改用)(?:别家|别人家|其他家|别的(?:牌子|品牌|"
    "公司))|不(?:想|会|打算)?(?:再)?(?:用|跟|和|买)(?:你们|贵公司)[^。？！]{0,10}|解除(?:合同|合作)|合同给我|"
    "(?:全部|都|通通|统统)(?:给我)?(?:停|取消|注销|退)|不会再(?:买|来|光顾|用)|永远?不(?:买|会|用|来)|一刀两断|"
    r"\bi(?:'m| am) off to (?!work|bed|the|a |my|school|holiday|vacation|lunch|sleep)|\bplease (?:end|terminate|close|"
    r"cancel) my "
    r"(?:membership|account|contract)\b|\blost (?:all|any) (?:trust|faith|confidence) in\b",
    "(?:会员|账号|订阅)[^。？！，]{0,6}(?:停掉|关掉|停了)(?!以?之?后|的话|怎|会|能)|(?:以后|今后)只(?:买|用|认)|彻底死心|缘分[^。？！，]{0,6}(?:到|尽|止)|好聚好散|就此别过|后会无期|不续[了费约订签]|(?:账号|"
    "会员|订阅|资料|信息|数据)[^。？！]{0,10}(?:全部|"
    "统统|通通|都|一并|彻底)[^。？！，]{0,4}(?:清|删|停|退|注销|取消)(?!吗)|(?:订阅|会员|套餐)[^。？！，]{0,3}(?:停|退|取消)了?吧|(?:账号|会员|账户)[^。？！，]{0,8}(?:关|"
    "停|注销|退|删)了?吧|(?:别|不要|不用)[^。？！，]{0,4}续|这是?次?是?最后一次|换(?:了)?(?:别的|其他|"
    "另一个)(?:牌子|品牌)|用不着(?:你们|"
    "奥睿)|下一?[台个次][^。？！]{0,16}(?:那儿|那里|别家|他们家?)买?|(?:填|提交|办)[^。？！，]{0,4}注销申请(?!表)|(?:全部|统统)退回|"
    "一文不值|(?:终止|停止)合作|(?:换|改用|改买|投奔)(?:小米|戴森|飞利浦|美的|石头|科沃斯|格力|松下)|"
    "转投|卸载走人|粉转黑",
)
