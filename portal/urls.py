"""Addresses of the portal: the desk's pages and its interface under /desk/, accounts under /admin/, the Data Docs under /data-docs/."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from portal.api.interface import api
from portal.data_docs import data_docs

urlpatterns = [
    path("desk/api/v1/", api.urls),
    path("desk/t/<str:number>/excel/", include("portal.exchange.urls")),
    path("desk/", include("portal.pages.urls")),
    path("desk/", include("portal.supervision.urls")),
    path("admin/", admin.site.urls),
    path("data-docs/", data_docs),
    path("data-docs/<path:path>", data_docs),
    path("", RedirectView.as_view(url="/desk/")),
]

handler400 = "portal.pages.problems.malformed"
handler403 = "portal.pages.problems.forbidden"
handler404 = "portal.pages.problems.absent"
handler500 = "portal.pages.problems.failed"
