"""Addresses of a ticket's workbook, under /desk/t/<number>/excel/."""

from django.urls import path

from portal.exchange import views

app_name = "exchange"

urlpatterns = [
    path("", views.upload, name="upload"),
    path("download/", views.download, name="download"),
    path("<str:key>/", views.result, name="result"),
    path("<str:key>/confirm/", views.confirm, name="confirm"),
    path("<str:key>/refused/", views.refused, name="refused"),
]
