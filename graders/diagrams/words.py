"""The words by which people name the parts of a shop, in several languages.

A table, not a program: a new word is one entry. Words are compared after folding case, accents and compounds
(``ordersDB``, ``orders_db`` and ``Orders DB`` are the words ``orders db``). A phrase is words with a space between.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """The five parts that the exercise asks for, and what else is drawn beside them."""

    API = "api"
    WORKER = "worker"
    DATABASE = "database"
    CACHE = "cache"
    QUEUE = "queue"
    CLIENT = "client"
    GATEWAY = "gateway"
    POOLER = "pooler"
    RELAY = "relay"
    DEAD_LETTERS = "dead-letter queue"
    PROVIDER = "provider"
    OBSERVER = "observer"
    OTHER = "other"


PARTS = (Role.API, Role.WORKER, Role.DATABASE, Role.CACHE, Role.QUEUE)
STORES = frozenset({Role.DATABASE, Role.CACHE, Role.QUEUE})

ASKED: Mapping[Role, str] = {
    Role.API: "orders API",
    Role.WORKER: "email worker",
    Role.DATABASE: "PostgreSQL",
    Role.CACHE: "Redis",
    Role.QUEUE: "message queue",
}
"""What the exercise calls each part."""

THE: Mapping[Role, str] = {role: name if name[0].isupper() else f"the {name}" for role, name in ASKED.items()}
"""The same in the middle of a sentence: a product has no article."""


def _words(text: str) -> frozenset[str]:
    return frozenset(part.strip() for part in text.split(","))


# What settles a node's role at once, whatever else its name says.
DECISIVE: Mapping[Role, frozenset[str]] = {
    Role.DEAD_LETTERS: _words("dlq, dlx, dead letter, dead letters, deadletter, dead letter queue, parking lot"),
    Role.POOLER: _words("pgbouncer, pooler, pgpool, proxysql, connection pool, connection pooler, odyssey"),
    Role.RELAY: _words("outbox, debezium, cdc, change data capture, relay, log tailer, outbox relay"),
    Role.OBSERVER: _words(
        "prometheus, grafana, monitoring, monitor, jaeger, loki, tempo, datadog, otel, opentelemetry, exporter, "
        "alertmanager, observability, logging, elk, kibana, admin, administrator, dba, pgadmin, adminer, backoffice, "
        "back office, analyst, bi, backup, backups"
    ),
    Role.OTHER: _words("object store, object storage, s3, bucket, blob storage, minio, file store, file storage"),
    Role.PROVIDER: _words(
        "sendgrid, ses, mailgun, smtp, postmark, mailchimp, mailpit, mailhog, stripe, paypal, payment, payments, "
        "payment provider, email provider, mail provider, mail server, mailserver, email server, email gateway, "
        "smtp server, twilio, inbox, mailbox, recipient, psp, adyen, klarna, mail relay, smtp relay"
    ),
    Role.GATEWAY: _words(
        "ingress, load balancer, loadbalancer, lb, alb, nlb, elb, balancer, api gateway, apigateway, gateway, reverse proxy, "
        "nginx, haproxy, envoy, traefik, kong, cdn, cloudfront, waf, front end, frontend, storefront, bff, web server, "
        "webserver, router, proxy, lastverteiler, dns, tls, edge"
    ),
}

# Words that name the thing itself.
STRONG: Mapping[Role, frozenset[str]] = {
    Role.QUEUE: _words(
        "queue, queues, mq, message queue, broker, message broker, message bus, event bus, bus, rabbitmq, rabbit, kafka, "
        "redpanda, nats, jetstream, sqs, sns, pubsub, pub sub, activemq, artemis, kinesis, service bus, servicebus, "
        "event hub, eventhub, topic, topics, subscription, stream, streams, redis streams, exchange, warteschlange, nachrichten, "
        "nachrichtenwarteschlange, nachrichtenbroker, file d attente, file de messages, cola, cola de mensajes, fila, coda, "
        "wachtrij, kolejka, ochered, messaging, event stream, event log, pulsar, zeromq, beanstalkd, mqtt, eventbridge, amqp"
    ),
    Role.CACHE: _words(
        "cache, caches, caching, memcached, memcache, zwischenspeicher, antememoire, pufferspeicher, memorystore, elasticache, "
        "key value store, kv, key value, session store, in memory store"
    ),
    Role.DATABASE: _words(
        "postgres, postgresql, postgre, pg, psql, pgsql, db, database, databases, datenbank, base de donnees, base de datos, "
        "bdd, bd, banco de dados, sql, rds, aurora, cloudsql, cloud sql, datastore, data store, mysql, mariadb, oracle, mssql, sqlserver, "
        "sql server, mongodb, mongo, dynamodb, cassandra, sqlite, cockroachdb, couchdb, timescaledb, db2, h2, firestore, firebase, cosmosdb, cosmos db, redshift, snowflake, clickhouse, rdbms, baza danych, tietokanta"
    ),
    Role.WORKER: _words(
        "worker, workers, email worker, mail worker, email service, mail service, email sender, mail sender, mailer, "
        "email notifier, mail notifier, notifier, email consumer, notification service, notification worker, notifications, "
        "email notifications, email notification, email dispatcher, mail dispatcher, email job, email handler, emailer, "
        "email processor, arbeiter, email dienst, mail dienst, maildienst, consumer, background job, sidekiq, celery"
    ),
    Role.API: _words(
        "api, orders api, order api, order service, orders service, order management, order management service, order processing, "
        "bestell api, bestelldienst, bestellservice, api service, api server, rest api, http api, order backend, "
        "backend, app server, application server, web api, orders backend, order app, orders app, service de commandes, "
        "servicio de pedidos, checkout service, checkout api, checkout, shop api, order server, orders server"
    ),
    Role.CLIENT: _words(
        "client, clients, user, users, customer, customers, browser, web browser, shopper, shoppers, buyer, buyers, visitor, "
        "visitors, mobile app, mobile, web app, webapp, spa, single page app, phone, app user, kunde, kunden, kaufer, kaeufer, kundin, "
        "nutzer, benutzer, cliente, clientes, utilisateur, acheteur, usuario, internet, web client, consumer app, desktop, "
        "website, web site, ios, android, person, people, end user, klient, klant, public"
    ),
}

NAMES: Mapping[Role, frozenset[str]] = {
    **{role: known for role, known in STRONG.items() if role in PARTS},
    Role.CACHE: STRONG[Role.CACHE] | {"redis", "valkey"},
}
"""Words that name one of the five parts, whatever else is said of it."""

# Words that only hint: they count where nothing else is said.
WEAK: Mapping[Role, frozenset[str]] = {
    Role.CACHE: _words("redis, valkey, keydb, dragonfly"),
    Role.API: _words(
        "order, orders, service, server, app, application, bestellung, bestellungen, shop, commandes, pedidos, monolith, web"
    ),
    Role.WORKER: _words(
        "email, emails, mail, mails, notification, sender, job, jobs, processor, dispatcher, handler, notify"
    ),
    Role.QUEUE: _words("event, events, message, messages, order events, order created, jobs queue"),
    Role.DATABASE: _words("store, storage, persistence, primary, replica, standby, leader, follower"),
    Role.CLIENT: _words("ui, gui, kunde"),
}

OTHER_KIND: Mapping[Role, frozenset[str]] = {
    Role.DATABASE: _words(
        "mysql, mariadb, oracle, mssql, sqlserver, sql server, mongodb, mongo, dynamodb, cassandra, sqlite, couchdb, cockroachdb, neo4j, "
        "elasticsearch, db2, h2, firestore, firebase, cosmosdb, cosmos db, redshift, snowflake, clickhouse, influxdb, bigquery"
    ),
    Role.CACHE: _words("memcached, memcache, varnish, hazelcast, ehcache, caffeine"),
}
"""Products of another kind than the exercise asks for."""

SAME_KIND: Mapping[Role, frozenset[str]] = {
    Role.DATABASE: _words("postgres, postgresql, postgre, pg, psql, pgsql"),
    Role.CACHE: _words("redis, valkey, elasticache, memorystore"),
}
"""Products that are what the exercise asks for; they outweigh another product's name beside them."""

OTHER_WORKERS = _words(
    "inventory, stock, lager, invoice, billing, shipping, analytics, report, reporting, search, audit, warehouse, recommendation"
)
"""Workers and services that aren't the one that the exercise asks for."""

STATED: Mapping[str, Role] = {
    **{role.value: role for role in Role}, "db": Role.DATABASE, "postgres": Role.DATABASE, "postgresql": Role.DATABASE,
    "redis": Role.CACHE, "broker": Role.QUEUE, "topic": Role.QUEUE, "email-worker": Role.WORKER, "orders-api": Role.API,
}  # fmt: skip
"""What ``role=`` on a node may say."""
