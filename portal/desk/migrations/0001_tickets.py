import django.db.models.deletion
import django_fsm
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HistoricalTicket",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("number", models.CharField(db_index=True, max_length=20, verbose_name="工单号")),
                ("opened_on", models.DateField(verbose_name="开具日期")),
                ("serial", models.PositiveIntegerField(verbose_name="当日序号")),
                ("opened_by", models.CharField(max_length=100, verbose_name="开具人")),
                ("department", models.CharField(max_length=100, verbose_name="部门代号")),
                ("department_title", models.CharField(max_length=200, verbose_name="部门")),
                ("resource", models.CharField(max_length=100, verbose_name="资源代号")),
                ("resource_title", models.CharField(max_length=200, verbose_name="信息资源")),
                ("data_officer_name", models.CharField(blank=True, max_length=100, verbose_name="数据专员")),
                ("head_name", models.CharField(blank=True, max_length=100, verbose_name="主要负责人")),
                ("rule", models.CharField(max_length=200, verbose_name="规则")),
                ("column", models.CharField(blank=True, max_length=200, verbose_name="信息项")),
                ("message", models.TextField(blank=True, verbose_name="问题")),
                (
                    "severity",
                    models.CharField(
                        choices=[("structural", "结构性"), ("content", "内容"), ("advisory", "提示")],
                        max_length=20,
                        verbose_name="严重程度",
                    ),
                ),
                ("dimension", models.CharField(blank=True, max_length=20, verbose_name="质量维度")),
                ("clause", models.CharField(blank=True, max_length=50, verbose_name="依据编号")),
                ("key_types", models.JSONField(default=list, verbose_name="主键类型")),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[("open", "待核实"), ("closed", "已关闭")],
                        default="open",
                        max_length=50,
                        protected=True,
                        verbose_name="状态",
                    ),
                ),
                ("due_on", models.DateField(verbose_name="办理期限")),
                ("due_provisional", models.BooleanField(default=False, verbose_name="期限暂定")),
                ("due_working_days", models.PositiveSmallIntegerField(verbose_name="期限（工作日）")),
                (
                    "due_basis",
                    models.CharField(
                        choices=[("law", "法定"), ("local", "本地默认")], max_length=10, verbose_name="期限依据"
                    ),
                ),
                ("due_article", models.CharField(blank=True, max_length=100, verbose_name="期限条文")),
                ("profile_name", models.CharField(max_length=100, verbose_name="法规配置")),
                ("profile_version", models.CharField(max_length=64, verbose_name="法规配置版本")),
                ("catalogue_version", models.CharField(blank=True, max_length=100, verbose_name="目录版本")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="关闭日期")),
                ("history_change_reason", models.TextField(null=True)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "historical 工单",
                "verbose_name_plural": "historical 工单",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="Ticket",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="工单号")),
                ("opened_on", models.DateField(verbose_name="开具日期")),
                ("serial", models.PositiveIntegerField(verbose_name="当日序号")),
                ("opened_by", models.CharField(max_length=100, verbose_name="开具人")),
                ("department", models.CharField(max_length=100, verbose_name="部门代号")),
                ("department_title", models.CharField(max_length=200, verbose_name="部门")),
                ("resource", models.CharField(max_length=100, verbose_name="资源代号")),
                ("resource_title", models.CharField(max_length=200, verbose_name="信息资源")),
                ("data_officer_name", models.CharField(blank=True, max_length=100, verbose_name="数据专员")),
                ("head_name", models.CharField(blank=True, max_length=100, verbose_name="主要负责人")),
                ("rule", models.CharField(max_length=200, verbose_name="规则")),
                ("column", models.CharField(blank=True, max_length=200, verbose_name="信息项")),
                ("message", models.TextField(blank=True, verbose_name="问题")),
                (
                    "severity",
                    models.CharField(
                        choices=[("structural", "结构性"), ("content", "内容"), ("advisory", "提示")],
                        max_length=20,
                        verbose_name="严重程度",
                    ),
                ),
                ("dimension", models.CharField(blank=True, max_length=20, verbose_name="质量维度")),
                ("clause", models.CharField(blank=True, max_length=50, verbose_name="依据编号")),
                ("key_types", models.JSONField(default=list, verbose_name="主键类型")),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[("open", "待核实"), ("closed", "已关闭")],
                        default="open",
                        max_length=50,
                        protected=True,
                        verbose_name="状态",
                    ),
                ),
                ("due_on", models.DateField(verbose_name="办理期限")),
                ("due_provisional", models.BooleanField(default=False, verbose_name="期限暂定")),
                ("due_working_days", models.PositiveSmallIntegerField(verbose_name="期限（工作日）")),
                (
                    "due_basis",
                    models.CharField(
                        choices=[("law", "法定"), ("local", "本地默认")], max_length=10, verbose_name="期限依据"
                    ),
                ),
                ("due_article", models.CharField(blank=True, max_length=100, verbose_name="期限条文")),
                ("profile_name", models.CharField(max_length=100, verbose_name="法规配置")),
                ("profile_version", models.CharField(max_length=64, verbose_name="法规配置版本")),
                ("catalogue_version", models.CharField(blank=True, max_length=100, verbose_name="目录版本")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="关闭日期")),
            ],
            options={
                "verbose_name": "工单",
                "verbose_name_plural": "工单",
                "ordering": ("-opened_on", "serial"),
                "constraints": [
                    models.UniqueConstraint(fields=("opened_on", "serial"), name="ticket_serial_of_the_day"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("opened_on", "department", "resource", "rule"),
                        name="one_open_ticket_a_rule_and_night",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HistoricalTicketItem",
            fields=[
                ("id", models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name="ID")),
                ("department", models.CharField(max_length=100, verbose_name="部门代号")),
                ("resource", models.CharField(max_length=100, verbose_name="资源代号")),
                ("rule", models.CharField(max_length=200, verbose_name="规则")),
                ("subject", models.TextField(verbose_name="对象")),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("open", "待核实"),
                            ("corrected", "已更正"),
                            ("withdrawn", "已撤回"),
                            ("corrected_or_withdrawn", "已更正或撤回"),
                        ],
                        default="open",
                        max_length=50,
                        protected=True,
                        verbose_name="状态",
                    ),
                ),
                ("message", models.TextField(blank=True, verbose_name="问题")),
                ("file", models.TextField(blank=True, verbose_name="文件")),
                ("row_number", models.BigIntegerField(blank=True, null=True, verbose_name="行号")),
                ("row_count", models.PositiveIntegerField(default=1, verbose_name="涉及行数")),
                ("delivery_id", models.CharField(blank=True, max_length=200, verbose_name="批次")),
                ("delivery_seq", models.BigIntegerField(default=0, verbose_name="批次序号")),
                ("gate_run", models.BigIntegerField(default=0, verbose_name="检查序号")),
                ("since", models.DateField(blank=True, null=True, verbose_name="首次发现数据日期")),
                ("tries", models.PositiveIntegerField(default=1, verbose_name="报送未改次数")),
                ("opened_on", models.DateField(verbose_name="开具日期")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="办结日期")),
                ("history_change_reason", models.TextField(null=True)),
                ("history_id", models.AutoField(primary_key=True, serialize=False)),
                ("history_date", models.DateTimeField(db_index=True)),
                (
                    "history_type",
                    models.CharField(choices=[("+", "Created"), ("~", "Changed"), ("-", "Deleted")], max_length=1),
                ),
                (
                    "history_user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "ticket",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="desk.ticket",
                        verbose_name="工单",
                    ),
                ),
            ],
            options={
                "verbose_name": "historical 工单明细",
                "verbose_name_plural": "historical 工单明细",
                "ordering": ("-history_date", "-history_id"),
                "get_latest_by": ("history_date", "history_id"),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name="TicketItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("department", models.CharField(max_length=100, verbose_name="部门代号")),
                ("resource", models.CharField(max_length=100, verbose_name="资源代号")),
                ("rule", models.CharField(max_length=200, verbose_name="规则")),
                ("subject", models.TextField(verbose_name="对象")),
                (
                    "state",
                    django_fsm.FSMField(
                        choices=[
                            ("open", "待核实"),
                            ("corrected", "已更正"),
                            ("withdrawn", "已撤回"),
                            ("corrected_or_withdrawn", "已更正或撤回"),
                        ],
                        default="open",
                        max_length=50,
                        protected=True,
                        verbose_name="状态",
                    ),
                ),
                ("message", models.TextField(blank=True, verbose_name="问题")),
                ("file", models.TextField(blank=True, verbose_name="文件")),
                ("row_number", models.BigIntegerField(blank=True, null=True, verbose_name="行号")),
                ("row_count", models.PositiveIntegerField(default=1, verbose_name="涉及行数")),
                ("delivery_id", models.CharField(blank=True, max_length=200, verbose_name="批次")),
                ("delivery_seq", models.BigIntegerField(default=0, verbose_name="批次序号")),
                ("gate_run", models.BigIntegerField(default=0, verbose_name="检查序号")),
                ("since", models.DateField(blank=True, null=True, verbose_name="首次发现数据日期")),
                ("tries", models.PositiveIntegerField(default=1, verbose_name="报送未改次数")),
                ("opened_on", models.DateField(verbose_name="开具日期")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="办结日期")),
                (
                    "ticket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="desk.ticket",
                        verbose_name="工单",
                    ),
                ),
            ],
            options={
                "verbose_name": "工单明细",
                "verbose_name_plural": "工单明细",
                "ordering": ("row_number", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("department", "resource", "rule", "subject"),
                        name="one_open_item_a_subject",
                    )
                ],
            },
        ),
    ]
