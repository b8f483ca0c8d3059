"""The door on AWS, against moto: the whole table of cases, and mistakes that the table must find."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "platform"), str(Path(__file__).parent)]
os.environ |= {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_DEFAULT_REGION": "eu-central-1"}

from stage import AwsStage  # noqa: E402

from mlplatform.steps.door.aws import S3Ledgers, SageMakerRunner  # noqa: E402
from mlplatform.steps.door.ports import Ports  # noqa: E402
from mlplatform.steps.door.rules import PipelineRules, Value  # noqa: E402
from tests.steps.door.cases import CASES  # noqa: E402


class Careless(S3Ledgers):
    """Ledgers that the last writer wins."""

    def write(self, pipeline: str, text: str, version: str) -> str:
        self._client.put_object(Bucket=self._bucket, Key=f"door/{pipeline}.json", Body=text.encode())
        return version


class Forgetful(SageMakerRunner):
    """Runs without a look at what is there already."""

    def start(self, rules: PipelineRules, run: str, parameters: Mapping[str, Value]) -> None:
        self._client.start_pipeline_execution(PipelineName=rules.start["pipeline"], PipelineExecutionDisplayName=run)


class CarelessStage(AwsStage):
    """A door whose ledgers are replaced whatever somebody else wrote."""

    def ports(self) -> Ports:
        made = super().ports()
        return Ports(inbox=made.inbox, ledgers=Careless(self.s3, "acme-ml-dev-pipelines"), runner=made.runner)


class ForgetfulStage(AwsStage):
    """A door that starts a run a second time after it was cut off."""

    def ports(self) -> Ports:
        made = super().ports()
        runner = Forgetful(made.runner._client, lambda: self.now)
        return Ports(inbox=made.inbox, ledgers=made.ledgers, runner=runner)


def failed(kind: type[AwsStage], *, first: bool = False) -> list[str]:
    """The cases that do not hold."""
    found: list[str] = []
    for name, play in CASES.items():
        stage = kind()
        try:
            play(stage)
        except Exception as error:
            found.append(f"{name}: {type(error).__name__} {error}"[:300])
            if first:
                break
        finally:
            stage.close()
    return found


def main() -> int:
    """Play everything."""
    if found := failed(AwsStage):
        print("\n".join(found))
        return 1
    for planted in (CarelessStage, ForgetfulStage):
        if not failed(planted, first=True):
            raise SystemExit(f"{planted.__name__} is not found")
    print(f"{len(CASES)} cases hold on AWS as moto plays it; 2 planted mistakes are found")
    return 0


if __name__ == "__main__":
    sys.exit(main())
