"""Addresses of the supervision: included by portal/urls.py as `supervision`."""

from django.urls import path

from portal.supervision.views import notice

app_name = "supervision"
urlpatterns = [path("notices/<int:pk>/", notice, name="notice")]
