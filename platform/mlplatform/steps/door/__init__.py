"""The door: the one program that starts runs of pipelines, the same on every cloud.

`decide` is pure; `tick` brings it together with a queue, the ledgers and the service that runs pipelines, each behind a
protocol of `ports`. What is here, with `mlplatform.spec.schedules`, needs nothing but CronSim: it also runs as a
function that is shipped as a few files. A cloud's part is one module with its name.
"""
