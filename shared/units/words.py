"""Words that are names of places only where something beside them says so: data for finding places in texts."""

import re

ORDINARY_WORDS = frozenset(
    word
    for line in (
        "平房 东风 东湖 东路 南路 后街 新街 和平 晨光 海棠 新生 富力 安外 石门 江南 远景 丽景 电建 康城 金台 东郊 东营",
        "十字口 望湖 北苑 光环 九龙 一二条 三四条 十四区 文化传播 阳光家园 绿色家园 新天地 苹果派 樱花园 西北门 七棵树",
        "北花园",
    )
    for word in line.split()
)
"""Bare names of ours that mean something else in most texts; with their suffix (平房乡, 新街社区) they still count."""

ORDINARY_ELSEWHERE = frozenset(("东城", "西城"))
"""Bare names of neighbours that mean something else in most texts."""

_SURNAME = (
    "[王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭曾"
    "肖董袁潘蔡余杜叶程苏魏吕丁沈姚卢崔谭汪贾夏邹孟熊秦邱]"
)
_ALONE = r"(?:(?<![\u4e00-\u9fff])|(?<=[在住到去于区道乡镇市店宫屯]))"

AROUND = {
    name: re.compile(pattern)
    for name, pattern in {
        "常营": "(?<![正照经日平通异])常营(?![业运销造利养])",
        "将台": "(?<!点)将台(?![阶灯面球布风湾词账历柜盆座])",
        "建外": f"{_ALONE}建外(?![墙立扩挂设])|建外(?=大街|SOHO)",
        "朝外": f"{_ALONE}朝外(?![开看面推突])|朝外(?=大街|SOHO|市场街)",
        "三间房": "^三间房$|(?<=朝阳区)三间房|三间房(?=[乡村桥站]|地铁|动漫|[东西南北中][路街里口侧])",
        "金盏": "金盏(?![花菊草])",
        "双井": "双井(?![盖子])",
        "大屯": "大屯(?![粮山])",
        "小关": "(?<![大开])小关(?![系卡节门口注键联心爱掉停闭上紧不])",
        "望京": "(?<![眺观展遥仰盼])望京",
        "管庄": "(?<![监主看保])管庄",
        "劲松": f"(?<![苍强])(?<!{_SURNAME})劲松",
        "安贞": f"(?<!{_SURNAME})安贞",
        "和平街": "和平街(?=[一二三四五六七八九十0-9北]|$)",
        "科学园": "科学园(?![区地])",
        "孙河": "(?<!马)孙河",
        "八棵杨": "八棵杨(?!树)",
        "大兴": "大兴(?=[区黄亦旧西瀛庞榆礼采青魏国机])",
    }.items()
} | {name: re.compile(_ALONE + name) for name in ("方家园", "夏家园", "康家园", "道家园")}
AROUND |= {name: re.compile(f"{name}(?!屯)") for name in ("北三里", "东三里", "中三里", "南三里")}
"""What must stand around a bare name that is also part of other words: 正常营业, 将台阶拆除, 违建外墙, 健康家园."""

ROAD = re.compile("[东西南北中]?路(?![灯面边口障牌人过基况沿])")
"""Behind a bare name of a community it is the name of a road: 姚家园路 runs through six streets. Not so 永安里路灯."""

BETWEEN = re.compile("[。；;！!？?\n、到往至搬去住在与和跟从的]|北京")
"""What ends the reach of a district's name in an address: what follows need not lie in it."""

BETWEEN_IN_TEXT = re.compile(f"{BETWEEN.pattern}|[，,]")

BEFORE_STANDING_ALONE = re.compile(r"[^\u4e00-\u9fff]|[区道乡镇市县街房在住于到]")
"""The character before a full name that may also end a longer one: 东路社区 is not meant in 双桥东路社区."""
