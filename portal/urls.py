"""Addresses of the desk: its pages under /desk/, everything else leads there."""

from django.contrib import admin
from django.urls import path
from django.views.generic import RedirectView

urlpatterns = [
    path("desk/", admin.site.urls),
    path("", RedirectView.as_view(url="/desk/desk/ticket/")),
]
