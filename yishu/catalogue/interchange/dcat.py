"""The catalogue as DCAT, the vocabulary of open data portals: one dataset a resource, one distribution a way of delivery.

Our own things are named by urn, since a closed network has no addresses to give. rdflib is imported when it is asked for.
"""

from typing import TYPE_CHECKING

from yishu.catalogue.models import Catalogue, Department, Resource

if TYPE_CHECKING:
    from rdflib import Graph, URIRef

# Periods as ISO 8601 durations: the national guide's words have no address either.
_PERIODS = {"realtime": "PT0S", "daily": "P1D", "weekly": "P1W", "monthly": "P1M", "quarterly": "P3M", "half_yearly": "P6M", "yearly": "P1Y"}
_MEDIA = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "jsonl": "application/x-ndjson",
          "parquet": "application/vnd.apache.parquet"}  # fmt: skip
_URN = "urn:yishu"


def graph(catalogue: Catalogue, authority: str, sharing_names: dict[str, str]) -> "Graph":
    """The whole register; `authority` is who keeps it (A03), sharing_names what the regulation calls the classes (P01)."""
    from rdflib import Graph, Literal, URIRef
    from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, SKOS

    made = Graph()
    for prefix, namespace in {"dcat": DCAT, "dct": DCTERMS, "foaf": FOAF, "skos": SKOS}.items():
        made.bind(prefix, namespace)
    root, keeper = URIRef(f"{_URN}:catalogue"), URIRef(f"{_URN}:authority")
    made.add((keeper, RDF.type, FOAF.Agent))
    made.add((keeper, FOAF.name, Literal(authority, lang="zh")))
    made.add((root, RDF.type, DCAT.Catalog))
    made.add((root, DCTERMS.title, Literal("政务信息资源目录", lang="zh")))
    made.add((root, DCTERMS.description, Literal(f"{authority}编制的政务信息资源目录", lang="zh")))
    made.add((root, DCTERMS.publisher, keeper))
    made.add((root, DCTERMS.identifier, Literal(catalogue.hash)))
    for department in catalogue.judged_departments.values():
        _publisher(made, department)
    for resource in catalogue.judged_resources.values():
        made.add((root, DCAT.dataset, _dataset(made, resource, catalogue.departments[resource.department], sharing_names)))
    return made


def _publisher(made: "Graph", department: Department) -> None:
    from rdflib import Literal
    from rdflib.namespace import DCTERMS, FOAF, RDF

    agent = _agent(department)
    made.add((agent, RDF.type, FOAF.Agent))
    made.add((agent, FOAF.name, Literal(department.title, lang="zh")))
    made.add((agent, DCTERMS.identifier, Literal(department.credit_code)))


def _agent(department: Department) -> "URIRef":
    from rdflib import URIRef

    return URIRef(f"{_URN}:department:{department.name}")


def _dataset(made: "Graph", resource: Resource, department: Department, sharing_names: dict[str, str]) -> "URIRef":
    from rdflib import Literal, URIRef
    from rdflib.namespace import DCAT, DCTERMS, RDF, RDFS, SKOS, XSD

    dataset = URIRef(f"{_URN}:resource:{resource.department}:{resource.name}")
    theme, rights, period = (URIRef(f"{dataset}:{part}") for part in ("theme", "rights", "period"))
    made.add((dataset, RDF.type, DCAT.Dataset))
    for predicate, text in ((DCTERMS.title, resource.title), (DCTERMS.description, resource.summary)):
        made.add((dataset, predicate, Literal(text, lang="zh")))
    made.add((dataset, DCTERMS.identifier, Literal(resource.code)))
    made.add((dataset, DCTERMS.publisher, _agent(department)))
    made.add((dataset, DCAT.theme, theme))
    made.add((theme, RDF.type, SKOS.Concept))
    made.add((theme, SKOS.prefLabel, Literal(department.short_title, lang="zh")))
    made.add((dataset, DCTERMS.accessRights, rights))
    made.add((rights, RDF.type, DCTERMS.RightsStatement))
    made.add((rights, RDFS.label, Literal(sharing_names[resource.sharing.class_], lang="zh")))
    made.add((dataset, DCTERMS.accrualPeriodicity, period))
    made.add((period, RDF.type, DCTERMS.Frequency))
    made.add((period, RDFS.label, Literal(resource.frequency)))
    if resource.frequency in _PERIODS:
        made.add((dataset, DCAT.temporalResolution, Literal(_PERIODS[resource.frequency], datatype=XSD.duration)))
    for item in resource.items:
        made.add((dataset, DCAT.keyword, Literal(item.title, lang="zh")))
    made.add((dataset, DCAT.distribution, _distribution(made, dataset, resource)))
    return dataset


def _distribution(made: "Graph", dataset: "URIRef", resource: Resource) -> "URIRef":
    from rdflib import Literal, URIRef
    from rdflib.namespace import DCAT, DCTERMS, RDF

    distribution = URIRef(f"{dataset}:{resource.delivery.channel}")
    made.add((distribution, RDF.type, DCAT.Distribution))
    made.add((distribution, DCTERMS.title, Literal(resource.delivery.pattern)))
    made.add((distribution, DCAT.accessURL, URIRef(f"{dataset}:access")))
    made.add((distribution, DCTERMS["format"], Literal(resource.delivery.format)))
    made.add((distribution, DCAT.mediaType, Literal(_MEDIA[resource.delivery.format])))
    return distribution
