"""The pool rows of the small city, each there for what one test says of it. Not here: how they are built."""

from datetime import date
from typing import Any

WANG, LI, ZHAO, CHEN, YOUNG, UNREGISTERED = (
    "410402194001010011",
    "410402194502020022",
    "410403195603010033",
    "410403195603020044",
    "410402199001010055",
    "410404193512310066",
)
ENTERPRISE = "91410400MA00000001"

POOLS: dict[str, list[dict[str, Any]]] = {
    "public_security.resident": [
        {
            "citizen_id": WANG,
            "full_name": "王大明",
            "sex": "1",
            "ethnicity": "01",
            "birth_date": date(1940, 1, 1),
            "household_no": "h1",
            "registered_division_code": "410402",
            "registered_address": "建设路1号",
            "phone": None,
        },
        {"citizen_id": LI, "full_name": "李秀英", "sex": "2", "birth_date": date(1945, 2, 2), "household_no": "h1"},
        {"citizen_id": ZHAO, "full_name": "赵恰七十", "sex": "1", "birth_date": date(1956, 3, 1), "household_no": "h2"},
        {"citizen_id": CHEN, "full_name": "陈差一天", "sex": "2", "birth_date": date(1966, 3, 2), "household_no": "h3"},
        {"citizen_id": YOUNG, "full_name": "周小", "sex": "1", "birth_date": date(1990, 1, 1), "household_no": "h4"},
    ],
    "public_security.death": [{"citizen_id": LI, "full_name": "李秀英", "death_date": date(2026, 1, 5)}],
    "public_security.residence_registration": [{"citizen_id": UNREGISTERED, "full_name": "孙外来"}],
    "human_resources.insured_person": [
        {
            "person_no": "p1",
            "citizen_id": WANG,
            "full_name": "王大明",
            "sex": "1",
            "birth_date": date(1940, 1, 1),
            "insured_status": "1",
        },
        {"person_no": "p2", "citizen_id": ZHAO, "full_name": "赵恰七十", "insured_status": "2"},
        {"person_no": "p3", "citizen_id": None, "full_name": "无证"},
        {"person_no": "p4", "citizen_id": "410402194001010012", "full_name": "错号", "_invalid": "|citizen_id|"},
    ],
    "civil_affairs.elderly_allowance": [
        {
            "citizen_id": WANG,
            "full_name": "王大名",
            "sex": "1",
            "residence_division_code": "410403",
            "residence_address": "矿工路2号",
            "phone": "13800000001",
            "allowance_level": "1",
            "monthly_amount_yuan": 50.0,
            "status": "1",
        },
        {
            "citizen_id": UNREGISTERED,
            "full_name": "孙外来",
            "sex": "2",
            "residence_division_code": "410404",
            "phone": "13800000002",
            "allowance_level": "2",
            "monthly_amount_yuan": 100.0,
            "status": "2",
        },
    ],
    "public_security.travel_document": [
        {
            "document_kind": "414",
            "document_no": "E1",
            "full_name": "约翰•史密斯",
            "sex": "1",
            "birth_date": date(1950, 1, 1),
            "nationality": "840",
            "residence_address": "建设路１２号院三幢",
        },
        {"document_kind": "553", "document_no": "H2", "citizen_id": "810000199001010010", "full_name": "错号二", "_invalid": "|citizen_id|"},
    ],
    "civil_affairs.supported_person": [{"record_no": "s1", "identity_no": WANG, "mobile": "13900000009"}],
    "market_regulation.enterprise": [
        {
            "credit_code": ENTERPRISE,
            "name": "平顶山甲公司",
            "entity_type": "1",
            "representative_name": "王大明",
            "status": "1",
        },
    ],
    "human_resources.insured_unit": [
        {
            "unit_no": "u1",
            "credit_code": ENTERPRISE,
            "unit_name": "平顶山甲有限公司",
            "phone": "0375-1",
            "insured_count": 3,
        },
    ],
}
UNDER_CHECK = [
    {"department": "public_security", "resource": "residence_registration", "key": UNREGISTERED, "rule": "q", "since": date(2026, 2, 2)},
    {
        "department": "civil_affairs",
        "resource": "elderly_allowance",
        "key": WANG,
        "rule": "r",
        "since": date(2026, 2, 1),
    },
    {
        "department": "human_resources",
        "resource": "insured_person",
        "key": "p4",
        "rule": "citizen_id.citizen_id",
        "since": date(2026, 2, 1),
    },
]
