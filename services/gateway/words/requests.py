"""What follows from the decision on a request 批复, by what was asked for."""

from collections.abc import Mapping

from services.gateway.words.catalogue import zh

IF_GRANTED: Mapping[str, str] = {
    "extension": zh("诉求、任务、回访的期限一起顺延，并告知诉求人和热线。"),
    "cooperation": zh("记为对方同意协助。"),
    "pending": zh("列入疑难挂账，阶段性答复告知诉求人，到复核日再看。"),
    "task_return": zh("任务改派下一个承办部门。"),
    "postponement": zh("会议改期，由系统排定新的日期并重新公告。"),
    "transfer": zh("诉求转到申请的单位承办，期限照常计算。"),
    "urgency": zh("诉求改按申请的紧急程度计算期限。"),
    "reinstatement": zh("诉求恢复办理。"),
    "withdrawal": zh("议题撤回，不再办理。"),
    "demonstration": zh("区里同意列为示范性项目，承办单位可以据此提级到区。"),
}
IF_REFUSED: Mapping[str, str] = {
    "extension": zh("期限不变。"),
    "cooperation": zh("记为对方不同意协助。"),
    "pending": zh("照常办理，期限照常计算。"),
    "task_return": zh("任务仍由原岗办理；承办单位可以申诉一次。"),
    "postponement": zh("会议照公告的时间召开。"),
    "transfer": zh("诉求仍由原单位承办。"),
    "urgency": zh("紧急程度和期限不变。"),
    "reinstatement": zh("原来的处理不变。"),
    "withdrawal": zh("议题照常办理。"),
    "demonstration": zh("议题仍由现在的层级承办。"),
}
