"""The words for the parts of a shop: one table, by meaning and language.

A row is a meaning, a column is a language; ``names`` are products, ``others`` are products of the wrong kind. A cell has at
most six words; ``role=`` is for any other word. Words are compared without case, accents, plurals and spaces (``load
balancer`` is ``loadbalancer``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from cluster.text.names import normalize


class Role(StrEnum):
    """The five parts that the exercise asks for, and other parts that people draw."""

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
    SCHEDULED = "scheduled job"
    OTHER = "other"


class Topic(StrEnum):
    """The subject of a part, or that it is a program: a word that only hints at a part."""

    ORDERS = "orders"
    EMAIL = "email"
    MESSAGES = "messages"
    PROGRAM = "program"


Meaning = Role | Topic

PARTS = (Role.API, Role.WORKER, Role.DATABASE, Role.CACHE, Role.QUEUE)
STORES = frozenset({Role.DATABASE, Role.CACHE, Role.QUEUE})

ASKED: Mapping[Role, str] = {
    Role.API: "orders API",
    Role.WORKER: "email worker",
    Role.DATABASE: "PostgreSQL",
    Role.CACHE: "Redis",
    Role.QUEUE: "message queue",
}
"""The exercise's name of each part."""

THE: Mapping[Role, str] = {role: name if name[0].isupper() else f"the {name}" for role, name in ASKED.items()}
"""The same in the middle of a sentence: a product has no article."""

LANGUAGES = ("en", "es", "fr", "de", "it", "pt")
CELL = 6
"""The most words of a part in one language."""

TABLE: Mapping[Meaning | str, Mapping[str, str]] = {
    Role.API: {
        "en": "API, backend, back end, checkout",
    },
    Role.WORKER: {
        "en": "worker, consumer, mailer, emailer, notifier, subscriber",
        "es": "trabajador, consumidor, notificador",
        "fr": "ouvrier, consommateur, travailleur",
        "de": "Arbeiter, Verbraucher, Konsument, Mailversand",
        "it": "lavoratore, consumatore",
        "pt": "trabalhador, consumidor, notificador",
        "names": "Celery, Sidekiq",
    },
    Role.DATABASE: {
        "en": "database, DB, SQL, data store, RDS, Aurora",
        "es": "base de datos, BD, BDD",
        "fr": "base de données, BDD, base données",
        "de": "Datenbank, Datenspeicher",
        "it": "base di dati, base dati, banca dati",
        "pt": "banco de dados, base de dados, BD",
        "names": "PostgreSQL, Postgres, Postgre, PG, psql, pgsql",
        "others": (
            "MySQL, MariaDB, Oracle, SQL Server, MSSQL, MongoDB, Mongo, DynamoDB, Cassandra, SQLite, CockroachDB, CouchDB, "
            "Neo4j, Elasticsearch, DB2, H2, Firestore, InfluxDB, ClickHouse, Cosmos DB"
        ),
    },
    Role.CACHE: {
        "en": "cache, caching, key value, KV, in memory, session store",
        "es": "caché, memoria caché, clave valor",
        "fr": "cache, antémémoire, clé valeur",
        "de": "Zwischenspeicher, Pufferspeicher, Cache",
        "it": "cache, chiave valore",
        "pt": "cache, chave valor",
        "names": "Redis, Valkey",
        "others": "Memcached, Memcache, Varnish, Hazelcast, Ehcache, Caffeine",
    },
    Role.QUEUE: {
        "en": "queue, broker, topic, bus, stream, exchange",
        "es": "cola, cola de mensajes, intermediario",
        "fr": "file d'attente, file de messages, file, courtier",
        "de": "Warteschlange, Nachrichtenschlange, Schlange",
        "it": "coda, coda di messaggi, coda messaggi",
        "pt": "fila, fila de mensagens, corretor",
        "names": (
            "RabbitMQ, Rabbit, MQ, Kafka, NATS, JetStream, SQS, SNS, Kinesis, Pulsar, Redpanda, ActiveMQ, pub sub, MQTT, AMQP"
        ),
    },
    Role.CLIENT: {
        "en": "client, customer, user, browser, visitor, mobile app",
        "es": "cliente, usuario, navegador, comprador",
        "fr": "client, utilisateur, navigateur, acheteur",
        "de": "Kunde, Käufer, Nutzer, Benutzer, Kundin",
        "it": "cliente, utente, acquirente",
        "pt": "cliente, usuário, utilizador, navegador, comprador",
    },
    Role.GATEWAY: {
        "en": "gateway, API gateway, balancer, load balancer, proxy, front end",
        "es": "balanceador, puerta de enlace, pasarela",
        "fr": "passerelle, répartiteur, équilibreur",
        "de": "Lastverteiler, Frontend",
        "it": "bilanciatore",
        "pt": "balanceador",
        "names": "ingress, nginx, HAProxy, Envoy, Traefik, Kong, LB, ALB, CDN, WAF, storefront, web server, BFF, DNS",
    },
    Role.POOLER: {
        "en": "pooler, connection pool, connection pooler",
        "names": "PgBouncer, Pgpool, ProxySQL, Odyssey",
    },
    Role.RELAY: {
        "en": "outbox, relay, CDC, change data capture, log tailer",
        "names": "Debezium",
    },
    Role.DEAD_LETTERS: {
        "en": "dead letter, DLQ, DLX, parking lot",
    },
    Role.PROVIDER: {
        "en": "email provider, mail server, mail relay, mailbox, payment, SMTP",
        "es": "proveedor de correo, servidor de correo, pago",
        "fr": "serveur de messagerie, fournisseur, paiement",
        "de": "Mailserver, Mailprovider, Zahlung",
        "it": "server di posta, pagamento",
        "pt": "servidor de e-mail, pagamento",
        "names": "SendGrid, SES, Mailgun, Postmark, Mailchimp, Mailpit, Mailhog, Stripe, PayPal, Twilio, email server, email gateway, inbox",
    },
    Role.OBSERVER: {
        "en": "monitoring, admin, backup, exporter, logging, analyst",
        "names": (
            "Prometheus, Grafana, Jaeger, Loki, Tempo, Datadog, OpenTelemetry, OTel, Kibana, Alertmanager, pgAdmin, Adminer, DBA"
        ),
    },
    Role.SCHEDULED: {
        "en": "CronJob, cron, scheduler, scheduled job, timer, batch",
        "es": "tarea programada, planificador",
        "fr": "tâche planifiée, ordonnanceur",
        "de": "Zeitplan, Zeitplaner",
        "it": "attività pianificata, pianificatore",
        "pt": "tarefa agendada, agendador",
    },
    Role.OTHER: {
        "en": "inventory, shipping, auth, report, object store, search",
        "es": "inventario, envío, factura",
        "fr": "inventaire, stock, livraison, facture",
        "de": "Lager, Versand, Rechnung, Anmeldung",
        "it": "inventario, magazzino, spedizione, fattura",
        "pt": "inventário, estoque, envio, fatura",
        "names": "S3, MinIO, invoice, billing, analytics, stock, recommendation, authentication, bucket, blob",
    },
    Topic.ORDERS: {
        "en": "order, shop, cart, purchase, store",
        "es": "pedido, tienda, compra",
        "fr": "commande, boutique, achat",
        "de": "Bestellung, Bestell, Auftrag, Kasse",
        "it": "ordine, ordini, negozio",
        "pt": "pedido, encomenda, loja",
    },
    Topic.EMAIL: {
        "en": "email, mail, notification, confirmation, notify",
        "es": "correo, notificación, correo electrónico",
        "fr": "courriel, notification",
        "de": "Benachrichtigung, E-Mail, Mail",
        "it": "posta, notifica, notifiche",
        "pt": "correio, notificação, notificações",
    },
    Topic.MESSAGES: {
        "en": "message, messaging, event, subscription, job, task",
        "es": "mensaje, evento, suscripción",
        "fr": "message, événement, abonnement",
        "de": "Nachricht, Nachrichten, Ereignis",
        "it": "messaggio, messaggi, evento, eventi",
        "pt": "mensagem, mensagens, evento",
    },
    Topic.PROGRAM: {
        "en": "service, server, app, application, svc, processor",
        "es": "servicio, servidor, aplicación, procesador",
        "fr": "service, serveur, application",
        "de": "Dienst, Anwendung, Server",
        "it": "servizio, server, applicazione",
        "pt": "serviço, servidor, aplicação, aplicativo",
    },
    "nothing": {
        "en": "the, of, for, web, HTTP, REST",
        "es": "de, del, la, el, los, las",
        "fr": "de, des, du, la, le, les",
        "de": "der, die, das, für, und, Web",
        "it": "di, del, della, per, il, delle",
        "pt": "de, do, da, dos, das, para",
    },
}
"""The words by meaning and language. To add a word, add an entry; a full cell takes no more words."""


def _entries(columns: tuple[str, ...]) -> dict[str, tuple[Meaning | None, str]]:
    found: dict[str, tuple[Meaning | None, str]] = {}
    for meaning, row in TABLE.items():
        for column in columns:
            for word in row.get(column, "").split(","):
                if word.strip():
                    known = meaning if isinstance(meaning, Role | Topic) else None
                    found.setdefault(normalize(word, signs=False), (known, word.strip()))
    return found


WORDS: Mapping[str, tuple[Meaning | None, str]] = _entries((*LANGUAGES, "names", "others"))
"""Every word of the table, folded, with its meaning (or None) and its spelling."""

OTHER_KIND = frozenset(_entries(("others",)))
"""Products of the wrong kind, folded."""

NO_MAIL = ("payment", "pago", "paiement", "fournisseur", "zahlung", "pagamento", "stripe", "paypal", "twilio")
"""The providers that don't send emails."""

NAMED = frozenset(_entries(("names",)))
"""Products, folded."""


def _by_letter(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for word in words:
        found[word[0]] = (*found.get(word[0], ()), word)
    return found


NEARLY: Mapping[str, tuple[str, ...]] = _by_letter(
    word
    for word, (meaning, spelled) in _entries(("en", "names", "others")).items()
    if (meaning in PARTS or word in NAMED | OTHER_KIND) and len(word) > 4 and " " not in spelled  # noqa: PLR2004  shorter words are too similar
)
"""Words whose misspellings are recognized, folded, by their first letter."""

STATED: Mapping[str, Role] = {
    **{role.value: role for role in Role}, "db": Role.DATABASE, "postgres": Role.DATABASE, "postgresql": Role.DATABASE,
    "redis": Role.CACHE, "broker": Role.QUEUE, "topic": Role.QUEUE, "email-worker": Role.WORKER, "orders-api": Role.API,
}  # fmt: skip
"""The values of ``role=`` on a node."""
