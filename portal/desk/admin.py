"""The desk's first pages: tickets and their items, to read. Nothing changes here, no subject is shown in full (H11)."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from portal.desk.models import ItemState, Ticket, TicketItem

ITEMS_ON_TICKET_PAGE = 100


class ReadOnly:
    """Tickets are opened and closed by the nightly reconciliation only."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Filtering by a guessed subject in the address line would undo the mask, one character after another."""
        return "subject" not in lookup.split("__") and bool(super().lookup_allowed(lookup, value, request))  # type: ignore[misc]  # ModelAdmin's


def _masked(item: TicketItem) -> str:
    return item.masked_subject


_masked.short_description = "对象（已脱敏）"  # type: ignore[attr-defined]  # how Django names a computed column

ITEM_FIELDS = (
    _masked,
    "file",
    "row_number",
    "row_count",
    "message",
    "tries",
    "since",
    "state",
    "opened_on",
    "closed_on",
)


class ItemInline(ReadOnly, admin.TabularInline):
    """The first items of a ticket; a bad night's thousands are behind the link to the paged list."""

    model = TicketItem
    fields = readonly_fields = ITEM_FIELDS
    verbose_name_plural = f"工单明细（前 {ITEMS_ON_TICKET_PAGE} 条）"

    def get_queryset(self, request: HttpRequest) -> "QuerySet[TicketItem]":
        match = request.resolver_match
        of_ticket = TicketItem.objects.filter(ticket_id=match.kwargs.get("object_id") if match else None)
        first = list(of_ticket.order_by("row_number", "id").values_list("pk", flat=True)[:ITEMS_ON_TICKET_PAGE])
        return super().get_queryset(request).filter(pk__in=first).select_related("ticket")


@admin.register(Ticket)
class TicketAdmin(ReadOnly, admin.ModelAdmin):
    list_display = (
        "number",
        "department_title",
        "resource_title",
        "rule",
        "message",
        "due",
        "state",
        "open_count",
        "item_count",
    )
    list_filter = ("state", "department_title", "resource_title", "severity", "due_basis")
    search_fields = ("number", "rule", "message")
    date_hierarchy = "opened_on"
    inlines = (ItemInline,)
    fieldsets = (
        (None, {"fields": ("number", "state", "opened_on", "closed_on", "all_items")}),
        (
            "问题",
            {
                "fields": (
                    "department_title",
                    "resource_title",
                    "rule",
                    "column",
                    "message",
                    "severity",
                    "dimension",
                    "clause",
                )
            },
        ),
        ("办理", {"fields": ("data_officer_name", "head_name", "due", "due_working_days", "due_basis", "due_article")}),
        ("依据版本", {"fields": ("profile_name", "profile_version", "catalogue_version", "opened_by")}),
    )
    readonly_fields = ("due", "all_items")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Ticket]":
        still_open = Count("items", filter=Q(items__state=ItemState.OPEN))
        return super().get_queryset(request).annotate(_open_count=still_open, _item_count=Count("items"))

    @admin.display(description="未办结", ordering="_open_count")
    def open_count(self, ticket: Any) -> int:
        return int(ticket._open_count)

    @admin.display(description="明细数", ordering="_item_count")
    def item_count(self, ticket: Any) -> int:
        return int(ticket._item_count)

    @admin.display(description="办理期限", ordering="due_on")
    def due(self, ticket: Ticket) -> str:
        return (
            f"{ticket.due_on:%Y-%m-%d}（{ticket.get_due_basis_display()}{'，暂定' if ticket.due_provisional else ''}）"
        )

    @admin.display(description="全部明细")
    def all_items(self, ticket: Any) -> str:
        page = reverse("admin:desk_ticketitem_changelist")
        return format_html(
            '<a href="{}?ticket__id__exact={}">共 {} 条，分页查看</a>', page, ticket.pk, ticket._item_count
        )


@admin.register(TicketItem)
class TicketItemAdmin(ReadOnly, admin.ModelAdmin):
    list_display = (
        _masked,
        "ticket",
        "department",
        "resource",
        "rule",
        "file",
        "row_number",
        "tries",
        "state",
        "closed_on",
    )
    list_display_links = (_masked,)
    list_filter = ("state", "department", "resource")
    list_select_related = ("ticket",)
    list_per_page = 100
    fields = readonly_fields = ("ticket", *ITEM_FIELDS, "delivery_id")


admin.site.site_header = "更正工单台"
admin.site.site_title = "更正工单台"
admin.site.index_title = "工单"
admin.site.site_url = None
