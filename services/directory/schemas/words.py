"""The words of a sheet for what the directory's entries may be, in Chinese; the first of each is the one written."""

import difflib
from collections.abc import Mapping
from enum import StrEnum

from services.directory.domain.experts import ExpertField
from services.directory.domain.people import Residence
from shared.auth import Role
from shared.contracts.directory_words import DeputyRole, HallKind, Lead, OrganisationKind, PlaceKind, Standing, UnitKind
from shared.contracts.vocabulary import DeputyCategory
from shared.files.tables import plain
from shared.units import Tier

Words = Mapping[StrEnum, tuple[str, ...]]

UNIT_KINDS: Words = {
    UnitKind.DISTRICT: ("区",),
    UnitKind.STREET: ("街道", "街道办事处"),
    UnitKind.AREA: ("地区", "地区办事处"),
    UnitKind.TOWNSHIP: ("乡", "民族乡"),
    UnitKind.TOWN: ("镇",),
    UnitKind.COMMUNITY: ("社区",),
    UnitKind.NEIGHBOURHOOD: ("居", "居委会", "社区居委会"),
    UnitKind.VILLAGE: ("村", "村委会", "行政村"),
    UnitKind.GRID: ("网格",),
    UnitKind.ELSEWHERE: ("外区",),
}
PLACE_KINDS: Words = {
    PlaceKind.COMPOUND: ("小区", "楼院", "小区(楼院)"),
    PlaceKind.BUILDING: ("楼栋", "楼", "楼房"),
    PlaceKind.ENTRANCE: ("楼门", "单元", "门"),
    PlaceKind.DWELLING: ("户", "住户", "房屋"),
    PlaceKind.PROPERTY_AREA: ("物业管理区域", "物业区域"),
}
ORGANISATION_KINDS: Words = {
    OrganisationKind.DEPARTMENT: ("部门", "科室", "区级部门", "街道部门"),
    OrganisationKind.COMMITTEE: ("居委会", "村委会", "居(村)委会", "社区居委会"),
    OrganisationKind.OWNERS_COMMITTEE: ("业委会", "业主委员会"),
    OrganisationKind.PROPERTY_COUNCIL: ("物管会", "物业管理委员会"),
    OrganisationKind.PROPERTY_COMPANY: ("物业企业", "物业公司", "物业服务企业", "物业"),
    OrganisationKind.ENTERPRISE: ("企业", "公司", "社会单位"),
    OrganisationKind.CITY_DEPARTMENT: ("市级部门", "市属部门"),
    OrganisationKind.LAND_OWNER: ("其他权属单位", "权属单位", "产权单位"),
}
STANDINGS: Words = {Standing.COMMANDED: ("派单", "可派单"), Standing.ASKED: ("商请", "只商请")}
DEPUTY_ROLES: Words = {
    DeputyRole.DEPUTY: ("议事代表", "代表"),
    DeputyRole.EXPERT: ("议事能手", "专家", "议事能手/专家"),
}
DEPUTY_CATEGORIES: Words = {
    DeputyCategory.RESIDENTS_DELEGATE: ("居民代表",),
    DeputyCategory.LANE_STEWARD: ("小巷管家",),
    DeputyCategory.ON_DUTY_MEMBER: ("双报到在职党员", "“双报到”在职党员", "双报到党员", "在职党员"),
    DeputyCategory.PARTY_DELEGATE: ("党代表",),
    DeputyCategory.PEOPLES_CONGRESS_DELEGATE: ("人大代表",),
    DeputyCategory.CPPCC_MEMBER: ("政协委员",),
    DeputyCategory.COMMUNITY_POLICE: ("社区民警",),
    DeputyCategory.SOCIAL_UNIT_DELEGATE: ("社会单位代表",),
    DeputyCategory.AREA_PARTY_ORGANISATION: ("驻区单位党组织代表",),
    DeputyCategory.PARTY_BUILDING_MEMBER: ("党建工作协调委员会成员单位", "党建协调委员会成员单位"),
    DeputyCategory.SOCIAL_ORGANISATION_DELEGATE: ("社会组织代表",),
    DeputyCategory.LANE_CHIEF: ("街巷长",),
    DeputyCategory.SCHOLAR_OR_EXPERT: ("专家学者",),
}
EXPERT_FIELDS: Words = {
    ExpertField.NEGOTIATOR: ("协商能手", "谈判专家"),
    ExpertField.LAWYER: ("律师",),
    ExpertField.PSYCHOLOGIST: ("心理咨询师", "心理专家"),
    ExpertField.RESPECTED_ELDER: ("德高望重的长者", "乡贤", "老街坊"),
}
HALL_KINDS: Words = {
    HallKind.ENTRANCE: ("楼门", "单元"),
    HallKind.COMPOUND: ("小区", "楼院", "小区(楼院)"),
    HallKind.GRID: ("网格",),
    HallKind.COMMUNITY: ("社区",),
    HallKind.STREET: ("街道", "街乡", "地区", "乡"),
    HallKind.DISTRICT: ("区",),
    HallKind.ONLINE: ("线上", "网上"),
}
LEADS: Words = {Lead.LEADS: ("主办", "牵头"), Lead.ASSISTS: ("协办", "配合")}
TIERS: Words = {
    Tier.GRID: ("网格",),
    Tier.COMMUNITY: ("社区",),
    Tier.STREET: ("街道", "街乡", "街道(乡、地区)"),
    Tier.DISTRICT: ("区",),
}
RESIDENCES: Words = {
    Residence.ADULT: ("成年居民",),
    Residence.RESIDENT: ("居民",),
    Residence.TENANT: ("租户",),
    Residence.OWNER: ("业主",),
    Residence.VILLAGER: ("村民",),
    Residence.HOUSEHOLD: ("户", "住户"),
}
ROLES: Words = {
    Role.CLERK: ("记录员", "文员"),
    Role.CHAIR: ("主持人",),
    Role.HANDLER: ("经办人", "办理人"),
    Role.LEADER: ("负责人", "领导"),
    Role.SUPERVISOR: ("督办员",),
    Role.EVALUATOR: ("考评员",),
    Role.CALLBACK_AGENT: ("回访员",),
}


def meant(words: Words, written: str) -> StrEnum | None:
    """What a word stands for, in Chinese or as the code has it; None where it is none of them."""
    wanted = plain(written).casefold()
    return next((value for value, names in words.items() if wanted in {value.value, *map(plain, names)}), None)


def closest(words: Words, written: str) -> str:
    """What would be right: the word that is nearly the same, or all there are."""
    first_of = {name: names[0] for names in words.values() for name in names}
    near = difflib.get_close_matches(plain(written), first_of, n=1, cutoff=0.5)
    firsts = "、".join(dict.fromkeys(first_of.values()))
    return f"{first_of[near[0]]}? It may be {firsts}" if near else f"one of {firsts}"


def written(words: Words, value: str) -> str:
    """The word for a value; the value itself where there is none."""
    return next((names[0] for one, names in words.items() if one == value), value)
