"""One's own password. Accounts and roles are made by the administrator: under /admin/, or with `yishu desk user`."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.views import PasswordChangeView
from django.http import HttpResponse


class PasswordChange(PasswordChangeView):
    template_name = "desk/password.html"
    success_url = "/desk/"

    def form_valid(self, form: Any) -> HttpResponse:
        messages.success(self.request, "口令已修改")
        return super().form_valid(form)
