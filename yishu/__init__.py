"""The core of Yishu: catalogue, ingest, lake, gate and sample city; plain Python, no orchestrator, no web framework."""
