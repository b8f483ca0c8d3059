"""The door on AWS, against moto: the whole table of cases, and a mistake that the table must find."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "platform"), str(Path(__file__).parent)]
os.environ |= {"AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "x", "AWS_DEFAULT_REGION": "eu-central-1"}

from plain_s3 import prove_plain_s3  # noqa: E402
from stage import AwsStage  # noqa: E402
from tests.steps.door.cases import CASES  # noqa: E402

from mlplatform.services.stored_text import StoredText, WrittenMeanwhile  # noqa: E402
from mlplatform.steps.door.aws_runs import SageMakerRunner  # noqa: E402
from mlplatform.steps.door.ports import Ports  # noqa: E402
from mlplatform.steps.door.rules import PipelineRules, Value  # noqa: E402


class Forgetful(SageMakerRunner):
    """Runs without a look at what is there already."""

    def start(self, rules: PipelineRules, run: str, parameters: Mapping[str, Value]) -> None:
        self._client.start_pipeline_execution(PipelineName=rules.start["pipeline"], PipelineExecutionDisplayName=run)


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


def conditional() -> None:
    """The store itself holds that one writer replaces a ledger."""
    stage = AwsStage()
    try:
        ledgers = stage.ports().ledgers
        first = ledgers.write("p", "1", "")
        second = ledgers.write("p", "2", first)
        for stale in ("", first):
            try:
                ledgers.write("p", "3", stale)
            except WrittenMeanwhile:
                continue
            raise SystemExit(f"a writer that knows {stale or 'nothing'} replaced a ledger")
        assert ledgers.read("p") == StoredText("2", second)
        for _ in range(2):
            ledgers.append("p", "line", "{}")
    finally:
        stage.close()


def main() -> int:
    """Play everything."""
    conditional()
    own = prove_plain_s3()
    if found := failed(AwsStage):
        print("\n".join(found))
        return 1
    if not failed(ForgetfulStage, first=True):
        raise SystemExit("a door that starts a run twice is not found")
    print(f"{len(CASES)} cases hold on AWS as moto plays it, and a door that starts a run twice is found; {own}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
