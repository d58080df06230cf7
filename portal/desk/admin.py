"""Accounts, their roles and the interface's tokens, for the bureau's administrators. Tickets have pages of their own."""

from django.contrib import admin

from portal.desk.models import Officer, Token


@admin.register(Officer)
class OfficerAdmin(admin.ModelAdmin):
    list_display = ("user", "role", "department", "full_name")
    list_filter = ("role", "department")


@admin.register(Token)
class TokenAdmin(admin.ModelAdmin):
    """Issued by `yishu desk token add`, which shows the key once; here to be seen only."""

    list_display = ("department", "label", "created_at", "created_by", "last_used_at", "revoked_at")
    readonly_fields = list_display
    exclude = ("key_hash",)

    def has_add_permission(self, request: object) -> bool:
        return False


admin.site.site_header = "更正工单台 · 账号管理"
admin.site.site_title = "账号管理"
admin.site.index_title = "账号与权限"
admin.site.site_url = "/desk/"
