"""The shape of all stores of the world: a dataclass whose fields are arrays of equal length, one entry a thing.

No meaning belongs here; what the fields mean stands where a store is declared.
"""

from dataclasses import dataclass, fields
from typing import Self

import numpy as np

from yishu.sample.chance import Ints


@dataclass
class Columns:
    """Base of the stores. Things are named by their position, which never changes: nothing is ever removed."""

    def __len__(self) -> int:
        return len(getattr(self, fields(self)[0].name))

    def take(self, positions: Ints) -> Self:
        """A copy of some things, in the order asked."""
        return type(self)(**{field.name: getattr(self, field.name)[positions] for field in fields(self)})

    def put(self, positions: Ints, new: Self) -> None:
        """Replace things by new ones, in place."""
        for field in fields(self):
            getattr(self, field.name)[positions] = getattr(new, field.name)

    def append(self, new: Self) -> Ints:
        """Add things at the end and return their positions."""
        first = len(self)
        for field in fields(self):
            setattr(self, field.name, np.concatenate((getattr(self, field.name), getattr(new, field.name))))
        return np.arange(first, len(self), dtype=np.int64)
