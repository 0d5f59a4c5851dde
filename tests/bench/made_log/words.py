"""What the blanks of scripts are filled with: ids, places, names, times."""

from collections.abc import Callable
from random import Random

# From the most frequent on: a place is as rare as its number is high.
PLACES = (
    "天津", "河北", "北京", "上海", "江苏", "浙江", "山东", "广东", "福建", "四川", "重庆", "湖北", "湖南", "河南",
    "安徽", "陕西", "辽宁", "吉林", "黑龙江", "江西", "广西", "云南", "贵州", "山西", "甘肃", "海南", "内蒙古", "宁夏",
    "青海", "新疆", "西藏", "香港", "澳门",
)  # fmt: skip
PEOPLE_NAMES = ("陈建国", "王芳", "李强", "赵敏", "孙总", "周正", "吴外", "郑洁")
_SITES = ("滨海新区", "高新区", "经开区", "空港", "东疆", "西青", "武清", "静海", "宝坻", "蓟州")
_WORKS = (
    "污水处理厂",
    "数据中心",
    "冷链仓库",
    "医院门诊楼",
    "光伏电站",
    "地铁车站",
    "职业学校",
    "体育馆",
)


class Words(dict[str, str]):
    """A project's words by their blanks. An id that it meets for the first time gets one of the project's own."""

    def __init__(self, new_id: Callable[[], str]) -> None:
        super().__init__()
        self._new_id = new_id

    def __missing__(self, blank: str) -> str:
        word = self[blank] = self._new_id()
        return word


def uuid_of(chance: Random, milliseconds: int) -> str:
    """UUIDv7 of a time since 1970: as in life, ids lie in the order of their making."""
    time, rest = f"{milliseconds:012x}", f"{chance.getrandbits(72):018x}"
    return f"{time[:8]}-{time[8:]}-7{rest[:3]}-8{rest[3:6]}-{rest[6:]}"


def place(chance: Random) -> str:
    return PLACES[int(len(PLACES) * chance.random() ** 3)]


def project_name(chance: Random, number: int) -> str:
    return f"{chance.choice(_SITES)}{chance.choice(_WORKS)}{number}期"
