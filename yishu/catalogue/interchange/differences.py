"""What has changed between two versions of the catalogue, in words, and whether deliveries of the old one would still be read.

A change is incompatible where a department that changes nothing would be held or accused: a column renamed, taken away or added as required,
a type, code list or key changed. Earlier layouts that the new entry still knows make a renamed column compatible.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from yishu.catalogue.models import Catalogue, Item, Resource

ADDED, REMOVED, CHANGED = "新增", "撤销", "变更"
_FIELDS = {"title": "名称", "code": "信息资源代码", "summary": "摘要", "duty": "职责依据", "frequency": "更新周期", "secrecy": "涉密属性",
           "due_working_days": "报送期限", "version": "版本", "gate": "门禁阈值", "sharing": "共享属性", "opening": "开放属性"}  # fmt: skip
_TERMS = {"channel": "报送通道", "format": "文件格式", "encoding": "编码", "sheet": "工作表", "pattern": "文件名样式", "mode": "报送方式",
          "operation": "操作标志列", "table": "库表", "interface": "接口"}  # fmt: skip
_BREAKING_TERMS = {"format", "encoding", "sheet", "pattern", "mode", "operation"}
_ITEM = {"title": "中文名", "column": "列名", "type": "类型", "codes": "代码表", "required": "必填", "sensitivity": "敏感级别", "feeds": "供给属性",
         "future": "可晚于数据日期", "absent": "缺省值写法", "english": "英文说明", "summary": "说明", "temporary": "临时采集"}  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """where: department, resource or item; `breaking`: files of the old version would be held or accused."""

    kind: str
    where: str
    what: str
    breaking: bool = False

    def __str__(self) -> str:
        return f"{self.kind}　{self.where}：{self.what}{'　【不兼容】' if self.breaking else ''}"


def differences(old: Catalogue, new: Catalogue) -> list[Difference]:
    """Everything that differs, departments first; empty for the same catalogue."""
    return [*_departments(old, new), *_resources(old, new), *_authority(old, new), *_codes(old, new)]


def _departments(old: Catalogue, new: Catalogue) -> Iterator[Difference]:
    for name in sorted(old.departments.keys() | new.departments.keys()):
        before, after = old.departments.get(name), new.departments.get(name)
        if before is None and after is not None:
            yield Difference(ADDED, f"部门 {after.title}", "新登记的部门")
        elif after is None and before is not None:
            yield Difference(REMOVED, f"部门 {before.title}", "不再登记", breaking=True)
        elif before is not None and after is not None and before != after:
            changed = [field for field in type(before).model_fields if getattr(before, field) != getattr(after, field)]
            yield Difference(CHANGED, f"部门 {after.title}", f"登记事项 {'、'.join(changed)} 有变化")


def _resources(old: Catalogue, new: Catalogue) -> Iterator[Difference]:
    for id_ in sorted(old.resources.keys() | new.resources.keys()):
        before, after = old.resources.get(id_), new.resources.get(id_)
        if before is None and after is not None:
            yield Difference(ADDED, _named(after), f"新增信息资源（{len(after.items)} 个信息项）")
        elif after is None and before is not None:
            yield Difference(REMOVED, _named(before), "撤销信息资源", breaking=True)
        elif before is not None and after is not None and before != after:
            yield from _resource(before, after)


def _resource(before: Resource, after: Resource) -> Iterator[Difference]:
    where = _named(after)
    for field, title in _FIELDS.items():
        if getattr(before, field) != getattr(after, field):
            yield Difference(CHANGED, where, f"{title}由“{_words(getattr(before, field))}”改为“{_words(getattr(after, field))}”")
    for field, title in _TERMS.items():
        if getattr(before.delivery, field) != getattr(after.delivery, field):
            said = f"{title}由“{_words(getattr(before.delivery, field))}”改为“{_words(getattr(after.delivery, field))}”"
            yield Difference(CHANGED, where, said, breaking=field in _BREAKING_TERMS)
    if before.key != after.key:
        yield Difference(CHANGED, where, f"标识由“{'、'.join(before.key)}”改为“{'、'.join(after.key)}”", breaking=True)
    known = [set(layout.columns.values()) for layout in after.earlier]
    still_read = any({item.column for item in before.items} == columns for columns in known)
    if len(before.earlier) != len(after.earlier):
        yield Difference(
            CHANGED, where, f"可识别的旧版由 {len(before.earlier)} 个变为 {len(after.earlier)} 个", breaking=len(after.earlier) < len(before.earlier)
        )
    elif before.earlier != after.earlier:
        yield Difference(CHANGED, where, "旧版的列名对照有变化")
    yield from _items(before, after, where, still_read)


def _items(before: Resource, after: Resource, where: str, still_read: bool) -> Iterator[Difference]:
    old, new = ({item.name: item for item in entry.items} for entry in (before, after))
    for name in sorted(old.keys() - new.keys()):
        yield Difference(REMOVED, f"{where} {old[name].title}", f"删去信息项（列 {old[name].column}）：该列今后不再装入", breaking=True)
    for name in (item.name for item in after.items if item.name not in old):
        yield Difference(
            ADDED, f"{where} {new[name].title}", f"新增信息项（列 {new[name].column}）", breaking=not still_read and not new[name].temporary
        )
    for name in (item.name for item in after.items if item.name in old and old[item.name] != item):
        yield from _item(old[name], new[name], f"{where} {new[name].title}", still_read)
    if [item.name for item in before.items] != [item.name for item in after.items] and old.keys() == new.keys():
        yield Difference(CHANGED, where, "信息项的次序有变化")


def _item(before: Item, after: Item, where: str, still_read: bool) -> Iterator[Difference]:
    for field, title in _ITEM.items():
        if getattr(before, field) == getattr(after, field):
            continue
        said = f"{title}由“{_words(getattr(before, field))}”改为“{_words(getattr(after, field))}”"
        stricter = field == "required" and after.required
        yield Difference(CHANGED, where, said, breaking=(field == "column" and not still_read) or field in ("type", "codes") or stricter)


def _authority(old: Catalogue, new: Catalogue) -> Iterator[Difference]:
    for name in sorted(old.authority.keys() | new.authority.keys()):
        before, after = old.authority.get(name), new.authority.get(name)
        if before is None or after is None:
            yield Difference(REMOVED if after is None else ADDED, f"基础数据库 {name}", "整个实体")
            continue
        for attribute in sorted(before.attributes.keys() | after.attributes.keys()):
            was, now = before.attributes.get(attribute), after.attributes.get(attribute)
            if was != now:
                yield Difference(CHANGED, f"基础数据库 {name}.{attribute}", f"来源次序由“{_words(was)}”改为“{_words(now)}”")
        if (before.title, before.key, before.schema_) != (after.title, after.key, after.schema_):
            yield Difference(CHANGED, f"基础数据库 {name}", "名称、标识或模式有变化")


def _codes(old: Catalogue, new: Catalogue) -> Iterator[Difference]:
    for name in sorted(old.codes.keys() | new.codes.keys()):
        before, after = old.codes.get(name), new.codes.get(name)
        if before is None or after is None:
            yield Difference(REMOVED if after is None else ADDED, f"代码表 {name}", "整个代码表")
        elif before != after:
            gone, come = before.entries.keys() - after.entries.keys(), after.entries.keys() - before.entries.keys()
            renamed = [code for code in before.entries.keys() & after.entries.keys() if before.entries[code] != after.entries[code]]
            said = f"增加 {len(come)} 个、删去 {len(gone)} 个、改名 {len(renamed)} 个代码"
            yield Difference(CHANGED, f"代码表 {name}", said if come or gone or renamed else "标准、版本或名称有变化", breaking=bool(gone))


def _named(resource: Resource) -> str:
    return f"{resource.department}《{resource.title}》"


def _words(value: Any) -> str:
    if value is None or value == "":
        return "无"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(map(str, value))
    if hasattr(value, "model_dump"):
        return "，".join(f"{name}={field}" for name, field in value.model_dump(by_alias=True, exclude_none=True).items())
    return str(value)
