"""The rule tables of Azure."""

from __future__ import annotations

from mlplatform.providers.rules.azure.documents import DOCUMENTS
from mlplatform.providers.rules.azure.names import NAMES
from mlplatform.providers.rules.azure.relations import CONFLICTS, WHEN
from mlplatform.providers.rules.azure.tags import MAPS
from mlplatform.providers.rules.azure.unique import UNIQUE
from mlplatform.providers.rules.azure.values import VALUES
from mlplatform.providers.rules.base import RuleTables

RULES = RuleTables(names=NAMES, values=(*DOCUMENTS, *VALUES), conflicts=CONFLICTS, when=WHEN, maps=MAPS, unique=UNIQUE)
