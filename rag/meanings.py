"""Common words of customer service that stand for each other, in two languages: a line of the table is one meaning.

`meanings` reads a text as words, each exchanged for its meaning where the table has one. Small on purpose: it keeps
honest rewording from being taken for something new, and lets a sentence be compared with a source in the other
language. It translates nothing, and words that only resemble each other stay apart.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rag.text import HAN, STOP_CHARACTERS, content_tokens, tokens

_TABLE = """
refund, money back, reimburse, repay | 退款, 退钱, 退还, 退回款项
return, send back, give back, bring back | 退货, 寄回, 退回
exchange, swap | 换货, 调换, 互换, 通用, interchangeable
replace, change, renew, replacement | 更换, 换, 替换
repair, fix, mend | 维修, 修理, 送修, 报修, 修
warranty, guarantee | 保修, 质保, 保修期
filter, filter element | 滤芯, 滤网
pre-filter, mesh | 初效滤网
water | 水, 清水
tank, reservoir | 水箱
battery | 电池
charge, charger, recharge | 充电
dock, base station, charging base | 充电座, 基站
dust box, dustbin, dust bin | 尘盒
dust bag | 集尘袋
mop, mop cloth, mopping | 拖布, 拖地
purifier | 净化器
vacuum, robot, robot vacuum | 扫地机, 扫地机器人
kettle | 水壶, 电水壶
coffee machine, coffee maker | 咖啡机
coffee | 咖啡
humidifier | 加湿器
lamp, light | 灯, 台灯
remote control, remote | 遥控器
descale, descaling, descaler, limescale | 除垢, 除垢剂
citric acid | 柠檬酸
vinegar | 白醋, 醋
device, appliance, machine, unit | 机器, 设备, 主机, 整机, 产品, 本机, 商品, product, item, article, goods
model | 型号
order, purchase, buy, bought | 订单, 下单, 购买, 买, 选购, 订购
deliver, delivery, shipping, receive, receipt of goods, arrive, get | 送货, 配送, 送达, 派送, 签收, 收到, 到货, 收货
dispatch, ship, send, sent, shipment | 发货, 发出, 运送, 寄, 寄出
delivery charge, shipping charge, shipping cost, postage, shipping fee, delivery fee, delivery cost | 运费, 邮费
parcel, package | 包裹, 快递
courier, carrier | 快递公司, 承运
warehouse | 仓库
pick-up, pickup, collect, collection | 上门取件, 取件, 自提
pay, payment, paid | 支付, 付款, 付费
price, cost, costs | 价格, 售价, 价, 单价, 花费
fee, surcharge | 费用, 收费, 手续费, 加收
free, free of charge, at no charge, at no cost, for free, no charge | 免费, 包邮, 不收费, 免运费
discount, voucher, coupon, code for a discount | 优惠券, 优惠, 折扣
gift card | 礼品卡
gift, present | 赠品, 礼物
invoice | 发票
receipt, proof of purchase | 凭证, 购买凭证
points | 积分
member, membership | 会员
instalment, installment, instalments | 分期
trade-in | 以旧换新
account | 账号, 账户
password | 密码
sign in, log in, login | 登录
delete | 注销, 删除
register, registration | 注册
privacy, personal data, data | 隐私, 个人信息, 数据
app | 应用, app
phone, telephone, smartphone, mobile | 手机, 电话
network, internet, wi-fi, wifi | 网络, 联网, 网, wi-fi, wifi
firmware | 固件
update, upgrade | 升级, 更新
reset | 复位, 重置
restart, reboot | 重启, 重新启动
button, key | 按钮, 按键, 键
press, hold, hold down, press and hold | 按, 长按, 按住, 按下
open | 打开, 开启
close, shut | 关闭, 关上, 关掉
switch on, turn on, power on | 开机, 通电
switch off, turn off, power off | 关机, 断电
display, screen | 屏幕, 显示屏
show, shown, indicate, appear | 显示, 出现, 提示
sensor | 传感器
clean, wash, rinse, washed | 清洗, 清洁, 洗, 冲洗, 擦拭
dry, air-dry | 晾干, 干, 擦干
remove, take out, take off, detach | 取出, 取下, 拿出, 拆下
insert, put in, fit, install, refit | 装入, 装回, 安装, 放入, 装上, 装
empty | 倒空, 清空
fill, pour, top up, add | 加水, 倒入, 加满, 倒进, 注入
child, children, kids | 孩子, 儿童
child lock | 童锁
safe, safety | 安全
noise, loud, sound level, quiet | 噪声, 噪音, 声音
power, wattage, consumption | 功率, 耗电
voltage, supply | 电压, 电源
weight, weigh, weighs, heavy | 重量, 重
height, high, tall | 高, 高度
size, dimensions | 尺寸
room | 房间, 适用面积, 面积
timer | 定时
speed | 风量, 速度, 档
fault, defect, faulty, defective, quality problem, malfunction, failure | 故障, 质量问题, 缺陷, 性能故障
damage, damaged, broken | 损坏, 破损, 摔损
missing, lost | 丢失, 缺失, 丢件, 漏发
open package, unseal, opened, unpacked | 拆封, 开封, 开箱
seal | 封条, 密封
reason | 理由, 原因
no reason, without giving a reason, without reason | 无理由
photo, picture | 照片, 图片
video | 视频
address | 地址
contact, get in touch with, reach | 联系, 联络, 找
customer service, support, service team, service, customer support | 客服, 客户服务, 售后, 人工客服
question | 问题
apply, application, request, ask | 申请
cancel, cancellation, withdraw | 取消, 撤销
confirm, confirmation | 确认
check, inspect, inspection, acceptance | 检查, 验收, 审核
valid, validity | 有效, 有效期
last, lifetime, life, service life | 寿命, 使用寿命
period, term, deadline | 期限, 期
length | 长度, 长
clean air, air | 洁净空气, 空气
maximum power | 最大功率
cable, lead, power cord | 电源线, 线
working day, business day | 工作日
weekend | 周末
monday | 周一, 星期一
tuesday | 周二, 星期二
wednesday | 周三, 星期三
thursday | 周四, 星期四
friday | 周五, 星期五
saturday | 周六, 星期六
sunday | 周日, 星期日
day | 天, 日
month | 月
month of age, old | 旧
new | 新
start, begin | 开始, 启动
stop, end, finish, interrupt | 停止, 结束, 完成, 中断
automatic, automatically | 自动
manual | 说明书, 手册
part, spare part, accessory | 配件, 零件, 附件
box, carton | 包装, 包装盒, 箱
online, shop, store, website, web shop | 商城, 官方商城, 商店, 店
dealer, reseller, third-party seller | 经销商
company | 公司
customer, buyer | 客户, 买家, 顾客
keep, store away, stored | 存放, 保存, 保留, 放
use, using, usage | 使用, 用
suitable, fit for, compatible | 适合, 兼容, 适用
support, work with, works with | 支持
allow, permitted | 允许
choose, select, pick | 选择, 选
enter, type in, fill in, complete | 填写, 输入
email, e-mail | 邮箱, 邮件
website | 网站, 官网
cup | 杯
milk | 奶, 牛奶
temperature | 温度
hot | 热
cold | 冷
soft | 软
hard | 硬
hardness | 硬度
threshold, doorstep | 门槛
floor | 地面
carpet | 地毯
map | 地图
laser | 激光
voice, voice control | 语音, 语音控制
heavier | 更重
customs | 报关, 海关
tax, duty, vat | 税, 关税
deduct | 扣除, 抵扣
clearance | 清仓
refurbished | 翻新
difference | 差价
drop, lower, reduce, reduced | 降价, 下降, 降低
recycle, recycling, dispose | 回收
recall | 召回
next day | 次日, 第二天
cause, caused, lead to | 造成, 引起, 导致
rest, remainder, remaining | 剩余, 其余
maximum, at most | 最多, 最大, 最高, 最长
fire, smoke | 冒烟, 起火
help, assist | 帮助
large, big | 大
small, little | 小
need, require, necessary | 需要, 需
about, approximately, around, roughly | 约, 大约, 左右
per, each, every | 每
approve, agree | 同意
free trial, try, test | 试用
home, house | 家, 上门
germany | 德国
france | 法国
britain, british, great britain, united kingdom, uk, england | 英国
china, mainland china | 中国, 大陆, 中国大陆
eu, europe, european, european union | 欧盟, 欧洲
hong kong | 香港
taiwan | 台湾
suzhou | 苏州
leeds | 利兹
utrecht | 乌得勒支
netherlands | 荷兰
"""

# Words that only relate others; what they do to a value or a clause is `rag/statements.py`'s.
_RELATING = frozenset(
    "within during than least most more less up not no cannot without onli unless onc but becaus although while wherea".split()
)
_RELATING_HAN = f"{''.join(STOP_CHARACTERS)}不没未无内仅只会可以须"
_HAN_RUN = re.compile(f"[{HAN}]+")
_PIECE = re.compile(rf"[{HAN}]+|[^{HAN}]+")


def _stems(phrase: str) -> tuple[str, ...]:
    return tuple(tokens(phrase))


def _read() -> tuple[dict[tuple[str, ...], str], dict[str, str]]:
    """Phrases by their stems, and Chinese words, each with the name of its meaning."""
    phrases, words = dict[tuple[str, ...], str](), dict[str, str]()
    for number, line in enumerate(_TABLE.strip().splitlines()):
        for phrase in re.split(r"[,|]", line):
            if _HAN_RUN.search(phrase):
                words.setdefault(phrase.strip(), f"§{number}")
            else:
                phrases.setdefault(_stems(phrase), f"§{number}")
    return phrases, words


_PHRASES, _WORDS = _read()
_LONGEST = max(map(len, _PHRASES))
_HAN_WORD = re.compile("|".join(sorted(_WORDS, key=len, reverse=True)))


@lru_cache(maxsize=16384)
def meanings(text: str) -> tuple[str, ...]:
    """Content words of a normalised text in order, "§…" for a meaning of the table; of other Chinese the pairs."""
    found = list[str]()
    for piece in _PIECE.findall(text):
        found += _han(piece) if _HAN_RUN.match(piece) else _latin(piece)
    return tuple(found)


def shared(word: str) -> bool:
    """Whether a word of `meanings` is the same in both languages."""
    return word.startswith("§")


def _latin(piece: str) -> list[str]:
    stems, found, at = tokens(piece), list[str](), 0
    while at < len(stems):
        size = next((size for size in range(_LONGEST, 0, -1) if stems[at : at + size] in _PHRASES), 0)
        if size:
            found.append(_PHRASES[stems[at : at + size]])
        elif stems[at] not in _RELATING and (stems[at],) == content_tokens((stems[at], "§"))[:1]:
            found.append(stems[at])
        at += size or 1
    return found


def _han(piece: str) -> list[str]:
    found, at = list[str](), 0
    for match in _HAN_WORD.finditer(piece):
        found += [*_pairs(piece[at : match.start()]), _WORDS[match.group()]]
        at = match.end()
    return found + _pairs(piece[at:])


def _pairs(run: str) -> list[str]:
    """Overlapping pairs of what is left between the words of the table, cut where a character only joins others."""
    parts = re.split(f"[{_RELATING_HAN}]", run)
    return [part[at : at + 2] for part in parts for at in range(len(part) - 1)]
