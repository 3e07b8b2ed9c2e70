"""Words beside which a promise stands: other names for what may be promised, and what changes nothing beside a figure.

Whatever is in none of these isn't understood, and a promise with it isn't, either.
"""

from __future__ import annotations

from graders.answers.figures import AT_MOST, FROM_ON
from graders.exercises.promises import AT_LEAST, UP_TO

BY_HAND, OPERATOR, HELM, TERRAFORM = "by-hand", "operator", "helm", "terraform"
PGBOUNCER, PROXYSQL, NONE, IN_THE_POD = "pgbouncer", "proxysql", "none", "in-the-pod"
TRANSACTION, SESSION, STATEMENT = "transaction", "session", "statement"
WAYS = {
    OPERATOR: ("cnpg", "cloudnativepg", "zalando", "crunchy", "crunchydata", "stackgres", "percona", "kubedb", "patroni", "pgo"),
    HELM: ("chart", "helmchart", "helmfile"),
    TERRAFORM: ("opentofu", "tofu", "pulumi", "crossplane", "ansible", "cloudformation", "bicep", "gitops", "argocd", "argo",
                "flux", "fluxcd", "rds", "cloudsql", "aurora", "managed", "infrastructureascode", "iac", "terragrunt"),
    BY_HAND: ("hand", "manual", "manually", "console", "click", "clicking", "ssh", "apt", "psql", "myself", "someone", "somebody", "ticket"),
}  # fmt: skip
BESIDE_A_WAY = (
    "a an the with by via using use uses in on of for from and our as postgresql postgres pg database db server cluster "
    "instance module provider code service aws azure gcp google amazon kubernetes k8s bitnami platform installed versioned git"
)
POOLERS = {
    PGBOUNCER: ("pgcat", "odyssey", "pgpool", "pgpool2", "pgpoolii", "supavisor", "pgagroal", "rdsproxy", "pooler"),
    PROXYSQL: (),
    IN_THE_POD: ("hikari", "hikaricp", "application", "app", "sqlalchemy", "pgx", "pgxpool", "psycopg", "psycopg2", "psycopg3",
                 "driver", "client", "library", "ineachpod", "ineverypod", "perpod", "insidethepod", "insideeachpod"),
    NONE: ("no", "nothing", "nobody", "direct", "directly", "false", "nopooler", "nopooling", "nopool", "nopgbouncer",
           "withoutpooler", "withoutapooler", "notneeded"),
}  # fmt: skip
BESIDE_A_POOLER = (
    "a an the with by via using use uses in on of for from and our as each every pool pooling connection connections side pod pods all front between transaction mode "
    "deployment central postgresql postgres kubernetes cnpg cloudnativepg operator"
)
MODES = {TRANSACTION: ("tx", "xact", "transactional"), SESSION: (), STATEMENT: ()}
BESIDE_A_MODE = "a an the in on by per with using use for each every mode pool pooling level based pgbouncer"

# What may stand beside a figure and doesn't change it, as alternatives of regular expressions.
BESIDE_A_RELEASE = (
    r"an?|the|exactly|as (?:requested|tested)|version|release|major|latest|minor|image|postgresql|postgres|pg|server|engine|database|v|alpine|"
    r"slim|bookworm|bullseye|trixie|(?:ghcr|docker)\.io|library|cloudnative"
)
BESIDE_STANDBYS = (
    rf"{AT_LEAST}|(?:hot|warm|(?:a?sync)(?:hronous)?|streaming|physical|read)|stand-?bys?|replicas?|secondar(?:y|ies)|"
    r"followers?|servers?|instances?|nodes?|members?|postgresql|postgres|more|"
    r"in (?:an?other|a different|another availability|a second|the other) (?:zone|az|rack|region)|"
    r"in (?:different|separate|other|two) (?:zones|azs|racks|regions)"
)
BESIDE_CONNECTIONS = (
    rf"{UP_TO}|connections?|conns?|clients?|open|in total|total|altogether|from (?:all )?(?:the )?pods|"
    r"to the server|server|database|postgresql|postgres|"
    r"(?:max_client_conn|default_pool_size|max_db_connections|pool_size)(?: =)?"
)
_KEPT_BY = r"(?:with|by|via|using|to|into) (?:wal-g|pgbackrest|barman|s3|gcs|minio|object storage|(?:a|the) bucket)"
BESIDE_FULL = rf"{AT_MOST}|{_KEPT_BY}|full|base|backups?|basebackups?|pg_basebackup|snapshots?"
BESIDE_LOG = rf"{AT_MOST}|{_KEPT_BY}|wal|logs?|archiv(?:e|es|ed|ing)|shipp(?:ed|ing)|cop(?:y|ies|ied)|pitr"
BESIDE_TEST = rf"{AT_MOST}|restor(?:es?|ed|ing)|tests?|tested|tr(?:y|ies|ied)|drills?"

STANDBY, PRIMARY, ALL = "standby", "primary", "all-at-once"
_STANDBYS = ("replica", "secondary", "secondaries", "follower", "slave")
_PRIMARIES = ("leader", "main", "master")
FIRSTS = {
    STANDBY: (*_STANDBYS, *(f"{many}{one}" for many in ("all", "both") for one in (STANDBY, *_STANDBYS)),
              *(f"{one}{is_}{last}" for one in (PRIMARY, *_PRIMARIES) for is_ in ("", "is") for last in ("last", "second"))),
    PRIMARY: (*_PRIMARIES, *(f"{one}{is_}{last}" for one in (STANDBY, *_STANDBYS) for is_ in ("", "is") for last in ("last", "second"))),
    ALL: ("all", "allservers", "allnodes", "both", "everything", "together", "sametime", "once", "parallel"),
}  # fmt: skip
BESIDE_A_FIRST = "a the at in first server servers node nodes pod pods database postgresql postgres is and patch patched update upgrade restart hot old"
BETWEEN_SERVERS = ("switchover", "switch over", "failover", "fail over")
"""What happens between two servers that are patched, and says nothing of which is the first."""

BESIDE_ROTATION = (
    rf"{AT_MOST}|new|rotat(?:e|ed|ion)|passwords?|secrets?|changed?|by (?:vault|external secrets|the operator)"
)
BESIDE_OVERLAP = r"for|old one|old|both|valid|keep|kept|later|longer|overlap|grace(?: period)?"
BESIDE_PATCHES = rf"{AT_MOST}|patch(?:es|ed|ing)?|updates?|maintenance"
BESIDE_A_LAG = rf"{FROM_ON}|of|lag|replication|standby|replica|delay|when"
BESIDE_A_QUERY = rf"{FROM_ON}|quer(?:y|ies)|latency|takes?|taking|mean|average|avg|median|slow|when"
BESIDE_TAKEN = (
    rf"{FROM_ON}|greater than|of (?:the |all )?(?:pool(?: size)?|max(?:imum)?(?: connections)?|server[ -]connections|connections|them|limit)|"
    r"connections?|conns?|used|taken|in use|open|busy|server|pool|when"
)
