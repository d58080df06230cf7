"""Who gets a digest, by which channels. Addresses come from the register, accounts and connections; secrets stay there.

A webhook's whole address may hold a token (as chat groups' do): only its host is kept with the message.
Imported late, once Django is ready.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from portal.desk.models import Channel, Officer, Role
from yishu.catalogue.models import Catalogue
from yishu.settings import Connection, ConnectionUnusable, settings

BUREAU = "bureau"


@dataclass(frozen=True)
class Receiver:
    """A department, or the bureau. `heads`: addresses of the department's heads, for what they must be told."""

    name: str
    title: str
    mail: tuple[str, ...]
    heads: tuple[str, ...]
    webhook: str | None

    def addresses(self, *, with_heads: bool) -> Iterator[tuple[str, str]]:
        """Channel and address."""
        mail = tuple(dict.fromkeys(self.mail + (self.heads if with_heads else ())))
        if mail:
            yield str(Channel.MAIL), "、".join(mail)[:500]
        if self.webhook:
            yield str(Channel.WEBHOOK), self.webhook


def receivers(data: Path, catalogue: Catalogue, bureau_title: str) -> list[Receiver]:
    """The departments in the order of the register, then the bureau."""
    accounts = list(Officer.objects.filter(user__is_active=True).exclude(user__email="").select_related("user").order_by("pk"))
    found = []
    for name, owner in catalogue.departments.items():
        if owner.internal:
            continue
        heads = tuple(one.user.email for one in accounts if one.role == Role.HEAD and one.department == name)
        mail = (owner.data_officer.email,) if owner.data_officer.email else ()
        found.append(Receiver(name, owner.title, mail, heads, _host(data, name)))
    own = (settings.bureau_mail,) if settings.bureau_mail else tuple(one.user.email for one in accounts if one.role == Role.BUREAU)
    return [*found, Receiver(BUREAU, bureau_title, own, (), _host(data, BUREAU))]


def webhook_of(data: Path, receiver: str) -> Connection | None:
    """YISHU_CONNECTION_WEBHOOK_<RECEIVER> (…_TOKEN: the signing key), else webhook_<receiver> of connections.yaml."""
    return settings.connection(f"webhook_{receiver}", data)


def _host(data: Path, receiver: str) -> str | None:
    """Where the webhook goes, without what may be secret; an unusable file of connections must not stop a digest."""
    try:
        found = webhook_of(data, receiver)
    except ConnectionUnusable:
        return None
    if found is None:
        return None
    address = urlsplit(found.url.get_secret_value())
    return f"{address.scheme}://{address.hostname or ''}"[:500]
