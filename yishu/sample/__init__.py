"""The synthetic city: deliveries of all departments from one consistent world, with the truth about what was broken
in them."""

from yishu.sample.generating import generate
from yishu.sample.report import SampleReport

__all__ = ["SampleReport", "generate"]
