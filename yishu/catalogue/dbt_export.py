"""The catalogue as dbt reads it: sources and the authority macro; the documentation of the base tables is base_models.py.

Belongs here: text generated from the catalogue, so that a new source or attribute needs no edit in dbt_project. Not here:
SQL (dbt_project/macros), or anything that imports dbt. The files are git-ignored; they are written only when their
content differs, because a touched file makes dbt parse the whole project again.
"""

import json
import os
from pathlib import Path
from typing import Any

import yaml

from yishu.catalogue.authority import authority_of, relation_name, sources_of, sql_type
from yishu.catalogue.base_models import base_models
from yishu.catalogue.models import Catalogue
from yishu.catalogue.places import LOCATED_TABLE
from yishu.catalogue.variants import variants_macro

ROW_COLUMNS = {
    "_key": ("string", "规范化的主键值，以“|”相连"),
    "_delivery_id": ("string", "带来本行现状的批次"),
    "_delivery_seq": ("bigint", "批次的先后顺序号"),
    "_row_number": ("bigint", "在来文件中的物理行号"),
    "_as_of": ("date", "批次的数据日期"),
    "_invalid": ("string", "值不合类型规则的信息项，以“|”包围；无则为空"),
    "_absent_count": ("bigint", "连续缺席的全量批次数"),
}
LAKE_TABLES = {
    "pin": (
        "本次构建固定的各资源池版本",
        {"resource": "string", "version": "bigint", "as_of": "date", "pin": "string"},
    ),
    "under_check": (
        "正在核实的记录（E07：不影响正常受理）",
        {"department": "string", "resource": "string", "key": "string", "rule": "string", "since": "date"},
    ),
    "code": ("代码表", {"list": "string", "code": "string", "name": "string"}),
    "located": LOCATED_TABLE,
    "alias": (
        "同一实体的各个标识：旧号、变更后的号、合并的标识（C02、D04）",
        {
            "kind": "string", "identifier": "string", "entity_key": "string", "is_current": "boolean", "since": "date", "until": "date",
            "basis": "string",
        },
    ),
    "link": (
        "人工确认归属的来源记录（C02）",
        {"entity": "string", "department": "string", "resource": "string", "source_key": "string", "entity_key": "string", "is_split": "boolean"},
    ),
    "touched": (
        "自上一次构建以来，核实状态或人工归属有变的来源记录",
        {"department": "string", "resource": "string", "source_key": "string"},
    ),
    "renamed": (
        "自上一次构建以来，标识有变的实体：标识类型（人工归属的为实体名）和实体的首个标识",
        {"kind": "string", "entity_key": "string"},
    ),
}
# Of these the build keeps what the last one stood on, to tell what has changed since.
BEFORE = ("under_check", "alias", "link")


def write_dbt_inputs(catalogue: Catalogue, dbt_dir: Path) -> bool:
    """Write the generated sources, authority macro and base documentation; True where any of them changed.

    Raises ValueError where the authority list names a source that does not feed what it is listed for.
    """
    authority, claims = authority_of(catalogue), dbt_dir / "models" / "generated" / "claim"
    contents = {
        dbt_dir / "models" / "generated" / "sources.yml": _as_yaml(_sources(catalogue)),
        dbt_dir / "models" / "generated" / "base.yml": _as_yaml(base_models(catalogue)),
        dbt_dir / "macros" / "generated" / "authority.sql": _macro(authority),
        **{claims / f"claim_{name}.sql": f"{{{{ claims('{name}') }}}}\n" for name in authority},
        dbt_dir / "macros" / "generated" / "variant_characters.sql": variants_macro(catalogue),
    }
    changed = [path for path, text in contents.items() if not path.exists() or path.read_text("utf-8") != text]
    gone = [path for path in claims.glob("*.sql") if path not in contents]
    for path in gone:
        path.unlink()
    for path in changed:
        path.parent.mkdir(parents=True, exist_ok=True)
        written = path.with_name(path.name + ".written")
        written.write_text(contents[path], encoding="utf-8")
        os.replace(written, path)
    return bool(changed or gone)


def _sources(catalogue: Catalogue) -> dict[str, Any]:
    pool = [
        {
            "name": relation_name(resource),
            "description": f"{resource.title}：{resource.summary}（{catalogue.departments[resource.department].title}）",
            "columns": [_column(item.name, sql_type(item), item.title) for item in resource.items]
            + [_column(name, kind, title) for name, (kind, title) in ROW_COLUMNS.items()],
        }
        for resource in catalogue.resources.values()
    ]
    lake = [
        {"name": name, "description": title, "columns": [{"name": column, "data_type": kind} for column, kind in columns.items()]}
        for name, (title, columns) in LAKE_TABLES.items()
    ]
    schemas = {
        "pool": "部门数据资源池，固定版本的只读视图",
        "moved": "各资源池自上一次构建以来新增、改变和离去的行",
        "lake": "本次构建的事实：版本、核实中的记录、代码表、标识",
    }
    fed = {relation_name(catalogue.resources[id_]) for entity in catalogue.authority.values() for id_ in sources_of(entity)}
    tables = {"pool": pool, "moved": [{"name": table["name"]} for table in pool if table["name"] in fed], "lake": lake}
    return {
        "version": 2,
        "sources": [{"name": name, "schema": name, "description": title, "tables": tables[name]} for name, title in schemas.items()],
    }


def _column(name: str, data_type: str, title: str) -> dict[str, str]:
    return {"name": name, "data_type": data_type, "description": title}


def _macro(authority: dict[str, Any]) -> str:
    """`authority()` of all entities and `authority_of(name)` of one: a literal is built anew with every call, the whole of it in milliseconds.

    Which one is asked by name in plain ifs, so that dbt sees what a model depends on and parses it again when the list changes.
    """
    # Read as JSON: as a literal of Jinja's, templates of it were parsed and compiled in every build, in a second and more.
    literals = {name: f"fromjson({_jinja_text(json.dumps(entity, ensure_ascii=False))})" for name, entity in authority.items()}
    parts = [_returning(f"authority_of_{name}()", literal) for name, literal in literals.items()]
    asked = "".join(f"{{%- if name == '{name}' -%}}{{{{ return(authority_of_{name}()) }}}}{{%- endif -%}}\n" for name in authority)
    parts.append(f"{{% macro authority_of(name) %}}\n{asked}{{{{ exceptions.raise_compiler_error('no such entity: ' ~ name) }}}}\n{{% endmacro %}}\n")
    parts.append(_returning("authority()", "{" + ", ".join(f"'{name}': authority_of_{name}()" for name in authority) + "}"))
    return "\n".join(parts)


def _jinja_text(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _returning(macro: str, value: str) -> str:
    return f"{{% macro {macro} %}}\n{{{{ return({value}) }}}}\n{{% endmacro %}}\n"


class _Plain(yaml.SafeDumper):
    """Without anchors: what stands twice is written twice."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _as_yaml(content: dict[str, Any]) -> str:
    return "# Generated from catalogue/ by yishu.catalogue.dbt_export; do not edit.\n" + yaml.dump(
        content, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=140
    )
