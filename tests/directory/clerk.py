"""The sheets of a community's clerk: halls, deputies, an owners' committee, a property company, desks and nights."""

COMMUNITY = "110105017003"

HOURS = "周一至周五 09:00-21:00；周六、周日 09:00-17:30"
HALLS = [
    ["名称", "单位", "类型", "地址", "开放时间", "联系方式", "可容纳人数"],
    [
        "第三社区议事厅",
        COMMUNITY,
        "社区",
        "劲松三区312号楼1层",
        "周一至周五 09:00-21:00；周六、周日 09:00-17:30",
        "010-60000001",
        "40",
    ],
    ["312号楼院议事厅", COMMUNITY, "楼院", "劲松三区312号楼院内", "每天 08:00-20:00", "010-60000002", "20"],
    ["云上议事厅", COMMUNITY, "线上", "社区微信群", "全天", "010-60000001", ""],
]
CATEGORIES = [
    *("居民代表", "居民代表", "居民代表", "小巷管家", "党代表", "人大代表", "政协委员"),
    *("社区民警", "街巷长", "社会单位代表", "专家学者", "社会组织代表"),
]
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫"
DEPUTIES = [
    ["议事代表名册（2026年）"],
    ["序号", "姓名", "单位", "类别", "任期开始", "有效至"],
    *(
        [str(number), f"{surname}代表", COMMUNITY, category, "2026-01-01", "2028-12-31"]
        for number, (surname, category) in enumerate(zip(SURNAMES, CATEGORIES, strict=True), 1)
    ),
]
PLACES = [["名称", "类型", "单位", "地址"], ["劲松三区", "小区", COMMUNITY, "劲松三区"]]
ORGANISATIONS = [
    ["名称", "类型", "单位", "场所", "联系方式", "有效自", "有效至"],
    ["劲松三区业委会", "业委会", COMMUNITY, "劲松三区", "", "2025-07-01", "2030-06-30"],
    ["安居物业", "物业企业", COMMUNITY, "", "010-60000003", "", ""],
    ["社区居委会", "居委会", COMMUNITY, "", "010-60000001", "", ""],
]
CONTRACTS = [
    ["机构", "场所", "内容", "有效自", "有效至"],
    ["安居物业", "劲松三区", "住宅物业服务", "2026-01-01", "2027-12-31"],
]
STAFF = [
    ["姓名", "机构", "单位", "职务", "登录名", "角色", "手机"],
    ["沈主任", "社区居委会", COMMUNITY, "主任", "shen", "负责人", "13800000001"],
    ["韩社工", "社区居委会", COMMUNITY, "社工", "han", "经办人", "13800000002"],
    ["杨社工", "社区居委会", COMMUNITY, "社工", "yang", "经办人；记录员", "13800000003"],
]
DESKS = [
    ["名称", "机构", "单位", "诉求类别", "责任领导", "联系方式"],
    ["综合窗口", "社区居委会", COMMUNITY, "物业管理；停车", "沈主任", "010-60000001"],
    ["夜间值守", "社区居委会", COMMUNITY, "", "沈主任", "010-60000004"],
]
SHIFTS = [
    ["岗位", "人员", "日子", "开始", "结束"],
    ["夜间值守", "韩社工", "周一、周三、周五、周日", "20:00", "08:00"],
    ["夜间值守", "杨社工", "周二、周四、周六", "20:00", "08:00"],
    ["综合窗口", "沈主任", "每天", "08:00", "20:00"],
]

BOOK = {
    "议事厅": HALLS,
    "议事代表": DEPUTIES,
    "场所": PLACES,
    "机构": ORGANISATIONS,
    "合同": CONTRACTS,
    "工作人员": STAFF,
    "岗位": DESKS,
    "值班": SHIFTS,
}


def with_three_mistakes() -> dict[str, list[list[str]]]:
    """As it came from the clerk's hand: hours that are none, a category there is not, a desk's name mistyped."""
    book = {name: [list(row) for row in rows] for name, rows in BOOK.items()}
    book["议事厅"][2][4] = "每天 8点到晚上"
    book["议事代表"][6][3] = "党员代表"
    book["值班"][2][0] = "夜间值班"
    return book
