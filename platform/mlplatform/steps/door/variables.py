"""Variables that the door and the starter are told by, beside those of each cloud's part."""

DOOR_RULES = "MLPLATFORM_DOOR_RULES"
"""The rules of the door: the document, or its address in the cloud's store."""

DOOR_CLOUD = "MLPLATFORM_DOOR_CLOUD"
"""Name of the cloud, of the door and of the starter."""

STARTER_RULES = "MLPLATFORM_STARTER_RULES"
"""What the starter is told: the document."""

STARTER_AIRFLOW = "MLPLATFORM_STARTER_AIRFLOW"
"""Address of the Airflow whose runs the starter starts."""

STARTER_MANAGED_AIRFLOW = "MLPLATFORM_STARTER_MANAGED_AIRFLOW"
"""The cloud's own Airflow whose runs the starter starts with the identity of its pod: its name on AWS, its address on
Google Cloud."""
