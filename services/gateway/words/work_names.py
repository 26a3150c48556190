"""How the pages of handlers and deciders name codes that no public page shows."""

from collections.abc import Mapping

from services.gateway.words.catalogue import zh
from services.gateway.words.desk_names import DESK_NAMES

WORK_NAMES: Mapping[str, Mapping[str, str]] = {
    "solved": {"yes": zh("已解决"), "partly": zh("部分解决"), "no": zh("未解决")},
    "satisfaction": {
        "5": zh("很满意"),
        "4": zh("满意"),
        "3": zh("中等"),
        "2": zh("不满意"),
        "1": zh("很不满意"),
    },
    "asked_by": {"hotline": zh("热线"), "own": zh("我们")},
    "survey_state": {
        "waiting": zh("期限未到"),
        "asking": zh("要回访"),
        "missed": zh("没有打通，等着再打"),
        "asked": zh("已回访"),
        "not_asked": zh("逾期未回访"),
    },
    "yes_no": {"yes": zh("是"), "no": zh("否")},
    "want": {
        **DESK_NAMES["want"],
        "extension": zh("延期"),
        "cooperation": zh("请求协助"),
        "pending": zh("疑难挂账"),
        "task_return": zh("退单"),
        "postponement": zh("会议延期"),
        "demonstration": zh("列为示范性项目"),
    },
    "request_reason": {
        **DESK_NAMES["request_reason"],
        "complex_work": zh("工程量大"),
        "materials": zh("等待材料设备"),
        "weather": zh("恶劣天气"),
        "other_party": zh("等待其他单位配合"),
        "residents": zh("需要居民配合"),
        "their_land": zh("属其用地"),
        "their_facility": zh("属其设施"),
        "their_records": zh("需其提供资料"),
        "history": zh("历史遗留"),
        "funds": zh("资金"),
        "planning": zh("规划审批"),
        "ownership": zh("权属不清"),
        "disagreement": zh("意见不一"),
        "technique": zh("技术条件"),
        "hall_lost": zh("会场无法使用"),
        "quorum_away": zh("已知到会不足法定人数"),
        "death": zh("丧事"),
        "health_order": zh("卫生健康部门要求"),
        "emergency": zh("突发事件处置"),
        "illness": zh("当事人病重"),
        "guiding": zh("具有引领性"),
        "general": zh("具有普遍性"),
        "participatory": zh("具有参与性"),
    },
}
