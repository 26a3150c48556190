"""Surnames as a pattern: those that are common, where they don't end another word, such as the 程 of 工程经理."""

_COMMON = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧肖程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任"
    "姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_OF_TWO = ("欧阳", "司马", "上官", "诸葛", "慕容", "令狐", "皇甫", "司徒", "夏侯")
_ENDS_WORDS = {
    "文": "语作条论公人中",
    "史": "历",
    "常": "经非日平正通时",
    "任": "主责担信班现前原",
    "高": "提最很较升增",
    "金": "资基现租押奖罚",
    "方": "对地双甲乙多各官警院校我一物",
    "康": "健小",
    "段": "阶地路时片",
    "许": "允也",
    "何": "任如为几",
    "于": "由对关位属处用至便等低高",
    "程": "工过流课行全日",
    "余": "其剩业多",
    "林": "园森绿",
    "周": "四一每上下本两",
    "范": "规防示师模",
    "梁": "桥房",
    "谢": "感多答",
    "万": "千百十几",
    "钱": "价花",
    "马": "人斑",
    "石": "化",
    "龙": "水",
    "易": "交容",
    "顾": "照回",
    "毛": "羽",
    "白": "明",
    "叶": "树",
}


def _one(surname: str) -> str:
    before = _ENDS_WORDS.get(surname)
    return f"(?<![{before}]){surname}" if before else surname


SURNAME = (
    f"(?:{'|'.join(_OF_TWO)}|[{''.join(one for one in _COMMON if not _ENDS_WORDS.get(one))}]|"
    f"{'|'.join(_one(one) for one in _COMMON if _ENDS_WORDS.get(one))})"
)
