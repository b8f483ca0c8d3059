"""The configuration and the definitions of a repository of Feast, as text: for people, and for the job that fills."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mlplatform.components.artefacts import FeastOnline, FeastRegistry
from mlplatform.spec.feature_store import (
    EntitySpec,
    FeatureGroupSpec,
    FeatureServiceSpec,
    FeatureStoreSpec,
    FeatureType,
    KeyType,
    chosen,
)
from mlplatform.spec.platform import PlatformSpec

FEAST_VERSION = "0.67.0"
"""The version that `make prove ONE=feast` runs."""

HEAD = "# Written by `mlplatform render features`; change the spec instead."
"""First line of files that may be written again."""

_TYPES: Mapping[FeatureType, str] = {
    "string": "String",
    "int64": "Int64",
    "float32": "Float32",
    "float64": "Float64",
    "bool": "Bool",
    "timestamp": "UnixTimestamp",
}
"""Names in `feast.types`."""

_KEYS: Mapping[KeyType, str] = {"string": "STRING", "int64": "INT64"}
"""Names in `feast.ValueType`."""


def feast_configuration(spec: PlatformSpec, registry: FeastRegistry, online: FeastOnline | None) -> str:
    """The text of `feature_store.yaml`; no secret is in it.

    Args:
        spec: narrowed to one target.
        registry: where Feast keeps its definitions.
        online: the online store. None: there is none.
    """
    return "\n".join(_configuration(spec, registry, online)) + "\n"


def feast_definitions(features: FeatureStoreSpec) -> str:
    """The text of `definitions.py`: the same for the same features, in whatever order they stand.

    Args:
        features: the feature store.
    """
    return "\n".join(_definitions(features)) + "\n"


def _configuration(spec: PlatformSpec, registry: FeastRegistry, online: FeastOnline | None) -> Iterator[str]:
    yield HEAD
    # Feast takes no hyphen; no other letter of a platform's name is changed, so that two names stay two
    yield f"project: {spec.name.replace('-', '_')}_{spec.environment}"
    yield "provider: local"
    yield "registry:"
    if registry.store_type:
        yield f"  registry_store_type: {registry.store_type}"
    yield f"  path: {registry.path}"
    yield "offline_store:"
    # Feast's default loses rows of a training set: those without a value
    yield "  type: duckdb"
    if online is None:
        yield "online_store: null"
    else:
        yield "online_store:"
        yield f"  type: {online.kind}"
        # in quotes: one of the values has braces
        yield from (f'  {name}: "{value}"' for name, value in online.options)
    yield "entity_key_serialization_version: 3"


def _definitions(features: FeatureStoreSpec) -> Iterator[str]:
    yield HEAD
    yield from (
        '"""The features of the platform, for Feast. Tables are below FEATURES: the place `features`, mounted."""',
        "",
        "import os",
        "from datetime import timedelta",
        "",
        "from feast import Entity, FeatureService, FeatureView, Field, FileSource, ValueType",
        "from feast.data_format import ParquetFormat",
        "from feast.types import Bool, Float32, Float64, Int64, String, UnixTimestamp",
        "",
        'FEATURES = os.environ.get("FEATURES", "/mnt/features")',
    )
    entities = {each.name: each for each in features.entities}
    for name in sorted(entities):
        yield from _entity(entities[name])
    for group in sorted(features.groups, key=lambda each: each.name):
        yield from _group(group, entities)
    groups = {each.name: sorted(feature.name for feature in each.features) for each in features.groups}
    for service in sorted(features.services, key=lambda each: each.name):
        yield from _service(service, groups)


def _entity(entity: EntitySpec) -> Iterator[str]:
    yield ""
    kind = f"ValueType.{_KEYS[entity.type]}"
    yield f'entity_{entity.name} = Entity(name="{entity.name}", join_keys=["{entity.key}"], value_type={kind})'


def _group(group: FeatureGroupSpec, entities: Mapping[str, EntitySpec]) -> Iterator[str]:
    ttl = f"timedelta(hours={group.ttl_hours})" if group.ttl_hours else "None"
    named = [entities[name] for name in sorted(group.entities)]
    yield ""
    yield f"source_{group.name} = FileSource("
    yield f'    name="{group.name}",'
    yield f'    path=f"{{FEATURES}}/{group.name}/*.parquet",'
    yield "    file_format=ParquetFormat(),"
    yield f'    timestamp_field="{group.timestamp}",'
    if group.created:
        yield f'    created_timestamp_column="{group.created}",'
    yield ")"
    yield f"group_{group.name} = FeatureView("
    yield f'    name="{group.name}",'
    yield f"    entities=[{', '.join(f'entity_{each.name}' for each in named)}],"
    yield f"    ttl={ttl},"
    yield f"    online={group.online},"
    yield "    schema=["
    columns: dict[str, FeatureType] = {each.key: each.type for each in named}
    columns |= {each.name: each.type for each in sorted(group.features, key=lambda each: each.name)}
    for name, kind in columns.items():
        yield f'        Field(name="{name}", dtype={_TYPES[kind]}),'
    yield "    ],"
    yield f"    source=source_{group.name},"
    yield ")"


def _service(service: FeatureServiceSpec, groups: Mapping[str, list[str]]) -> Iterator[str]:
    wanted: dict[str, list[str]] = {}
    for _, group, feature in chosen(service, groups):
        wanted.setdefault(group, []).append(feature)
    yield ""
    yield f"service_{service.name} = FeatureService("
    yield f'    name="{service.name}",'
    yield "    features=["
    for group, names in wanted.items():
        quoted = ", ".join(f'"{name}"' for name in names)
        yield f"        group_{group}[[{quoted}]],"
    yield "    ],"
    yield ")"
