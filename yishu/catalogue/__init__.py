"""The register and the law: models, loading, checks, calendar. Data lives in the catalogue/ folder of the project."""

from yishu.catalogue.documents import CatalogueError
from yishu.catalogue.entities import Entity
from yishu.catalogue.loading import load_catalogue
from yishu.catalogue.models import Catalogue, CodeList, Department, Item, Resource

__all__ = ["Entity", "Catalogue", "CatalogueError", "CodeList", "Department", "Item", "Resource", "load_catalogue"]
