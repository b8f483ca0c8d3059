"""Parts of the rollout's workflow that its main course calls, in the Workflows language."""

from __future__ import annotations

STEPS = """\
settled:
  params: [name]
  steps:
    - read:
        call: googleapis.run.v2.projects.locations.services.get
        args:
          name: ${name}
        result: service
    - is_settled:
        switch:
          - condition: ${not(default(map.get(service, "reconciling"), false))}
            return: ${service}
    - pause:
        call: sys.sleep
        args:
          seconds: 10
        next: read

move:
  params: [name, traffic]
  steps:
    - patch:
        call: googleapis.run.v2.projects.locations.services.patch
        args:
          name: ${name}
          updateMask: traffic
          body:
            traffic: ${traffic}

newest_other:
  params: [name, candidate]
  steps:
    - start:
        assign:
          - newest: ""
          - made: 0
    - list:
        call: googleapis.run.v2.projects.locations.services.revisions.list
        args:
          parent: ${name}
        result: page
    - look:
        for:
          value: revision
          in: ${default(map.get(page, "revisions"), [])}
          steps:
            - short:
                assign:
                  - short_name: ${text.split(revision.name, "/")[7]}
                  - created: ${time.parse(revision.createTime)}
            - newer:
                switch:
                  - condition: ${short_name != candidate and created > made}
                    steps:
                      - take:
                          assign:
                            - newest: ${short_name}
                            - made: ${created}
    - found:
        return: ${newest}

watch:
  params: [name, service_name, candidate, policy]
  steps:
    - start:
        assign:
          - minute: 0
    - is_over:
        switch:
          - condition: ${minute >= policy.bake_minutes + 3}
            return: good
    - pause:
        call: sys.sleep
        args:
          seconds: 60
    - read:
        call: googleapis.run.v2.projects.locations.services.get
        args:
          name: ${name}
        result: service
    - is_overtaken:
        switch:
          - condition: ${text.split(service.latestCreatedRevision, "/")[7] != candidate}
            return: overtaken
    - ask:
        call: judge
        args:
          service_name: ${service_name}
          candidate: ${candidate}
          policy: ${policy}
        result: bad
    - is_bad:
        switch:
          - condition: ${bad}
            return: bad
    - next_minute:
        assign:
          - minute: ${minute + 1}
        next: is_over

judge:
  params: [service_name, candidate, policy]
  steps:
    - write:
        assign:
          - whose: ${"service_name=\\"" + service_name + "\\",revision_name=\\"" + candidate + "\\""}
          - of: ${"monitored_resource=\\"cloud_run_revision\\"," + whose}
          - all: ${"sum(increase(run_googleapis_com:request_count{" + of + "}[5m]))"}
          - failed: ${"sum(increase(run_googleapis_com:request_count{" + of + ",response_code=~\\"5..|429\\"}[5m]))"}
          - times: ${"sum by (le) (increase(run_googleapis_com:request_latencies_bucket{" + of + "}[5m]))"}
          - slow: ${"histogram_quantile(0.99, " + times + ")"}
          - errors: ${"100 * " + failed + " / " + all + " > " + string(policy.error_rate_percent)}
          - project: ${"projects/" + sys.get_env("GOOGLE_CLOUD_PROJECT_ID")}
          - question: ${"(" + errors + ") or (" + slow + " > " + string(policy.latency_p99_ms) + ")"}
    - query:
        call: http.post
        args:
          url: ${"https://monitoring.googleapis.com/v1/" + project + "/location/global/prometheus/api/v1/query"}
          auth:
            type: OAuth2
          body:
            query: ${question}
        result: answer
    - verdict:
        return: ${len(answer.body.data.result) > 0}

forget_others:
  params: [name, candidate, previous]
  steps:
    - list:
        call: googleapis.run.v2.projects.locations.services.revisions.list
        args:
          parent: ${name}
        result: page
    - each:
        for:
          value: revision
          in: ${default(map.get(page, "revisions"), [])}
          steps:
            - short:
                assign:
                  - short_name: ${text.split(revision.name, "/")[7]}
            - forget:
                switch:
                  - condition: ${short_name != candidate and short_name != previous}
                    steps:
                      - remove:
                          try:
                            call: googleapis.run.v2.projects.locations.services.revisions.delete
                            args:
                              name: ${revision.name}
                          except:
                            as: problem
                            steps:
                              - keep:
                                  assign:
                                    - kept: ${revision.name}
"""
"""`settled` waits for Cloud Run, `move` changes traffic, `watch` and `judge` look at a revision's metrics."""
