"""The workflow that carries a rollout through: it watches a new revision, gives it traffic, and takes it back.

It judges the new revision alone by the rules of the endpoint's alarms. Metrics of Cloud Run come up to three minutes
late, so every watch lasts that much longer. It ends where a newer revision overtakes it.
"""

from __future__ import annotations

from mlplatform.backends.gcp.serving.rollout_steps import STEPS

ANNOTATION = "mlplatform.dev/rollout"
"""Annotation of a service that tells the workflow how to roll out; services without it are left alone."""

MAIN = """\
main:
  params: [event]
  steps:
    - read_event:
        assign:
          - service_name: ${default(map.get(event, ["data", "resource", "labels", "service_name"]), "")}
          - caller: ${default(map.get(event, ["data", "protoPayload", "authenticationInfo", "principalEmail"]), "")}
          - first: ${default(map.get(event, ["data", "operation", "first"]), false)}
          - last: ${default(map.get(event, ["data", "operation", "last"]), false)}
          - project: ${sys.get_env("GOOGLE_CLOUD_PROJECT_ID")}
          - location: ${sys.get_env("GOOGLE_CLOUD_LOCATION")}
          - name: ${"projects/" + project + "/locations/" + location + "/services/" + service_name}
    - leave_others_alone:
        switch:
          - condition: ${service_name == "" or caller == sys.get_env("ROLLOUT_ACCOUNT") or (first and not(last))}
            return: nothing to roll out
    - settle:
        call: settled
        args:
          name: ${name}
        result: service
    - is_ours:
        switch:
          - condition: ${not("annotations" in service)}
            return: no rollout asked for
          - condition: ${not("mlplatform.dev/rollout" in service.annotations)}
            return: no rollout asked for
          - condition: ${default(map.get(service, "latestReadyRevision"), "") != service.latestCreatedRevision}
            return: the new revision never became ready and gets no traffic
    - prepare:
        assign:
          - policy: ${json.decode(service.annotations["mlplatform.dev/rollout"])}
          - candidate: ${text.split(service.latestReadyRevision, "/")[7]}
          - previous: ""
          - previous_percent: -1
          - pinned: false
          - verdict: good
    - read_traffic:
        for:
          value: target
          in: ${default(map.get(service, "traffic"), [])}
          steps:
            - weigh:
                switch:
                  - condition: ${default(map.get(target, "revision"), "") != ""}
                    steps:
                      - is_pinned:
                          assign:
                            - pinned: true
                            - percent_now: ${default(map.get(target, "percent"), 0)}
                      - is_previous:
                          switch:
                            - condition: ${target.revision != candidate and percent_now > previous_percent}
                              steps:
                                - take:
                                    assign:
                                      - previous: ${target.revision}
                                      - previous_percent: ${percent_now}
    - find_previous:
        switch:
          - condition: ${not(pinned)}
            steps:
              - ask_revisions:
                  call: newest_other
                  args:
                    name: ${name}
                    candidate: ${candidate}
                  result: previous
    - has_previous:
        switch:
          - condition: ${previous == ""}
            return: nothing to go back to
    - climb:
        for:
          value: percent
          in: ${policy.steps}
          steps:
            - step:
                call: move
                args:
                  name: ${name}
                  traffic:
                    - type: TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION
                      revision: ${previous}
                      percent: ${100 - percent}
                    - type: TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION
                      revision: ${candidate}
                      percent: ${percent}
            - watch_step:
                call: watch
                args:
                  name: ${name}
                  service_name: ${service_name}
                  candidate: ${candidate}
                  policy: ${policy}
                result: verdict
            - decide:
                switch:
                  - condition: ${verdict != "good"}
                    next: break
    - after_climb:
        switch:
          - condition: ${verdict == "overtaken"}
            return: a newer revision takes over
          - condition: ${verdict == "bad"}
            next: go_back
          - condition: ${pinned or len(policy.steps) > 0}
            next: promote
        next: watch_all
    - promote:
        call: move
        args:
          name: ${name}
          traffic:
            - type: TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION
              revision: ${candidate}
              percent: 100
    - watch_all:
        call: watch
        args:
          name: ${name}
          service_name: ${service_name}
          candidate: ${candidate}
          policy: ${policy}
        result: verdict
    - after_all:
        switch:
          - condition: ${verdict == "overtaken"}
            return: a newer revision takes over
          - condition: ${verdict == "bad"}
            next: go_back
    - clean_up:
        switch:
          - condition: ${len(policy.steps) > 0}
            steps:
              - forget_old_ones:
                  call: forget_others
                  args:
                    name: ${name}
                    candidate: ${candidate}
                    previous: ${previous}
    - done:
        return: ${"rolled out " + candidate}
    - go_back:
        call: move
        args:
          name: ${name}
          traffic:
            - type: TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION
              revision: ${previous}
              percent: 100
    - tell:
        call: sys.log
        args:
          severity: ERROR
          json:
            message: rollout taken back
            service: ${service_name}
            revision: ${candidate}
            back_to: ${previous}
    - rolled_back:
        return: ${"took back " + candidate}
"""

SOURCE = f"{MAIN}\n{STEPS}"
"""Source in the Workflows language, https://docs.cloud.google.com/workflows/docs/reference/syntax"""
