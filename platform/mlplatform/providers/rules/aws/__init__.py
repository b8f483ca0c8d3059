"""The rule tables of AWS."""

from __future__ import annotations

from mlplatform.providers.rules.aws.always_named import ALWAYS_NAMED
from mlplatform.providers.rules.aws.documents import DOCUMENTS
from mlplatform.providers.rules.aws.names import NAMES
from mlplatform.providers.rules.aws.relations import CONFLICTS, NEEDED, WHEN
from mlplatform.providers.rules.aws.tags import MAPS
from mlplatform.providers.rules.aws.totals import TOTALS
from mlplatform.providers.rules.aws.unique import UNIQUE
from mlplatform.providers.rules.aws.values import VALUES
from mlplatform.providers.rules.base import RuleTables

RULES = RuleTables(
    names=NAMES,
    always_named=ALWAYS_NAMED,
    values=(*DOCUMENTS, *VALUES),
    conflicts=CONFLICTS,
    needed=NEEDED,
    when=WHEN,
    maps=MAPS,
    unique=UNIQUE,
    totals=TOTALS,
)
