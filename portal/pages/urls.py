"""Addresses under /desk/. No address holds an identifier: tickets have numbers, rows and entities have the desk's own ids (H11)."""

from django.contrib.auth import views as accounts
from django.urls import path

from portal.pages import acting, doubts, entities, inbox, links, outbox, overview, refusals, ticket
from portal.pages.accounts import PasswordChange

app_name = "pages"
TICKET = "t/<str:number>/"
ENTITY = "entities/<int:file>/"

urlpatterns = [
    path("login/", accounts.LoginView.as_view(template_name="desk/login.html", redirect_authenticated_user=True), name="login"),
    path("logout/", accounts.LogoutView.as_view(), name="logout"),
    path("password/", PasswordChange.as_view(), name="password"),
    path("", inbox.inbox, name="inbox"),
    path("acknowledge", inbox.acknowledge_many, name="acknowledge_many"),
    path("overview", overview.overview, name="overview"),
    path("refusals", refusals.refusals, name="refusals"),
    path("refusals.csv", refusals.export, name="refusals_csv"),
    path("outbox/", outbox.outbox, name="outbox"),
    path("outbox/<int:message>/resend", outbox.resend, name="resend"),
    path("doubts/", doubts.mine, name="doubts"),
    path("doubts/new", doubts.new, name="doubt_new"),
    path("doubts/<int:doubt>/withdraw", doubts.withdraw, name="doubt_withdraw"),
    path("entities/", entities.look_up_page, name="entities"),
    path(ENTITY, entities.entity_page, name="entity"),
    path(ENTITY + "reveal", entities.reveal, name="entity_reveal"),
    path(ENTITY + "merge", entities.merge_with, name="entity_merge"),
    path(ENTITY + "split", entities.split_off, name="entity_split"),
    path(ENTITY + "decisions/<int:decision>/revoke", entities.revoke_decision, name="entity_revoke"),
    path(TICKET, ticket.ticket_page, name="ticket"),
    path(TICKET + "do/<slug:action>", acting.do, name="do"),
    path(TICKET + "items/<int:item>/reveal", acting.reveal_row, name="reveal"),
    path(TICKET + "items/<int:item>/link", links.link_page, name="link"),
    path(TICKET + "attachments/<int:attachment>", ticket.attachment, name="attachment"),
]
