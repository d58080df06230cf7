"""Data Docs in the night: written as its last page, and linked from Dagster through the desk, which serves them.

Not here: what the pages say (yishu/gate/data_docs.py). A browser opens no file:// link from a page of a server, so links go to the desk.
"""

import dagster as dg

from orchestration.lake import Lake
from yishu.catalogue import Catalogue, Resource
from yishu.lake.release_docs import NAME
from yishu.settings import settings

STEP = "data_docs"
ADDRESS = "data-docs"  # portal/urls.py
INDEX = "index.html"


def leave_docs(context: dg.AssetExecutionContext, lake: Lake, catalogue: Catalogue) -> str | None:
    """Write the docs of the night; a fault is recorded and returned, and the last ones stay."""
    from yishu.gate.data_docs import write_docs

    with lake.writing("数据质量文档") as data:
        return lake.attempt(context, STEP, lambda: write_docs(data, catalogue, lake.business_date))


def docs_metadata(lake: Lake) -> dict[str, dg.MetadataValue | str]:
    """Where the docs are, for people with the desk and for people without."""
    file = lake.data / "published" / NAME / INDEX
    if not file.exists():
        return {"data_docs": "尚未发布"}
    return {"data_docs": page_url(INDEX), "data_docs_file": dg.MetadataValue.path(str(file))}


def resource_url(resource: Resource) -> dg.MetadataValue:
    """The page of the resource's last gate run: the same address every night."""
    from yishu.gate.data_docs import resource_path

    return page_url(resource_path(resource))


def page_url(page: str) -> dg.MetadataValue:
    return dg.MetadataValue.url(f"{settings.desk_url}/{ADDRESS}/{page}")
