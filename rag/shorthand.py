"""What customers type for short, or as it sounds, put into the words of documents. Pure; its tables are general.

English: chat shorthand ("u", "nxt", "pls"), and the words that go with "how" ("how mush"). Chinese: a word of customer
service in which one character sounds like the right one (店话 for 电话), as input by sound and by voice gives it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence

from rag.text import is_han

_SHORT = {
    "u": "you",
    "ur": "your",
    "r": "are",
    "y": "why",
    "wot": "what",
    "wat": "what",
    "wen": "when",
    "wer": "where",
    "nxt": "next",
    "tmrw": "tomorrow",
    "tmr": "tomorrow",
    "pls": "please",
    "plz": "please",
    "thx": "thanks",
    "thnx": "thanks",
    "cuz": "because",
    "coz": "because",
    "bc": "because",
    "abt": "about",
    "b4": "before",
    "msg": "message",
    "acc": "account",
    "acct": "account",
    "del": "delivery",
    "qty": "quantity",
    "wks": "weeks",
    "hrs": "hours",
    "mins": "minutes",
    "yrs": "years",
    "gonna": "going to",
    "wanna": "want to",
    "dunno": "do not know",
    "chuck": "put",
    "n": "and",
    "thru": "through",
    "w/o": "without",
}
_LONE = ("y", "r", "n", "del", "acc", "bc")  # may be a name or a part number: only in a message with other shorthand
_WORD = re.compile(r"(?<![\w'’&/.-])(?:w/o|[a-z]\w*)(?![\w'’&/-]|\.\w| ?[\u4e00-\u9fff])", re.IGNORECASE)
# A digit for a word: between words, and before what an article or a possessive opens or a name follows.
_DIGIT = re.compile(r"(?<=[a-z] )([24])(?= (?:the|a|an|my|our|your|ur|this|that|it|me|u|free)\b)", re.IGNORECASE)
_DIGITS = {"2": "to", "4": "for"}
_AFTER_HOW = re.compile(
    r"(?<=\bhow )(?:mush|muc|muhc|mcuh|mutch|mich|offen|ofen|oftn|lon|logn|mani|meny|menny)\b", re.IGNORECASE
)
_SPOKEN = (
    (re.compile("咋[整办弄]"), "怎么办"),
    (re.compile("咋样"), "怎么样"),
    (re.compile("咋"), "怎么"),
    (re.compile("啥"), "什么"),
)
_MEANT = {"o": "often", "l": "long"}

# Word of customer service ← what is typed for it; nothing that is a word itself or stands across two common ones.
_HEARD = """
电话 店话 垫话 殿话 电画 典话
客服 客福 课服 客副 刻服
退货 腿货 推货 退祸
退款 腿款 推款 退宽
换货 环货 患货 换祸
发货 法货 罚货
快递 快弟 块递 筷递
运费 云费 韵费 运非 运废
发票 发漂 法票 罚票 发飘
保修 宝修 保休 保秀
维修 唯修 维休 微修
充电 冲电 充店 虫电
电池 店池 电迟 点池
滤芯 虑芯 绿芯 率芯 滤心 滤新 滤信
除垢 除苟 除狗 除够 除购 出垢 处垢 除构
扫地 少地 嫂地
净化 静化 净话 净画 劲化
加湿 家湿 加失 佳湿
添加 天加 填加 田加 添佳
设备 社备 射备 设被 设倍
密码 蜜码 密马 米码 密麻
账号 账浩 涨号
登录 登路 登陆 灯录
连接 连街 联节
网络 往络 网洛 网落
微信 微心 威心 维信
支付 支副 枝付 支负
订单 定单 订担 丁单
优惠 优会 忧惠 优慧
惠券 惠卷 惠劝
积分 积份 激分
故障 固障 顾障 故章 故帐
售后 售候 寿后 售厚
地址 地指 地纸
说明 说名 硕明
明书 明叔 明输
重启 重起 虫启
显示 显视 险示 现示
配件 陪件 赔件 配间
水箱 水香 水想
水壶 水胡 水湖 睡壶
噪音 躁音 造音 噪因
遥控 摇控 遥空
价格 家格 佳格
花呗 花北 花贝 话呗 花被
注销 注消 住销
取消 取销 曲消
投诉 投述 偷诉
验证 验正 眼证
机器 机气 鸡器 机汽
扫地机 扫地鸡 扫地基
"""
_ALIKE = {wrong: right for right, *wrongs in map(str.split, _HEARD.strip().splitlines()) for wrong in wrongs}
_HEARD_WRONG = re.compile("|".join(sorted(_ALIKE, key=len, reverse=True)))


def spelled_out(text: str) -> str:
    """The text with chat shorthand in full words; as it is where there is none."""
    chatty = any(word in _SHORT and word.lower() not in _LONE for word in _WORD.findall(text))

    def full(match: re.Match[str]) -> str:
        word = match.group()
        lone = word.lower() in _LONE or (len(word) == 1 and word.isupper())
        return word if lone and not chatty else _SHORT.get(word.lower(), word)

    for spoken, written in _SPOKEN:
        text = spoken.sub(written, text)
    digits = _DIGIT.sub(lambda match: _DIGITS[match.group()], _WORD.sub(full, text))
    return _AFTER_HOW.sub(lambda match: _MEANT.get(match.group()[0].lower(), _much(match.group())), digits)


def _much(word: str) -> str:
    return "many" if word.lower().startswith(("man", "men")) else "much"


def sounded_out(text: str, held: Callable[[Sequence[str]], Collection[str]]) -> str:
    """The text with words put right that only sound like one of customer service; as it is where there is none.

    `held` gives those of some index terms that the knowledge has: a wrong word that it has is right, and so is one of
    which a character belongs to the word beside it (今天加急 says nothing of 添加).
    """
    matches = list(_HEARD_WRONG.finditer(text))
    if not matches:
        return text
    known = held([term for match in matches for term in (_ALIKE[match.group()][:2], *_doubts(text, match))])
    for match in reversed(matches):
        right = _ALIKE[match.group()]
        if right[:2] in known and not any(each in known for each in _doubts(text, match)):
            text = text[: match.start()] + right + text[match.end() :]
    return text


def _doubts(text: str, match: re.Match[str]) -> list[str]:
    """Pairs that speak against a slip: of the wrong characters, with each other and with what stands beside them."""
    wrong, right = match.group(), _ALIKE[match.group()]
    slips = [at for at, (one, other) in enumerate(zip(wrong, right, strict=False)) if one != other]
    places = {match.start() + at + step for at in slips for step in (-1, 0)}
    pairs = [text[at : at + 2] for at in sorted(places) if at >= 0]
    return [pair for pair in pairs if len(pair) == 2 and all(map(is_han, pair))]
