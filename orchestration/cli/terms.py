"""The words of the command line for codes of ledger and gate."""

STATES = {"received": "已接收", "accepted": "已入池", "held": "暂缓", "failed": "失败", "unchanged": "无变化", "superseded": "已被取代",
          "rejected": "已退回", "withdrawn": "已撤回"}
SEVERITIES = {"structural": "结构性", "content": "内容", "advisory": "提示"}
NIGHTS = {"succeeded": "正常完成", "degraded": "降级完成", "failed": "失败", "interrupted": "中断"}
