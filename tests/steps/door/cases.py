"""The table of cases: what the door does, the same on every cloud. Each is played on a stage of each cloud."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from mlplatform.steps.door.rules import DataRule, ScheduleRule

from .stage import DoorStage, nightly

Case = Callable[[DoorStage], None]
CASES: dict[str, Case] = {}


def case(play: Case) -> Case:
    """Put a case into the table."""
    CASES[play.__name__] = play
    return play


# quiet period and dedupe


@case
def one_event_starts_one_run(stage: DoorStage) -> None:
    stage.ask("drift")
    stage.look()
    assert not stage.started(), "the quiet period has not passed"
    assert stage.told("wait") == ["until nothing new has come for 10 minutes"]
    stage.wait_and_look(minutes=10)
    ((run, values),) = stage.started()
    assert run.startswith("fraud-retrain-202611030810-")
    assert values == {}
    assert [line.split(":")[0] for line in stage.kinds()] == ["wait", "start", "started"]
    assert stage.waiting() == 0


@case
def two_events_in_a_window_start_one_run(stage: DoorStage) -> None:
    stage.ask("drift", "monday")
    stage.look()
    stage.wait(minutes=5)
    stage.ask("drift", "tuesday")
    stage.look()
    stage.wait_and_look(minutes=5)
    assert not stage.started(), "the second event began the quiet period again"
    stage.wait_and_look(minutes=5)
    stage.wait_and_look(hours=20)
    assert len(stage.started()) == 1
    (start,) = [line for line in stage.record() if line["kind"] == "start"]
    assert [(cause["reason"], cause["count"]) for cause in start["causes"]] == [("drift", 2)]  # type: ignore[attr-defined]


@case
def what_never_stops_coming_is_waited_for_so_long(stage: DoorStage) -> None:
    for number in range(21):
        assert not stage.started(), "ten quiet periods have not passed"
        stage.ask("drift", str(number))
        stage.look()
        stage.wait(minutes=5)
    assert len(stage.started()) == 1


@case
def data_that_is_still_coming_gets_a_run_of_its_own(stage: DoorStage) -> None:
    stage.given(data=(DataRule("claims", ""),))
    stage.ask("drift")
    stage.write_object("part-1.parquet")
    stage.ask("manual")
    stage.look()
    assert len(stage.started()) == 1
    stage.end_run("succeeded")
    stage.wait_and_look(hours=9)
    assert len(stage.started()) == 2
    last = [line for line in stage.record() if line["kind"] == "start"][-1]
    assert [cause["reason"] for cause in last["causes"]] == ["data"], "the first run answered the drift"  # type: ignore[attr-defined]


@case
def a_late_file_in_the_quiet_period_is_in_the_run(stage: DoorStage) -> None:
    stage.given(data=(DataRule("claims", ""),))
    stage.write_object("part-1.parquet")
    stage.look()
    stage.wait(minutes=9)
    stage.write_object("part-2.parquet")
    stage.look()
    stage.wait_and_look(minutes=9)
    assert not stage.started()
    stage.wait_and_look(minutes=1)
    assert len(stage.started()) == 1


@case
def without_its_marker_data_is_not_complete(stage: DoorStage) -> None:
    stage.write_object("part-1.parquet")
    stage.write_object("eu/_SUCCESS.tmp")
    stage.look()
    stage.wait_and_look(hours=1)
    assert not stage.started()
    assert not stage.record()
    assert stage.waiting() == 0, "they are not kept"
    stage.write_object("_SUCCESS")
    stage.look()
    stage.wait_and_look(minutes=10)
    assert len(stage.started()) == 1


@case
def a_producer_may_say_itself_that_its_data_is_complete(stage: DoorStage) -> None:
    stage.given(data=(DataRule("claims", "", "_SUCCESS", {"rounds": 3}),))
    stage.ask("data", "batch-7", source="claims")
    stage.ask("data", "batch-7", source="clicks")
    stage.ask("data", "batch-7")
    stage.look()
    stage.wait_and_look(minutes=10)
    assert [values for _, values in stage.started()] == [{"rounds": 3}]
    assert stage.dead() == 2, "what no data trigger is named for"


@case
def a_replayed_event_starts_nothing(stage: DoorStage) -> None:
    stage.write_object("_SUCCESS", version="7")
    stage.look()
    stage.wait_and_look(minutes=10)
    stage.end_run("succeeded")
    stage.write_object("_SUCCESS", version="7")
    stage.wait_and_look(hours=9)
    stage.wait_and_look(hours=9)
    assert len(stage.started()) == 1
    assert stage.told("skip") == ["a replay: its key was seen before"]
    stage.write_object("_SUCCESS", version="8")
    stage.look()
    stage.wait_and_look(minutes=10)
    assert len(stage.started()) == 2, "the same name, written again, is new data"


@case
def the_same_key_of_another_reason_is_no_replay(stage: DoorStage) -> None:
    stage.ask("drift", "7")
    stage.ask("code", "7", branch="main")
    stage.look()
    assert not stage.told("skip")


# runs, cool-down, ceilings


@case
def an_event_during_a_run_waits_for_its_end_and_the_cool_down(stage: DoorStage) -> None:
    stage.ask("drift", "1")
    stage.look()
    stage.wait_and_look(minutes=10)
    stage.ask("drift", "2")
    stage.wait_and_look(hours=1)
    stage.wait_and_look(hours=1)
    assert len(stage.started()) == 1
    stage.end_run("succeeded")
    stage.wait_and_look(hours=1)
    assert len(stage.started()) == 1
    assert any("is going" in reason for reason in stage.told("wait"))
    assert any("cool-down" in reason for reason in stage.told("wait"))
    stage.wait_and_look(hours=5)
    assert len(stage.started()) == 2, "eight hours after the start of the first"
    assert len(stage.told("wait")) == 4, "each reason is recorded once: quiet, going, cool-down, and quiet at first"


@case
def a_run_that_somebody_started_by_hand_is_waited_for(stage: DoorStage) -> None:
    stage.start_by_hand("by-hand")
    stage.ask("drift")
    stage.look()
    stage.wait_and_look(minutes=10)
    assert not stage.started()
    stage.end_run("succeeded")
    stage.wait_and_look(minutes=5)
    assert len(stage.started()) == 1


@case
def the_months_ceiling_of_runs_holds_until_the_next_month(stage: DoorStage) -> None:
    stage.given(max_runs_per_month=1)
    stage.ask("drift", "1")
    stage.look()
    stage.wait_and_look(minutes=10)
    stage.end_run("succeeded")
    stage.ask("drift", "2")
    stage.wait_and_look(days=2)
    stage.wait_and_look(days=2)
    assert len(stage.started()) == 1
    assert any("max_runs_per_month" in reason for reason in stage.told("wait"))
    stage.now = datetime(2026, 12, 1, 0, 1, tzinfo=UTC)
    stage.look()
    assert len(stage.started()) == 2, "what waited is not forgotten"


@case
def as_many_runs_start_in_a_month_as_may(stage: DoorStage) -> None:
    stage.given(max_runs_per_month=3, max_usd_per_month=None)
    for number in range(5):
        stage.ask("manual", str(number))
        stage.look()
        stage.end_run("succeeded")
        stage.wait_and_look(hours=9)
    assert len(stage.started()) == 3
    assert stage.told("skip") == ["3 runs this month: as many as max_runs_per_month lets start"] * 2
    stage.ask("manual", "forced", force=True)
    stage.look()
    assert len(stage.started()) == 4


@case
def the_months_ceiling_of_usd_holds_even_for_forced_runs(stage: DoorStage) -> None:
    stage.given(max_usd_per_month=39.99)
    stage.ask("drift", "1")
    stage.look()
    stage.wait_and_look(minutes=10)
    stage.end_run("succeeded")
    stage.wait(days=2)
    stage.ask("manual", "2", force=True, by="ada")
    stage.look()
    assert len(stage.started()) == 1
    assert any("max_usd_per_month, 39.99" in reason for reason in stage.told("skip"))


@case
def a_bound_in_usd_that_nobody_can_hold_starts_nothing(stage: DoorStage) -> None:
    stage.given(usd_per_run=None)
    stage.ask("manual", force=True)
    stage.look()
    assert not stage.started()
    assert any("nobody knows what a run costs" in reason for reason in stage.told("skip"))


@case
def a_run_longer_than_it_may_be_is_stopped(stage: DoorStage) -> None:
    stage.ask("manual")
    stage.look()
    stage.wait_and_look(hours=6)
    assert not stage.stopped()
    stage.wait_and_look(minutes=5)
    ((run, _),) = stage.started()
    assert run in stage.stopped()
    assert len(stage.told("stop")) == 1
    stage.wait_and_look(minutes=5)
    assert len(stage.told("stop")) == 1, "it is recorded once"
    stage.end_run("stopped")
    stage.wait_and_look(minutes=5)
    assert stage.told("end") == ["stopped"]


@case
def a_failed_run_is_a_failure(stage: DoorStage) -> None:
    stage.ask("manual")
    stage.look()
    stage.end_run("failed")
    report = stage.wait_and_look(hours=1)
    assert report
    assert report.failures == 1
    assert stage.told("end") == ["failed"]


# failing starts


@case
def a_start_that_fails_for_now_is_tried_again_with_the_same_id(stage: DoorStage) -> None:
    stage.refuse_starts("for now")
    stage.ask("manual")
    report = stage.look()
    assert report
    assert report.failures == 1
    stage.wait_and_look(minutes=5)
    stage.refuse_starts("no")
    stage.wait_and_look(minutes=5)
    assert len(stage.started()) == 1
    runs = {line["run"] for line in stage.record() if line["kind"] in ("start", "failure", "started")}
    assert len(runs) == 1
    assert len(stage.told("failure")) == 2


@case
def a_start_that_is_refused_for_good_is_given_up(stage: DoorStage) -> None:
    stage.refuse_starts("for good")
    stage.ask("drift", "1")
    stage.look()
    stage.wait_and_look(minutes=10)
    stage.wait_and_look(minutes=5)
    (failure,) = stage.told("failure")
    assert "given up" in failure
    stage.refuse_starts("no")
    stage.given(max_usd_per_month=20, max_runs_per_month=1)
    stage.ask("manual", "2", force=True)
    stage.wait_and_look(minutes=5)
    assert len(stage.started()) == 1, "what never ran is in no sum of the month"


@case
def a_start_that_keeps_failing_is_given_up(stage: DoorStage) -> None:
    stage.refuse_starts("for now")
    stage.ask("manual")
    for _ in range(8):
        stage.wait_and_look(minutes=5)
    assert len(stage.told("failure")) == 5
    stage.refuse_starts("no")
    stage.wait_and_look(minutes=5)
    assert not stage.started()


# crashes, and two doors at once


@case
def a_crash_anywhere_loses_nothing_and_starts_nothing_twice(stage: DoorStage) -> None:
    stage.ask("manual", "0")
    for place in ("before the ledger", "before the start", "after the start", "before the record", "before done"):
        stage.look(cut=place)  # type: ignore[arg-type]
        stage.wait(minutes=1)
    stage.look()
    assert len(stage.started()) == 1
    assert stage.waiting() == 0
    kinds = [line["kind"] for line in stage.record()]
    assert kinds.count("start") == kinds.count("started") == 1


@case
def a_crash_between_the_ledger_and_the_start_is_repaired_by_the_next_look(stage: DoorStage) -> None:
    stage.ask("manual")
    stage.look(cut="before the start")
    assert not stage.started()
    stage.wait_and_look(minutes=5)
    assert len(stage.started()) == 1
    assert stage.told("skip") == ["a replay: its key was seen before"], "the message came again"


@case
def a_crash_after_the_start_starts_no_second_run_even_if_the_first_has_ended(stage: DoorStage) -> None:
    stage.ask("manual")
    stage.look(cut="after the start")
    stage.end_run("succeeded")
    stage.wait_and_look(minutes=5)
    stage.wait_and_look(hours=9)
    assert len(stage.started()) == 1
    assert stage.told("end") == ["succeeded"]


@case
def two_doors_at_once_start_one_run(stage: DoorStage) -> None:
    stage.ask("manual", "1")
    # while one door has read its ledger, another one does all of its work
    stage.between = stage.look
    stage.look()
    assert len(stage.started()) == 1
    stage.wait_and_look(hours=9)
    assert len(stage.started()) == 1


@case
def two_doors_with_an_event_each_start_one_run(stage: DoorStage) -> None:
    stage.given(quiet_minutes=0)

    def other() -> None:
        stage.ask("drift", "2")
        stage.look()

    stage.ask("drift", "1")
    stage.between = other
    stage.look()
    stage.wait_and_look(minutes=5)
    assert len(stage.started()) == 1


# schedules and clocks


@case
def a_schedule_starts_a_run_with_its_values(stage: DoorStage) -> None:
    stage.given(schedules=nightly(rounds=100))
    stage.look()
    stage.wait_and_look(hours=18)
    assert not stage.started(), "nothing that fired before the door first looked counts"
    stage.now = datetime(2026, 11, 4, 3, 4, tzinfo=UTC)
    stage.look()
    ((_, values),) = stage.started()
    assert values == {"rounds": 100}
    stage.end_run("succeeded")
    stage.now = datetime(2026, 11, 5, 3, 1, tzinfo=UTC)
    stage.look()
    assert len(stage.started()) == 2


@case
def a_cool_down_of_a_day_lets_each_night_run(stage: DoorStage) -> None:
    """The door comes some minutes after the schedule, now more and now fewer."""
    stage.given(schedules=nightly(), cooldown_hours=24)
    stage.look()
    for day, late in ((4, 4), (5, 1), (6, 3)):
        stage.now = datetime(2026, 11, day, 3, late, tzinfo=UTC)
        stage.look()
        stage.end_run("succeeded")
        stage.wait_and_look(hours=1)
    assert len(stage.started()) == 3


@case
def the_night_of_the_change_to_summer_time_has_one_run(stage: DoorStage) -> None:
    stage.given(schedules=nightly("30 2 * * *", "Europe/Zurich"), cooldown_hours=6)
    for day in (28, 29, 30):
        stage.now = datetime(2026, 3, day - 1, 23, 0, tzinfo=UTC)
        for _ in range(60):
            stage.wait_and_look(minutes=5)
        stage.end_run("succeeded")
    assert [run.split("-")[2] for run, _ in stage.started()] == ["202603280130", "202603290100", "202603300030"]


@case
def the_hour_that_comes_twice_has_one_run(stage: DoorStage) -> None:
    stage.given(schedules=nightly("30 2 * * *", "Europe/Zurich"), cooldown_hours=1, timeout_hours=1)
    stage.now = datetime(2026, 10, 24, 23, 0, tzinfo=UTC)
    for _ in range(60):
        stage.wait_and_look(minutes=5)
        stage.end_run("succeeded")
    assert len(stage.started()) == 1


@case
def a_schedule_during_a_run_is_skipped(stage: DoorStage) -> None:
    stage.given(schedules=nightly())
    stage.now = datetime(2026, 11, 4, 2, 0, tzinfo=UTC)
    stage.ask("manual")
    stage.look()
    stage.wait_and_look(hours=1)
    stage.end_run("succeeded")
    stage.wait_and_look(hours=12)
    assert len(stage.started()) == 1
    assert any("is going" in reason for reason in stage.told("skip"))


@case
def two_schedules_at_once_with_other_values_start_the_first(stage: DoorStage) -> None:
    stage.given(schedules=(*nightly(rounds=1), ScheduleRule("full", "0 3 * * *", "UTC", {"rounds": 500})))
    stage.look()
    stage.now = datetime(2026, 11, 4, 3, 1, tzinfo=UTC)
    stage.look()
    stage.end_run("succeeded")
    stage.wait_and_look(hours=9)
    assert [values for _, values in stage.started()] == [{"rounds": 1}]
    assert any("other values" in reason for reason in stage.told("skip"))


@case
def firings_that_nobody_could_see_in_time_count_once_or_not(stage: DoorStage) -> None:
    stage.given(schedules=nightly())
    stage.look()
    stage.now = datetime(2026, 11, 7, 2, 0, tzinfo=UTC)
    stage.look()
    assert len(stage.started()) == 1, "the last night counts, and the three before it with it"
    stage.end_run("succeeded")
    stage.given(schedules=nightly("0 3 8 * *"))
    stage.now = datetime(2026, 11, 10, 2, 0, tzinfo=UTC)
    stage.look()
    assert len(stage.started()) == 1
    assert any("while no door looked" in reason for reason in stage.told("skip"))


@case
def a_clock_behind_judges_no_schedule_twice(stage: DoorStage) -> None:
    stage.given(schedules=nightly(), cooldown_hours=1, timeout_hours=1)
    stage.look()
    stage.now = datetime(2026, 11, 4, 3, 2, tzinfo=UTC)
    stage.look()
    stage.end_run("succeeded")
    stage.wait(hours=2)
    stage.look()
    stage.look(late=timedelta(minutes=10))
    assert not stage.told("failure"), "clocks differ by so much"
    assert len(stage.started()) == 1
    stage.ask("manual", "2")
    stage.look(late=timedelta(minutes=11))
    assert len(stage.started()) == 1
    assert any("behind the ledger" in reason for reason in stage.told("failure"))
    stage.wait_and_look(minutes=5)
    assert len(stage.started()) == 2, "the message was kept"


# people


@case
def a_person_does_not_wait(stage: DoorStage) -> None:
    stage.ask("manual", parameters={"rounds": 7, "since": "2026-01-01"}, by="ada")
    stage.look()
    ((_, values),) = stage.started()
    assert values == {"rounds": 7, "since": "2026-01-01"}


@case
def a_person_in_the_cool_down_is_told_so_and_may_force_it(stage: DoorStage) -> None:
    stage.ask("manual", "1")
    stage.look()
    stage.end_run("succeeded")
    stage.ask("manual", "2")
    stage.wait_and_look(hours=1)
    assert len(stage.started()) == 1
    assert any("the cool-down of the last run ends at 2026-11-03 16:00 UTC" in each for each in stage.told("skip"))
    stage.wait_and_look(hours=12)
    assert len(stage.started()) == 1, "what was skipped does not come back"
    stage.ask("manual", "3")
    stage.look()
    stage.end_run("succeeded")
    stage.ask("manual", "4", force=True, by="ada")
    stage.wait_and_look(minutes=5)
    assert len(stage.started()) == 3
    assert stage.told("start")[-1] == "forced by ada"


@case
def a_forced_run_waits_for_the_one_that_is_going(stage: DoorStage) -> None:
    stage.ask("manual", "1")
    stage.look()
    stage.ask("manual", "2", force=True)
    stage.wait_and_look(minutes=5)
    assert len(stage.started()) == 1
    stage.end_run("succeeded")
    stage.wait_and_look(minutes=5)
    assert len(stage.started()) == 2


@case
def a_person_goes_first_and_what_waits_with_other_values_gets_a_run_of_its_own(stage: DoorStage) -> None:
    stage.given(quiet_minutes=0)
    stage.ask("drift")
    stage.ask("manual", parameters={"rounds": 7})
    stage.look()
    stage.end_run("succeeded")
    stage.wait_and_look(hours=9)
    assert [values for _, values in stage.started()] == [{"rounds": 7}, {}]


@case
def a_forced_run_goes_before_one_that_asks(stage: DoorStage) -> None:
    stage.ask("manual", "1", parameters={"rounds": 1})
    stage.ask("manual", "2", parameters={"rounds": 2}, force=True)
    stage.look()
    assert [values for _, values in stage.started()] == [{"rounds": 2}]
    assert any("other values" in reason for reason in stage.told("skip"))


# labels, code, switches, bad messages


@case
def labels_start_a_run_when_there_are_enough(stage: DoorStage) -> None:
    stage.ask("labels", "1", count=600)
    stage.look()
    stage.wait_and_look(hours=1)
    assert not stage.started()
    assert stage.told("wait") == ["600 new labels of 1000"]
    stage.ask("labels", "2", count=400)
    stage.look()
    stage.wait_and_look(minutes=10)
    assert len(stage.started()) == 1
    stage.end_run("succeeded")
    stage.ask("labels", "3", count=999)
    stage.wait_and_look(days=1)
    stage.wait_and_look(days=1)
    assert len(stage.started()) == 1, "they are counted anew"


@case
def any_run_reads_the_labels_that_there_are(stage: DoorStage) -> None:
    stage.ask("labels", "1", count=600)
    stage.ask("manual", "1", parameters={"rounds": 7})
    stage.look()
    stage.end_run("succeeded")
    stage.ask("labels", "2", count=600)
    stage.wait_and_look(days=1)
    stage.wait_and_look(days=1)
    assert len(stage.started()) == 1


@case
def code_of_another_branch_is_skipped(stage: DoorStage) -> None:
    stage.ask("code", "abc", branch="feature")
    stage.ask("code", "def", branch="main")
    stage.look()
    stage.wait_and_look(minutes=10)
    assert len(stage.started()) == 1
    assert stage.told("skip") == ["a push to another branch than main"]


@case
def what_the_spec_does_not_ask_for_is_skipped(stage: DoorStage) -> None:
    stage.given(new_labels=None, branch=None)
    stage.ask("quality")
    stage.ask("labels", count=10**6)
    stage.ask("code", branch="main")
    stage.look()
    stage.wait_and_look(days=1)
    assert not stage.started()
    assert len(stage.told("skip")) == 3
    assert stage.dead() == 0


@case
def what_comes_while_triggers_are_off_is_skipped(stage: DoorStage) -> None:
    stage.ask("drift", "1")
    stage.look()
    stage.given(enabled=False, schedules=nightly())
    stage.ask("drift", "2")
    stage.ask("manual", "3")
    stage.wait_and_look(days=1)
    stage.given(enabled=True)
    stage.wait_and_look(days=1)
    assert all("triggers are off" in reason for reason in stage.told("skip"))
    assert len(stage.told("skip")) == 2
    starts = len(stage.started())
    stage.end_run("succeeded")
    stage.given(enabled=False, cooldown_hours=6)
    stage.ask("manual", "4", force=True)
    stage.wait_and_look(days=1)
    assert len(stage.started()) == starts + 1, "a person may force one"


@case
def a_message_that_nobody_understands_is_a_dead_letter(stage: DoorStage) -> None:
    messages = (
        "no JSON",
        "[]",
        '{"pipeline": "other", "reason": "drift", "key": "1"}',
        '{"pipeline": "fraud-retrain", "reason": "because", "key": "1"}',
        '{"pipeline": "fraud-retrain", "reason": "schedule", "key": "1"}',
        '{"pipeline": "fraud-retrain", "reason": "drift"}',
        '{"pipeline": "fraud-retrain", "reason": "drift", "key": "1", "kommand": "rm -rf /"}',
        '{"pipeline": "fraud-retrain", "reason": "drift", "key": "1", "force": true}',
        '{"pipeline": "fraud-retrain", "reason": "labels", "key": "1", "count": -5}',
        '{"pipeline": "fraud-retrain", "reason": "drift", "key": "1", "parameters": {"rounds": 5}}',
    )
    for message in messages:
        stage.send(message)
    stage.ask("manual")
    report = stage.look()
    assert report
    assert report.buried == stage.dead() == len(messages)
    assert report.failures == len(messages)
    assert len(stage.started()) == 1, "the others are acted upon"
    assert stage.waiting() == 0


@case
def a_value_that_a_shell_reads_reaches_no_run(stage: DoorStage) -> None:
    for number, value in enumerate(("'; curl evil", "$(id)", "a b", '"', "a\nb", "`id`", "a" * 257, 5, None, [])):
        stage.ask("manual", str(number), force=True, parameters={"since": value})
    stage.ask("manual", "10", force=True, parameters={"rounds": "7"})
    stage.ask("manual", "11", force=True, parameters={"rounds": 7.5})
    stage.ask("manual", "12", force=True, parameters={"rounds": True})
    stage.ask("manual", "13", force=True, parameters={"unknown": 1})
    stage.look()
    assert not stage.started()
    assert stage.dead() == 14
