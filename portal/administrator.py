"""The desk's first account, made when the desk is first served: it works as the bureau, and makes the others' accounts."""

from pathlib import Path

from portal.private_files import private_token
from portal.setup import desk

NAME = "admin"
PASSWORD_FILE = "desk-admin.password"


def ensure_administrator(data: Path) -> Path:
    """An account `admin` with the generated password kept in DIR/desk-admin.password (0600); returns that file.

    The file is the way back in: when it is removed, a new password is made and set; when the database is new, the
    file's is used.
    """
    file = data / PASSWORD_FILE
    is_new = not file.exists()
    password = private_token(file, 15)
    with desk(data):
        from django.contrib.auth import get_user_model

        users = get_user_model().objects
        account = users.filter(username=NAME).first()
        if account is None:
            from portal.desk.models import Officer, Role

            account = users.create_superuser(NAME, password=password)
            Officer.objects.create(user=account, role=Role.BUREAU, full_name="系统管理员")
        elif is_new:
            account.set_password(password)
            account.save()
    return file
