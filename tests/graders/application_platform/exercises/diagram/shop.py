"""The shop's five parts with the arrows of the solution, and the ways to draw it that have full marks."""

from __future__ import annotations

PLAIN = "api -> postgres; api -> redis; api -> queue; queue -> worker;"


CORE = "client -> api; " + PLAIN


RIGHT = {
    "as the exercise has it": f"digraph {{ {CORE} }}",
    "no client drawn": f"digraph {{ {PLAIN} }}",
    "client by way of an ingress": f"digraph {{ client -> ingress -> api; {PLAIN} }}",
    "client by way of a load balancer": f'digraph {{ client -> lb; lb [label="Load balancer"]; lb -> api; {PLAIN} }}',
    "client by way of a front end": f"digraph {{ user -> frontend -> api; {PLAIN} }}",
    "client by way of an API gateway": f'digraph {{ client -> gw; gw [label="API gateway"]; gw -> api; {PLAIN} }}',
    "arrows that point both ways": f"digraph {{ edge [dir=both]; client -> api; {PLAIN} }}",
    "reply arrows": f"digraph {{ {CORE} postgres -> api; redis -> api; api -> client; queue -> api; }}",
    "stores that point to the API": "digraph { client -> api; postgres -> api; redis -> api; queue -> api; worker -> queue }",
    "a worker that polls": "digraph { api -> postgres; api -> redis; api -> queue; worker -> queue }",
    "a worker that uses the database": f"digraph {{ {CORE} worker -> postgres }}",
    "a worker that uses the cache": f"digraph {{ {CORE} worker -> redis }}",
    "a topic before the queue": 'digraph { api -> postgres; api -> redis; api -> topic; topic -> queue; queue -> worker; topic [label="order-events topic"] }',
    "an exchange before the queue": 'digraph { api -> postgres; api -> redis; api -> x -> queue -> worker; x [label="exchange"] }',
    "a dead-letter queue": f'digraph {{ {CORE} queue -> dlq; dlq [label="dead-letter queue"] }}',
    "a worker that fills the dead-letter queue": f"digraph {{ {CORE} worker -> dlq }}",
    "an outbox": 'digraph { client -> api -> postgres; api -> redis; postgres -> outbox -> queue -> worker; outbox [label="Outbox relay"] }',
    "a relay that reads the database": 'digraph { api -> postgres; api -> redis; cdc -> postgres; cdc -> queue; queue -> worker; cdc [label="Debezium (CDC)"] }',
    "an arrow that is change data capture": 'digraph { api -> postgres; api -> redis; postgres -> queue [label="CDC"]; queue -> worker }',
    "Redis Streams beside a Redis cache": 'digraph { api -> pg; api -> cache; api -> s -> worker; pg [label="Postgres"]; cache [label="Redis cache"]; s [label="Redis Streams"] }',
    "undirected": "graph { client -- api; api -- postgres; api -- redis; api -- queue; queue -- worker }",
    "an arrow to a cluster": 'digraph { compound=true; subgraph cluster_data { label="data"; postgres; redis } api -> postgres [lhead=cluster_data]; api -> queue -> worker }',
    "an arrow to a cluster's name": "digraph { subgraph cluster_data { postgres; redis } api -> cluster_data; api -> queue -> worker }",
    "record ports": 'digraph { s [shape=record, label="{<a>Orders API|<w>Email worker}|{<p>PostgreSQL|<r>Redis|<q>Message queue}"]; s:a -> s:p; s:a -> s:r; s:a -> s:q; s:q -> s:w }',
    "an edge to a set": "digraph { client -> api -> {postgres redis queue}; queue -> worker }",
    "monitoring at a store": f"digraph {{ {CORE} prometheus -> postgres; prometheus -> redis; grafana -> prometheus }}",
    "an admin at a store": f"digraph {{ {CORE} admin -> postgres }}",
    "an email provider": f"digraph {{ {CORE} worker -> sendgrid }}",
    "a mail server": f'digraph {{ {CORE} worker -> smtp; smtp [label="Mail server"] }}',
    "a payment provider": f"digraph {{ {CORE} api -> stripe }}",
    "a worker that calls the API back": f"digraph {{ {CORE} worker -> api }}",
    "several replicas": "digraph { lb -> {api1 api2}; api1 -> {postgres redis queue}; api2 -> {postgres redis queue}; queue -> {worker1 worker2} }",
    "a primary and a standby": 'digraph { api -> p; p -> s; p [label="Postgres primary"]; s [label="Postgres standby"]; api -> redis; api -> queue -> worker }',
    "a connection pool": "digraph { api -> pgbouncer -> postgres; api -> redis; api -> queue -> worker }",
    "more consumers": f'digraph {{ {CORE} queue -> inv; inv [label="Inventory worker"]; inv -> postgres }}',
    "roles stated": "digraph { a [role=api]; b [role=worker]; c [role=database]; d [role=cache]; e [role=queue]; a -> c; a -> d; a -> e; e -> b }",
    "camel case": "digraph { OrdersAPI -> OrdersDB; OrdersAPI -> RedisCache; OrdersAPI -> MessageQueue; MessageQueue -> EmailWorker }",
    "an HTML label": "digraph { x [label=<<b>Orders</b> API>]; x -> postgres; x -> redis; x -> queue; queue -> worker }",
    "in French": 'digraph { c [label="Service de commandes"]; c -> "Base de données PostgreSQL"; c -> Redis; c -> "File de messages"; "File de messages" -> "Worker e-mail" }',
    "a database with backups": 'digraph { api -> x; x [label="PostgreSQL (daily backups)"]; api -> redis; api -> queue -> worker }',
    "an API that says what it exposes": 'digraph { x [label="Orders API\\n/healthz /readyz\\n/metrics (Prometheus)"]; x -> postgres; x -> redis; x -> queue -> worker }',
    "an API that logs and traces": 'digraph { x [label="Orders API: logging, tracing (OpenTelemetry)"]; x -> postgres; x -> redis; x -> queue -> worker }',
    "a broker with a dead-letter queue inside": 'digraph { api -> postgres; api -> redis; api -> x -> worker; x [label="RabbitMQ\\n(with DLQ)"] }',
    "a database with an outbox table": 'digraph { api -> x; x [label="PostgreSQL (orders, outbox)"]; api -> redis; api -> queue -> worker }',
    "a database and its pooler in one box": 'digraph { api -> x; x [label="PostgreSQL + PgBouncer"]; api -> redis; api -> queue -> worker }',
    "a gateway whose label wraps": f'digraph {{ client -> gw; gw [label="API\\nGateway"]; gw -> api; {PLAIN} }}',
    "a worker that mails the customer": f"digraph {{ {CORE} worker -> client }}",
    "a proxy before the database": "digraph { client -> api -> haproxy -> postgres; api -> redis; api -> queue -> worker }",
    "a topic and its subscription": "digraph { api -> postgres; api -> redis; api -> topic -> subscription -> worker }",
    "an exporter at a store": f'digraph {{ {CORE} prometheus -> e -> postgres; e [label="Postgres exporter"] }}',
    "a balancer, undirected": "graph { client -- lb -- api; api -- postgres; api -- redis; api -- queue -- worker; worker -- client }",
    "an HTML label with an entity": "digraph { api -> postgres; api -> x; x [label=<Redis &amp; friends>]; api -> queue -> worker }",
    "styles of its own": f'digraph {{ graph [rankdir=LR, bgcolor=black]; node [shape=none, color="#123456"]; {CORE} }}',
}  # fmt: skip


NAMES = ("api", "postgres", "redis", "queue", "worker")


EDGES = [("api", "postgres"), ("api", "redis"), ("api", "queue"), ("queue", "worker")]


LABELS = {"api": "Orders API", "postgres": "PostgreSQL", "redis": "Redis", "queue": "Queue", "worker": "Email worker"}
