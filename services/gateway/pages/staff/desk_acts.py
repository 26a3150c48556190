"""What the order desk 诉求受理台 can do with an order, an issue or a request: one row each, by its name."""

from collections.abc import Mapping

from services.gateway.pages.forms import Form
from services.gateway.pages.staff.acts import REASON, Act, Field
from services.gateway.words.catalogue import zh
from shared.contracts.requests import REASONS, RequestReason, Want

INTAKE = "intake"
WAITING = frozenset({"to_settle"})
IN_HAND = frozenset({"linked", "redo", "replied", "called_back"})
OPEN = WAITING | IN_HAND
ENDED = frozenset({"answered", "returned", "referred", "withdrawn"})
UNIT = Field(name="unit_code", label=zh("承办单位"), look="pick")
CATEGORY = Field(name="category", label=zh("类别"), look="pick")
WORDS = Field(name="words", label=zh("说明"), help=zh("写给批复的人看。"), longest=2000)


def reason_of(want: Want) -> Field:
    """The closed list of reasons for what is asked."""
    return _chosen(*REASONS[want])


def _chosen(*reasons: RequestReason) -> Field:
    return Field(name="reason", label=zh("事由"), look="choose", kind="request_reason", codes=reasons)


def _of_hotline(want: Want, title: str, follows: str) -> Act:
    return Act(
        service=INTAKE,
        method="ask_hotline",
        title=title,
        follows=follows,
        send=zh("向热线提出"),
        fields=(reason_of(want), WORDS),
        fixed={"wants": want.value},
        states=IN_HAND,
    )


def _split(form: Form) -> dict[str, object]:
    """Up to two further matters; of the second all or nothing."""
    matters = [
        {name: form[f"{name}{number}"] for name in ("title", "content", "category")}
        for number in ("", "_2")
        if form[f"title{number}"]
    ]
    return {"matters": matters, "reason": form["reason"]}


def _matter(number: str, title: str, *, is_required: bool) -> tuple[Field, ...]:
    return (
        Field(name=f"title{number}", label=title, look="line", longest=200, is_required=is_required),
        Field(name=f"content{number}", label=zh("这一事项的情况"), longest=2000, is_required=is_required),
        Field(name=f"category{number}", label=zh("这一事项的类别"), look="pick", is_required=is_required),
    )


OF_ORDERS: Mapping[str, Act] = {
    "settle": Act(
        service=INTAKE,
        method="settle_order",
        title=zh("确定承办单位"),
        follows=zh("这件诉求交由所选单位承办；期限从派单时起算，不因等待而延长。诉求人会看到承办单位。"),
        send=zh("交由所选单位承办"),
        fields=(UNIT, REASON),
        states=WAITING,
    ),
    "return": Act(
        service=INTAKE,
        method="return_to_hotline",
        title=zh("退回热线"),
        follows=zh("热线收到退回和理由，另行派往别的区或别的市；本区不再办理。只有区级可以退。"),
        send=zh("退回热线"),
        states=WAITING,
    ),
    "answer": Act(
        service=INTAKE,
        method="answer_order",
        title=zh("直接答复"),
        follows=zh("按所选的情形答复诉求人，不派给单位办理；诉求人坚持的，可以恢复办理。紧急情况不能用答复了结。"),
        send=zh("答复诉求人"),
        fields=(
            Field(name="disposition", label=zh("属于哪一种情形"), look="choose", kind="disposition"),
            Field(name="answer", label=zh("答复"), help=zh("诉求人看到的就是这段话。"), longest=1000),
        ),
        states=OPEN,
    ),
    "refer": Act(
        service=INTAKE,
        method="refer_order",
        title=zh("转法定途径"),
        follows=zh("记下这件事已由法院、仲裁机构或信访部门受理；这里不再办理，诉求人会看到去处。"),
        send=zh("记为已进入法定途径"),
        fields=(
            Field(name="channel", label=zh("由谁受理"), look="choose", kind="channel"),
            Field(name="reference", label=zh("案号或登记号"), look="line", longest=100),
            Field(name="entered_on", label=zh("受理日期"), look="day", longest=10),
        ),
        states=OPEN,
    ),
    "hand-over": Act(
        service=INTAKE,
        method="hand_over_order",
        title=zh("移交紧急服务"),
        follows=zh("记下已经移交给谁、说了什么；之后须跟进结果，逾期无人跟进列为异常。工单照常办理。"),
        send=zh("记下移交"),
        fields=(
            Field(name="line", label=zh("移交给"), look="choose", kind="emergency_line"),
            Field(name="reference", label=zh("对方的接警号"), look="line", longest=100, is_required=False),
            Field(name="words", label=zh("说了什么")),
        ),
        states=OPEN,
    ),
    "follow": Act(
        service=INTAKE,
        method="follow_handover",
        title=zh("跟进紧急移交"),
        follows=zh("记下移交的结果；这件紧急移交不再等人跟进，工单照常办理。"),
        send=zh("记下结果"),
        fields=(
            Field(name="outcome", label=zh("结果"), look="choose", kind="handover_outcome"),
            Field(name="words", label=zh("情况")),
        ),
        states=OPEN,
    ),
    "correct": Act(
        service=INTAKE,
        method="correct_order",
        title=zh("更正单位、类别或紧急程度"),
        follows=zh(
            "任务、期限和数字跟着改；时间不重新起算。只填要改的，其余留空。改到别的单位，由同时管两边的单位更正；只改类别或紧急程度，由承办单位的上级更正。"
        ),
        send=zh("更正"),
        fields=(
            Field(name="unit_code", label=zh("承办单位"), look="pick", is_required=False),
            Field(name="category", label=zh("类别"), look="pick", is_required=False),
            Field(name="sla_class", label=zh("紧急程度"), look="pick", kind="urgency", is_required=False),
            REASON,
        ),
        states=IN_HAND,
    ),
    "link": Act(
        service=INTAKE,
        method="link_complaint",
        title=zh("并入另一个议题"),
        follows=zh(
            "这件诉求离开现在的议题，随另一个议题一起办；两边的人数都会变。原来的议题没有别的诉求的，随之撤回。"
        ),
        send=zh("并入"),
        fields=(Field(name="issue_id", label=zh("议题编号"), look="line", longest=120), REASON),
        states=IN_HAND,
    ),
    "unlink": Act(
        service=INTAKE,
        method="unlink_complaint",
        title=zh("从议题中分出"),
        follows=zh("这件诉求离开现在的议题，单独成为一个议题。议题里只有这一件的，不能分出。"),
        send=zh("分出"),
        states=IN_HAND,
    ),
    "split": Act(
        service=INTAKE,
        method="split_order",
        title=zh("拆分事项"),
        follows=zh("另外的事项各自成为议题、各自计时、各自答复；第一个事项沿用原来的编号。"),
        send=zh("拆分"),
        fields=(
            *_matter("", zh("另一个事项"), is_required=True),
            *_matter("_2", zh("再一个事项"), is_required=False),
            REASON,
        ),
        states=IN_HAND,
        shaped=_split,
    ),
    "verify": Act(
        service=INTAKE,
        method="verify_signatures",
        title=zh("核实联名"),
        follows=zh("从现在起，这件诉求按核实的人数计。"),
        send=zh("记下核实的人数"),
        fields=(
            Field(name="verified", label=zh("核实的人数"), look="number"),
            Field(name="reason", label=zh("怎么核实的")),
        ),
    ),
    "ask-transfer": Act(
        service=INTAKE,
        method="ask_transfer",
        title=zh("申请转办"),
        follows=zh("由两个单位共同的上级批复；逾期无人批复的，视为不同意，期限照常计算。"),
        send=zh("申请转办"),
        fields=(
            Field(name="unit_code", label=zh("应由谁承办"), look="pick"),
            reason_of(Want.TRANSFER),
            WORDS,
        ),
        states=IN_HAND,
    ),
    "ask-urgency": Act(
        service=INTAKE,
        method="ask_urgency",
        title=zh("申请调整紧急程度"),
        follows=zh("由上级批复；逾期无人批复的，调高的即行生效，调低的维持原状。"),
        send=zh("申请调整"),
        fields=(
            Field(name="sla_class", label=zh("应为"), look="choose", kind="urgency"),
            reason_of(Want.URGENCY),
            WORDS,
        ),
        states=IN_HAND,
    ),
    "ask-reinstatement": Act(
        service=INTAKE,
        method="ask_reinstatement",
        title=zh("申请恢复办理"),
        follows=zh("由上级批复；逾期无人批复的，恢复办理。"),
        send=zh("申请恢复办理"),
        fields=(reason_of(Want.REINSTATEMENT), WORDS),
        states=ENDED,
    ),
    "ask-return": _of_hotline(
        Want.RETURN,
        zh("向热线申请退单"),
        zh("热线答复之前照常办理；热线逾期未答复的，维持原状。不同意的可以申诉一次。"),
    ),
    "ask-exclusion": _of_hotline(
        Want.EXCLUSION, zh("向热线申请剔除"), zh("热线同意的，不计入考评；答复之前照常办理。不同意的可以申诉一次。")
    ),
    "ask-callback": _of_hotline(
        Want.CALLBACK, zh("向热线申请再次回访"), zh("热线同意的，再回访一次，以后一次为准。不同意的可以申诉一次。")
    ),
}
OF_ISSUES: Mapping[str, Act] = {
    "word": Act(
        service=INTAKE,
        method="confirm_wording",
        title=zh("确认公开表述"),
        follows=zh("从现在起，通知、公示和所有页面都用这句话说这个议题。不要写人名、电话、门牌号。"),
        send=zh("确认并公开"),
        fields=(
            Field(name="wording", label=zh("公开表述"), look="line", longest=200),
            Field(name="publicity", label=zh("公开类别"), look="choose", kind="publicity"),
        ),
    ),
    "withdraw": Act(
        service=INTAKE,
        method="ask_withdrawal",
        title=zh("申请撤回议题"),
        follows=zh("由上级批复；逾期无人批复的，议题继续。有人反映过的议题不能撤回。"),
        send=zh("申请撤回"),
        fields=(reason_of(Want.WITHDRAWAL), WORDS),
    ),
}
OF_REQUESTS: Mapping[str, Act] = {
    "grant": Act(
        service=INTAKE,
        method="decide_request",
        title=zh("同意申请"),
        follows=zh("申请的事立即生效，申请人看到理由。"),
        send=zh("同意"),
        fields=(Field(name="reason", label=zh("理由"), longest=2000),),
        fixed={"grant": True},
    ),
    "refuse": Act(
        service=INTAKE,
        method="decide_request",
        title=zh("不同意申请"),
        follows=zh("维持原状，申请人看到理由。"),
        send=zh("不同意"),
        fields=(Field(name="reason", label=zh("理由"), longest=2000),),
        fixed={"grant": False},
    ),
    "appeal": Act(
        service=INTAKE,
        method="appeal_request",
        title=zh("申诉"),
        follows=zh("再向热线提一次，只有一次；其后的答复是最后的。"),
        send=zh("提出申诉"),
        fields=(Field(name="words", label=zh("申诉的理由"), longest=2000),),
    ),
}
