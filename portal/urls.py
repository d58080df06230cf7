"""Addresses of the desk: its pages under /desk/, the Data Docs under /data-docs/, everything else leads to the desk."""

from django.contrib import admin
from django.urls import path
from django.views.generic import RedirectView

from portal.data_docs import data_docs

urlpatterns = [
    path("desk/", admin.site.urls),
    path("data-docs/", data_docs),
    path("data-docs/<path:path>", data_docs),
    path("", RedirectView.as_view(url="/desk/desk/ticket/")),
]
