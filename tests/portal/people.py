"""The people of the desk's tests: officers of two departments, the bureau, an auditor. Not real accounts: actors."""

from portal.desk.actor import Actor

POLICE = Actor("韩专员", "officer", "public_security")
CIVIL = Actor("李专员", "officer", "civil_affairs")
BUREAU = Actor("督查员", "bureau")
AUDITOR = Actor("审计员", "auditor")
EVERYBODY = (POLICE, CIVIL, BUREAU, AUDITOR)
