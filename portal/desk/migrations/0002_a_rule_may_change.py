import django_fsm
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0001_tickets"),
    ]

    operations = [
        migrations.AlterField(
            model_name="historicalticketitem",
            name="state",
            field=django_fsm.FSMField(
                choices=[
                    ("open", "待核实"),
                    ("corrected", "已更正"),
                    ("withdrawn", "已撤回"),
                    ("corrected_or_withdrawn", "已更正或撤回"),
                    ("rule_changed", "规则已调整"),
                ],
                default="open",
                max_length=50,
                protected=True,
                verbose_name="状态",
            ),
        ),
        migrations.AlterField(
            model_name="ticketitem",
            name="state",
            field=django_fsm.FSMField(
                choices=[
                    ("open", "待核实"),
                    ("corrected", "已更正"),
                    ("withdrawn", "已撤回"),
                    ("corrected_or_withdrawn", "已更正或撤回"),
                    ("rule_changed", "规则已调整"),
                ],
                default="open",
                max_length=50,
                protected=True,
                verbose_name="状态",
            ),
        ),
    ]
