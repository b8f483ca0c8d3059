"""The door of pipelines on Google Cloud: what it asks for from its clock to a started run, held against the grants."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from mlplatform.mock_cloud.rights import GCP_ROLES
from mlplatform.mock_cloud.runs.gcp import Identified
from mlplatform.providers.wire import as_list, plain_value, value_at_path

_JOB, _CLOCK = "gcp:cloudrunv2/job:Job", "gcp:cloudscheduler/job:Job"
_RUNS = ("create", "get", "list", "cancel")
_AGENT = "serviceAccount:service-{number}@{name}.iam.gserviceaccount.com"


def refused_door(resources: Iterable[Identified], *, number: str) -> tuple[str, ...]:
    """What the door and the services around it are refused: `PERMISSION on THING by MEMBER`.

    Args:
        resources: everything of the platform, with its values known.
        number: the project's number.

    Raises:
        LookupError: there is no door, or a granted role is not in the table.
    """
    return tuple(dict.fromkeys(_Door(tuple(resources), number).refused()))


class _Door:
    def __init__(self, resources: Sequence[Identified], number: str) -> None:
        self.resources, self.number = resources, number
        self.job = self._one(_JOB)
        self.template = value_at_path(self.job.inputs, "template.template")
        self.account = f"serviceAccount:{value_at_path(self.template, 'serviceAccount')}"
        containers = as_list(value_at_path(self.template, "containers")) or ()
        variables = as_list(value_at_path(containers[0], "envs")) or () if containers else ()
        self.told = {_text(value_at_path(each, "name")): _text(value_at_path(each, "value")) for each in variables}
        self.own = {
            f"projects/{role.inputs['project']}/roles/{role.inputs['roleId']}": tuple(
                map(_text, as_list(role.inputs["permissions"]) or ())
            )
            for role in self._of("gcp:projects/iAMCustomRole:IAMCustomRole")
        }

    def refused(self) -> Iterator[str]:
        """From the clock to the run."""
        clock = self._one(_CLOCK)
        starter = f"serviceAccount:{_text(value_at_path(clock.inputs, 'httpTarget.oauthToken.serviceAccountEmail'))}"
        yield from self._need(starter, "run.jobs.run", "name", _text(self.job.inputs.get("name")))
        key = _text(value_at_path(self.template, "encryptionKey"))
        run = self._agent("serverless-robot-prod")
        if not self._holds(run, "roles/cloudkms.cryptoKeyEncrypterDecrypter", "cryptoKeyId", key):
            yield f"cloudkms.cryptoKeyVersions.useToEncrypt on {key} by {run}"
        scheduler = self._agent("gcp-sa-cloudscheduler")
        if not self._holds(scheduler, "roles/cloudscheduler.serviceAgent", "", ""):
            yield f"iam.serviceAccounts.getAccessToken on {starter} by {scheduler}"
        yield from self._queue()
        yield from self._store()
        if '"definition"' not in self._rules():
            # it starts nothing on Vertex AI
            return
        for verb in _RUNS:
            yield from self._need(self.account, f"aiplatform.pipelineJobs.{verb}", "", "")
        runners = [each for each in self._of("gcp:serviceaccount/account:Account") if "-pipelines@" in each.id]
        for runner in runners:
            yield from self._need(self.account, "iam.serviceAccounts.actAs", "serviceAccountId", runner.id)

    def _queue(self) -> Iterator[str]:
        subscription = self.told["MLPLATFORM_DOOR_INBOX"].rpartition("/")[2]
        dead = self.told["MLPLATFORM_DOOR_DEAD"].rpartition("/")[2]
        yield from self._need(self.account, "pubsub.subscriptions.consume", "subscription", subscription)
        yield from self._need(self.account, "pubsub.topics.publish", "topic", dead)
        # Pub/Sub itself moves what was read too often
        agent = self._agent("gcp-sa-pubsub")
        yield from self._need(agent, "pubsub.subscriptions.consume", "subscription", subscription)
        yield from self._need(agent, "pubsub.topics.publish", "topic", dead)
        for told in self._of("gcp:storage/notification:Notification"):
            topic = _text(told.inputs.get("topic")).rpartition("/")[2]
            yield from self._need(self._agent("gs-project-accounts"), "pubsub.topics.publish", "topic", topic)

    def _store(self) -> Iterator[str]:
        bucket, _, name = self.told["MLPLATFORM_DOOR_RULES"].removeprefix("gs://").partition("/")
        rules = [each for each in self._of("gcp:storage/bucketObject:BucketObject") if each.inputs.get("name") == name]
        if not rules:
            yield f"gs://{bucket}/{name} is not there"
        # without the right to list, what is not there yet is refused instead of not found
        for permission in ("storage.objects.get", "storage.objects.list"):
            yield from self._need(self.account, permission, "bucket", bucket)
        for told in filter(self.told.get, ("MLPLATFORM_DOOR_LEDGERS", "MLPLATFORM_DOOR_ORDERS")):
            bucket, _, folder = self.told[told].removeprefix("gs://").partition("/")
            for permission in ("storage.objects.create", "storage.objects.delete"):
                yield from self._need(self.account, permission, "bucket", bucket, below=f"/objects/{folder}")

    def _rules(self) -> str:
        """What the door is told, as the object has it."""
        name = self.told["MLPLATFORM_DOOR_RULES"].rpartition("/")[2]
        rules = [each for each in self._of("gcp:storage/bucketObject:BucketObject") if each.inputs.get("name") == name]
        return _text(plain_value(rules[0].inputs.get("content"))) if rules else ""

    def _need(self, member: str, permission: str, key: str, on: str, below: str = "") -> Iterator[str]:
        """A permission of a grant whose input names a thing; of the project where the key is empty."""
        for grant in self.resources:
            role = _text(grant.inputs.get("role"))
            if grant.inputs.get("member") != member or not role or not self._is_about(grant, key, on, below):
                continue
            permissions = self.own.get(role) or GCP_ROLES.get(role)
            if permissions is None:
                raise LookupError(f"{role}: its permissions are not in the table")
            if any(each == permission or each == f"{permission.rpartition('.')[0]}.*" for each in permissions):
                return
        yield f"{permission} on {on or 'the project'} by {member}"

    def _is_about(self, grant: Identified, key: str, on: str, below: str) -> bool:
        condition = _text(value_at_path(grant.inputs, "condition.expression"))
        if condition and (not below or below not in condition):
            return False
        return grant.type == "gcp:projects/iAMMember:IAMMember" if not key else grant.inputs.get(key) == on

    def _holds(self, member: str, role: str, key: str, on: str) -> bool:
        return any(
            (grant.inputs.get("member"), grant.inputs.get("role")) == (member, role)
            and (not key or grant.inputs.get(key) == on)
            for grant in self.resources
        )

    def _agent(self, name: str) -> str:
        return _AGENT.format(number=self.number, name=name)

    def _of(self, kind: str) -> list[Identified]:
        return [each for each in self.resources if each.type == kind]

    def _one(self, kind: str) -> Identified:
        found = self._of(kind)
        if len(found) != 1:
            raise LookupError(f"{len(found)} of {kind}, expected the door's")
        return found[0]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
