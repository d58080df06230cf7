"""The words of the command line for codes of ledger and gate."""

SEVERITIES = {"structural": "结构性", "content": "内容", "advisory": "提示"}
NIGHTS = {"succeeded": "正常完成", "degraded": "降级完成", "failed": "失败", "interrupted": "中断"}
