"""The words that several events share, each with the term of the field. One word per idea."""

from enum import StrEnum


class RequestKind(StrEnum):
    """诉求类型: Art. 2 of the hotline's law, and the proposals and ideas the programme takes in beside complaints."""

    CONSULTATION = "consultation"
    HELP = "help"
    COMPLAINT = "complaint"
    REPORT = "report"
    SUGGESTION = "suggestion"
    PROPOSAL = "proposal"
    IDEA = "idea"


class OwnChannel(StrEnum):
    """来源渠道 besides the hotline: what was said at a desk, written, or sent in online."""

    VISIT = "visit"
    LETTER = "letter"
    ONLINE = "online"


class SlaClass(StrEnum):
    """Which time limit applies, counted from dispatch. The most urgent comes first."""

    EMERGENCY = "emergency"
    UTILITIES = "utilities"
    GENERAL = "general"
    COMPLEX = "complex"

    @property
    def is_urgent(self) -> bool:
        """It acts at once, and never waits for a council."""
        return self is SlaClass.EMERGENCY


class DispatchKind(StrEnum):
    """派单类型: direct to the unit, or relayed by the district where the unit is unclear (Art. 12)."""

    DIRECT = "direct"
    RELAYED = "relayed"


class Disposition(StrEnum):
    """The six classes of Art. 11 that are answered on the spot and not dispatched."""

    EMERGENCY_LINE = "emergency_line"
    STATUTORY_CHANNEL = "statutory_channel"
    ALREADY_IN_HAND = "already_in_hand"
    SECRET_OR_PRIVATE = "secret_or_private"
    OUTSIDE_DUTY = "outside_duty"
    UNLAWFUL = "unlawful"


class EmergencyLine(StrEnum):
    """紧急服务: 110, 119, 120."""

    POLICE = "police"
    FIRE = "fire"
    AMBULANCE = "ambulance"


class HandoverOutcome(StrEnum):
    """What came of handing an emergency over: 已出警处置, 未受理."""

    ATTENDED = "attended"
    DECLINED = "declined"


class OtherChannel(StrEnum):
    """法定途径: where the law has a matter decided once it is entered there: 法院, 仲裁, 信访."""

    COURT = "court"
    ARBITRATION = "arbitration"
    PETITION_OFFICE = "petition_office"


class Doubt(StrEnum):
    """Why nobody but a clerk can say which unit an order is for.

    It names a unit nobody knows, one that ended without a successor, one of another district or city; or its address
    says another place than its text; or the caller had it taken up after all.
    """

    UNKNOWN_UNIT = "unknown_unit"
    UNIT_ENDED = "unit_ended"
    ELSEWHERE = "elsewhere"
    CONTRADICTION = "contradiction"
    REINSTATED = "reinstated"


class Route(StrEnum):
    """How an issue is worked on: handled directly, or deliberated first."""

    HANDLE = "handle"
    DELIBERATE = "deliberate"


class Publicity(StrEnum):
    """公开类别: for everybody, for those concerned alone (当事人), or for nobody but who has the duty (不公开)."""

    PUBLIC = "public"
    PARTIES = "parties"
    CLOSED = "closed"


class IssueOrigin(StrEnum):
    """Where an issue comes from: what people said (orders), or without any order a deputy's matter 特殊事, a plan, or a
    demonstration project 示范性项目.
    """

    ORDERS = "orders"
    DEPUTY = "deputy"
    PLAN = "plan"
    DEMONSTRATION = "demonstration"


class ListingReason(StrEnum):
    """Why an issue came onto its unit's deliberation list 协商清单."""

    CATEGORY = "category"
    PROPOSAL = "proposal"
    GROUP = "group"
    HANDLING_FAILED = "handling_failed"
    RAISED = "raised"
    RECONSIDERED = "reconsidered"


class SessionKind(StrEnum):
    """An ordinary session, the second call after an inquorate one, or mediation with experts after two failures."""

    ORDINARY = "ordinary"
    SECOND_CALL = "second_call"
    MEDIATION = "mediation"


class PostponementReason(StrEnum):
    """延期事由, a closed list: 会场无法使用, 已知到会不足法定人数, 恶劣天气, 丧事, 卫生健康部门要求, 突发事件处置,
    当事人病重. Rank, time and efficiency are not on it. 议程补充须另行公告 is the system's own, and nobody else's.
    """

    HALL_LOST = "hall_lost"
    QUORUM_AWAY = "quorum_away"
    WEATHER = "weather"
    DEATH = "death"
    HEALTH_ORDER = "health_order"
    EMERGENCY = "emergency"
    ILLNESS = "illness"
    AGENDA_ADDED = "agenda_added"


class Obstacle(StrEnum):
    """Which rule can't be met, so that no session can be called: 代表不足, 居民代表不足, 能手不足, 无议事厅,
    议事厅容不下, 议事厅不开放, 无空闲时段."""

    TOO_FEW_DEPUTIES = "too_few_deputies"
    TOO_FEW_RESIDENTS = "too_few_residents"
    TOO_FEW_EXPERTS = "too_few_experts"
    NO_HALL = "no_hall"
    HALL_TOO_SMALL = "hall_too_small"
    NO_HALL_OPEN = "no_hall_open"
    NO_FREE_HOUR = "no_free_hour"


class DeputyCategory(StrEnum):
    """The thirteen kinds of deputies 议事代表, as they stand in `InviteePart.category`."""

    RESIDENTS_DELEGATE = "residents_delegate"
    LANE_STEWARD = "lane_steward"
    ON_DUTY_MEMBER = "on_duty_member"
    PARTY_DELEGATE = "party_delegate"
    PEOPLES_CONGRESS_DELEGATE = "peoples_congress_delegate"
    CPPCC_MEMBER = "cppcc_member"
    COMMUNITY_POLICE = "community_police"
    SOCIAL_UNIT_DELEGATE = "social_unit_delegate"
    AREA_PARTY_ORGANISATION = "area_party_organisation"
    PARTY_BUILDING_MEMBER = "party_building_member"
    SOCIAL_ORGANISATION_DELEGATE = "social_organisation_delegate"
    LANE_CHIEF = "lane_chief"
    SCHOLAR_OR_EXPERT = "scholar_or_expert"

    @property
    def is_resident(self) -> bool:
        """Whether these deputies sit as people who live there: 居民代表, 小巷管家 and "双报到" members at home."""
        return self in (self.RESIDENTS_DELEGATE, self.LANE_STEWARD, self.ON_DUTY_MEMBER)


class ContributionKind(StrEnum):
    """What somebody gives: 出资, 出物, 出力."""

    MONEY = "money"
    IN_KIND = "in_kind"
    HOURS = "hours"


class MoneySource(StrEnum):
    """Whose money 资金来源: 不涉及, 街道社区公共资金, 业主共有部分及其资金, 每户出资, 捐赠和单位自愿出资."""

    NONE = "none"
    PUBLIC = "public"
    OWNERS = "owners"
    HOUSEHOLDS = "households"
    DONATIONS = "donations"


class Decider(StrEnum):
    """Who can decide a matter: 议事会, 业主 (民法典 278), or whoever pays, of their own will 自愿出资人."""

    COUNCIL = "council"
    OWNERS = "owners"
    CONTRIBUTORS = "contributors"


class Review(StrEnum):
    """What an objection to a resolution comes to: 维持, 退回重议 (back on the agenda), 转报上级 (the tier above)."""

    STANDS = "stands"
    RETURNED = "returned"
    REFERRED = "referred"


class ElectorateKind(StrEnum):
    """Who votes over a window 逐户表决: 户 by heads, or 业主 by heads and by area."""

    HOUSEHOLDS = "households"
    OWNERS = "owners"


class VoteOutcome(StrEnum):
    """What a vote came to; a vote without quorum is void, and kept."""

    CARRIED = "carried"
    LOST = "lost"
    VOID = "void"


class FailureReason(StrEnum):
    """Why a deliberation failed 协商失灵."""

    NO_MAJORITY = "no_majority"
    INQUORATE_TWICE = "inquorate_twice"
    NO_MOTION = "no_motion"


class TaskOrigin(StrEnum):
    """What a task comes from."""

    COMPLAINT = "complaint"
    RESOLUTION = "resolution"
    REDO = "redo"
    ESCALATION = "escalation"


class ClockKind(StrEnum):
    """The resident's clock never resets; the tier's starts anew at each tier."""

    RESIDENT = "resident"
    TIER = "tier"


class WarningLevel(StrEnum):
    """How much of a clock is used up: yellow at the policy's share, red when it is over."""

    YELLOW = "yellow"
    RED = "red"


class IncidentKind(StrEnum):
    """What somebody must look at.

    At the district: 兜底, its own time over 区级超期, a dispute about who handles it 推诿. Elsewhere: a caller nobody
    asked 未回访; no session can be called, one lapsed, one was left open, the minutes of one are not signed; nobody
    followed what an emergency line did 移交未跟进.
    """

    BACKSTOP = "backstop"
    OVERDUE = "overdue"
    DISPUTED = "disputed"
    NOT_ASKED = "not_asked"
    UNSCHEDULABLE = "unschedulable"
    LAPSED = "lapsed"
    LEFT_OPEN = "left_open"
    UNSIGNED = "unsigned"
    UNFOLLOWED = "unfollowed"


class EscalationReason(StrEnum):
    """Why an issue climbs: the three of the programme, unsolved in time or by its means, or a demonstration project."""

    OVER_LEVEL = "over_level"
    OVER_DUTY = "over_duty"
    CROSS_AREA = "cross_area"
    UNRESOLVED = "unresolved"
    DEMONSTRATION = "demonstration"


class Solved(StrEnum):
    """What a person answers when asked whether the matter is solved."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class Asker(StrEnum):
    """Who asks a caller whether the matter is solved 回访: the hotline, or the district by itself 自查回访."""

    HOTLINE = "hotline"
    OWN = "own"


class Outcome(StrEnum):
    """How an issue or order was judged by the people concerned; nobody reached or asked never counts as solved.

    Withdrawn: none of its orders is left in it, so that there is nobody to judge. Done: nobody had called, and all its
    tasks are done.
    """

    SOLVED = "solved"
    UNSOLVED = "unsolved"
    NOT_REACHED = "not_reached"
    NOT_ASKED = "not_asked"
    WITHDRAWN = "withdrawn"
    DONE = "done"
