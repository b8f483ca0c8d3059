"""Taking a stack down: refused while protected, data kept, and in the end nothing left but what is meant to stay."""

from __future__ import annotations

from dataclasses import replace

from mlplatform.mock_cloud import Held
from mlplatform.mock_cloud.rules import rules_of
from mlplatform.providers.wire import bare
from mlplatform.rehearse import reading
from mlplatform.rehearse.model import Failure, Phase, Stay
from mlplatform.rehearse.playing import phase
from mlplatform.rehearse.stage import Stage
from mlplatform.rehearse.state import Kept

RETAINED = "retained on purpose"
"""Why something stays that the cloud would have deleted."""
DESTROY = ("destroy", "--yes", "--skip-preview")


def protected(stage: Stage, name: str) -> Phase | None:
    """Destroy is refused as long as something is protected, before anything is deleted; None where nothing is."""
    guarded = [kept for kept in stage.engine.state().resources if kept.protect]
    if not guarded:
        return None
    stage.cloud.run()
    # without its preview the engine deletes whatever is not protected before it stops
    run = stage.engine.stack("destroy", "--yes")
    refused = run.code != 0 and not stage.cloud.counts["delete"]
    words = "is refused, and nothing is deleted"
    if refused:
        played = phase(stage, run, name, words, ok=True, notes=(f"{len(guarded)} resources are protected",))
        # what the engine counts is what its preview would have deleted
        return replace(played, changes={})
    gone = f"{stage.cloud.counts['delete']} resources were deleted although {len(guarded)} are protected"
    found = (
        Failure(
            "pulumi destroy", gone, "the engine did not stop at its preview: see what it says of the protected ones"
        ),
    )
    return phase(stage, run, name, words, ok=False, failures=found)


def unprotected(stage: Stage, name: str) -> Phase | None:
    """Take the protection off; None where there is none."""
    if not any(kept.protect for kept in stage.engine.state().resources):
        return None
    stage.cloud.run()
    run = stage.engine.stack("state", "unprotect", "--all", "--yes")
    return phase(stage, run, name, "the state lets go")


def kept_data(stage: Stage, name: str) -> Phase | None:
    """Even then, a store with data in it is not deleted unless the spec says so; None where no store refuses."""
    stores = [held for held in stage.cloud.contents() if _refuses(held)]
    if not stores:
        return None
    for held in stores:
        stage.cloud.occupy(held.token, held.id)
    stage.cloud.run()
    run = stage.engine.stack(*DESTROY)
    there = {(held.token, held.id) for held in stage.cloud.contents()}
    lost = [held for held in stores if (held.token, held.id) not in there]
    for held in stores:
        stage.cloud.occupy(held.token, held.id, full=False)
    found = tuple(Failure(held.name, "was deleted with what was in it") for held in lost)
    ok = run.code != 0 and not lost
    notes = (f"{len(stores)} stores hold data and stay",)
    return phase(stage, run, name, "the data stay", ok=ok, failures=found, notes=notes if ok else ())


def destroyed(stage: Stage, name: str) -> Phase:
    """Destroy completes, and the cloud is as empty as is meant."""
    stage.cloud.run()
    run = stage.engine.stack(*DESTROY)
    left = stage.cloud.contents()
    behind = [held for held in left if (held.token, held.id) not in stage.retained]
    remaining: tuple[Kept, ...] = stage.engine.state().resources
    found = reading.failures(run, stage.cloud) if run.code else ()
    found += tuple(Failure(f"{held.name} ({held.token})", "is left behind in the cloud") for held in behind)
    found += tuple(Failure(reading.subject(kept.urn), "is left in the state") for kept in remaining)
    stays = [Stay(f"{held.name} ({held.token})", RETAINED) for held in left if held not in behind]
    stays += [Stay(f"{held.name} ({held.token})", rule.words) for held, rule in stage.cloud.left]
    ok = run.code == 0 and not behind and not remaining
    played = phase(stage, run, name, "nothing is left that is not meant to stay", ok=ok, failures=found)
    return replace(
        played, stays=tuple(sorted(stays, key=lambda stay: (stay.reason != RETAINED, stay.reason, stay.subject)))
    )


def _refuses(held: Held) -> bool:
    """Whether the cloud refuses to delete it with things in it."""
    rules = [rule for rule in rules_of(held.token).non_empty if rule.token == held.token]
    return any(all(bare(held.inputs.get(path)) is not True for path in rule.by) for rule in rules)
