"""The end of a stack: refused while protected, data kept, and finally only intended leftovers."""

from __future__ import annotations

from dataclasses import replace

from mlplatform.mock_cloud import Held
from mlplatform.mock_cloud.rules import rules_of
from mlplatform.providers.wire import plain_value
from mlplatform.rehearse.model import Leftover, RehearsalFailure, RehearsalPhase
from mlplatform.rehearse.outcome import failures_of, judge_run, run_up, subject_of
from mlplatform.rehearse.stage import RehearsalStage
from mlplatform.rehearse.state import StateResource

RETAINED = "retained on purpose"
"""Reason for resources that Pulumi leaves in the cloud."""
DESTROY = ("destroy", "--yes", "--skip-preview")


def destroy_protected(stage: RehearsalStage, name: str) -> RehearsalPhase | None:
    """Destroy is refused before anything is deleted; None if nothing is protected."""
    protected = [resource for resource in stage.engine.state().resources if resource.protect]
    if not protected:
        return None
    stage.cloud.run()
    # without its preview the engine deletes everything unprotected before it stops
    run = stage.engine.stack("destroy", "--yes")
    refused = run.code != 0 and not stage.cloud.counts["delete"]
    words = "is refused, and nothing is deleted"
    if refused:
        phase = judge_run(stage, run, name, words, ok=True, notes=(f"{len(protected)} resources are protected",))
        # the engine counts the deletions of its preview
        return replace(phase, changes={})
    gone = f"{stage.cloud.counts['delete']} resources were deleted although {len(protected)} are protected"
    failures = (
        RehearsalFailure(
            "pulumi destroy", gone, "the engine did not stop at its preview: read its messages about the protected ones"
        ),
    )
    return judge_run(stage, run, name, words, ok=False, failures=failures)


def remove_protection(stage: RehearsalStage, name: str) -> RehearsalPhase | None:
    """Lift the protection, the engine's and the cloud's, by the spec; None if nothing is protected."""
    if not any(resource.protect for resource in stage.engine.state().resources):
        return None
    stage.use_spec(stage.spec.overlay(deletion_protection=False))
    lifted = run_up(stage, name, "nothing is protected any more")
    still = [resource for resource in stage.engine.state().resources if resource.protect]
    failures = tuple(RehearsalFailure(subject_of(resource.urn), "is still protected") for resource in still)
    return replace(lifted, ok=False, failures=(*lifted.failures, *failures)) if failures else lifted


def destroy_serving(stage: RehearsalStage, name: str) -> RehearsalPhase | None:
    """Endpoints with deployed models are kept, with what can take the models off; None where no cloud refuses that.

    The models are off after it, as the run book says.
    """
    held = stage.cloud.serving()
    if not held:
        return None
    stage.cloud.run()
    run = stage.engine.stack(*DESTROY)
    # what an endpoint depends on stays as long as it: its workflow can still take the models off
    remaining = {(one.token, one.id) for one in stage.cloud.contents()}
    lost = [one for one in held if (one.token, one.id) not in remaining]
    emptied = stage.cloud.take_models_off()
    failures = tuple(RehearsalFailure(one.name, "was deleted with a model that serves") for one in lost)
    ok = run.code != 0 and not lost
    notes = (f"{len(emptied)} endpoints were emptied by their workflows",)
    return judge_run(stage, run, name, "endpoints that serve are kept", ok=ok, failures=failures, notes=notes)


def destroy_with_data(stage: RehearsalStage, name: str) -> RehearsalPhase | None:
    """Stores with data are kept unless the spec forces their deletion; None if there is no such store."""
    stores = [held for held in stage.cloud.contents() if _refuses(held)]
    if not stores:
        return None
    for held in stores:
        stage.cloud.occupy(held.token, held.id)
    stage.cloud.run()
    run = stage.engine.stack(*DESTROY)
    remaining = {(held.token, held.id) for held in stage.cloud.contents()}
    lost = [held for held in stores if (held.token, held.id) not in remaining]
    for held in stores:
        stage.cloud.occupy(held.token, held.id, full=False)
    failures = tuple(RehearsalFailure(held.name, "was deleted with its data") for held in lost)
    ok = run.code != 0 and not lost
    notes = (f"{len(stores)} stores contain data and are kept",)
    return judge_run(stage, run, name, "stores with data are kept", ok=ok, failures=failures, notes=notes if ok else ())


def destroy_all(stage: RehearsalStage, name: str) -> RehearsalPhase:
    """Destroy completes, and only intended leftovers remain."""
    stage.cloud.run()
    run = stage.engine.stack(*DESTROY)
    contents = stage.cloud.contents()
    behind = [held for held in contents if (held.token, held.id) not in stage.retained]
    in_state: tuple[StateResource, ...] = stage.engine.state().resources
    failures = failures_of(run, stage.cloud) if run.code else ()
    failures += tuple(RehearsalFailure(f"{held.name} ({held.token})", "is left behind in the cloud") for held in behind)
    failures += tuple(RehearsalFailure(subject_of(resource.urn), "is left in the state") for resource in in_state)
    leftovers = [Leftover(f"{held.name} ({held.token})", RETAINED) for held in contents if held not in behind]
    leftovers += [Leftover(f"{held.name} ({held.token})", rule.words) for held, rule in stage.cloud.left]
    ok = run.code == 0 and not behind and not in_state
    phase = judge_run(stage, run, name, "only intended leftovers remain", ok=ok, failures=failures)
    return replace(
        phase, stays=tuple(sorted(leftovers, key=lambda rest: (rest.reason != RETAINED, rest.reason, rest.subject)))
    )


def _refuses(held: Held) -> bool:
    """Whether the cloud refuses to delete it while it is not empty."""
    rules = [rule for rule in rules_of(held.token).non_empty if rule.token == held.token]
    return any(all(plain_value(held.inputs.get(path)) is not True for path in rule.by) for rule in rules)
