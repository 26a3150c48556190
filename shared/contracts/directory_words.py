"""The words in which the directory tells who and where: kinds of units, places, organisations, halls and days."""

from enum import StrEnum


class Origin(StrEnum):
    """Where an entry comes from. What was made for exercises gives way to what is entered, and never counts as real."""

    SHIPPED = "shipped"
    ENTERED = "entered"
    EXERCISE = "exercise"


class UnitKind(StrEnum):
    """单位类型: 区, 街道, 地区, 乡, 镇, 社区 (居 or 村 where a source says), 网格.

    A village 村 is not rural by that. `elsewhere` is a unit of another district: known, and not ours."""

    DISTRICT = "district"
    STREET = "street"
    AREA = "area"
    TOWNSHIP = "township"
    TOWN = "town"
    COMMUNITY = "community"
    NEIGHBOURHOOD = "neighbourhood"
    VILLAGE = "village"
    GRID = "grid"
    ELSEWHERE = "elsewhere"


class PlaceKind(StrEnum):
    """小区, 楼栋, 楼门, 户, 物业管理区域."""

    COMPOUND = "compound"
    BUILDING = "building"
    ENTRANCE = "entrance"
    DWELLING = "dwelling"
    PROPERTY_AREA = "property_area"


class OrganisationKind(StrEnum):
    """What an organisation is: 部门, 居(村)委会, 业委会, 物管会, 物业企业, 企业, 市级部门, 其他权属单位."""

    DEPARTMENT = "department"
    COMMITTEE = "committee"
    OWNERS_COMMITTEE = "owners_committee"
    PROPERTY_COUNCIL = "property_council"
    PROPERTY_COMPANY = "property_company"
    ENTERPRISE = "enterprise"
    CITY_DEPARTMENT = "city_department"
    LAND_OWNER = "land_owner"


class Standing(StrEnum):
    """Whether an organisation is given tasks, or asked by a request that it answers on record."""

    COMMANDED = "commanded"
    ASKED = "asked"


class DayKind(StrEnum):
    """On which days somebody is on duty: the days of the week, and working days and days off as they are announced."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"
    WORKING_DAY = "working_day"
    DAY_OFF = "day_off"


class DeputyRole(StrEnum):
    """As what somebody is invited: 议事代表, 议事能手."""

    DEPUTY = "deputy"
    EXPERT = "expert"


class HallKind(StrEnum):
    """Where a hall 议事厅 sits."""

    ENTRANCE = "entrance"
    COMPOUND = "compound"
    GRID = "grid"
    COMMUNITY = "community"
    STREET = "street"
    DISTRICT = "district"
    ONLINE = "online"


class Lead(StrEnum):
    """主办 or 协办: who leads in a category, and who only assists."""

    LEADS = "leads"
    ASSISTS = "assists"
