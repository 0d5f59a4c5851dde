"""The stream of a person's readings. It has no table: the history itself answers who read what (type:audit.read)."""

from genjin_api.audit.state import evolve
from genjin_api.streams import StreamKind

AUDIT = StreamKind(
    noun="audit",
    evolve=evolve,
    rows=lambda _before, _after: {},
    version=lambda readings: readings.version,
)
