-- The database, version 1. Amounts, values with 18 decimals and shares are 16 bytes, most significant first, which SQLite compares
-- as numbers; keys and accounts are 32 bytes; times are milliseconds since 1970. Histories are keyed by time and `place`: a
-- number that orders what happened in one block. Everything follows from the chain, and from `sample_secs`.

-- One row: where the database stands.
CREATE TABLE head (
    id            INTEGER PRIMARY KEY CHECK (id = 1),
    genesis       BLOB,
    sample_secs   INTEGER NOT NULL,
    block         INTEGER NOT NULL,
    hash          BLOB,
    time_ms       INTEGER NOT NULL,
    credited_secs INTEGER NOT NULL,
    paid          BLOB NOT NULL,
    treasury_part BLOB NOT NULL,
    heartbeats    INTEGER NOT NULL,
    delegators    INTEGER NOT NULL
);

-- The newest blocks.
CREATE TABLE blocks (
    number  INTEGER PRIMARY KEY,
    hash    BLOB NOT NULL,
    time_ms INTEGER NOT NULL
);

CREATE TABLE pools (
    pool               INTEGER PRIMARY KEY,
    owner              BLOB NOT NULL,
    description        TEXT NOT NULL,
    links              TEXT NOT NULL,
    commission_ppm     INTEGER NOT NULL,
    max_commission_ppm INTEGER NOT NULL,
    rise_ppm           INTEGER,
    rise_due_ms        INTEGER,
    restricted         INTEGER NOT NULL,
    cap                BLOB,
    room               BLOB,
    value              BLOB NOT NULL,
    shares             BLOB NOT NULL,
    price              BLOB NOT NULL,
    apr                REAL,
    free               BLOB NOT NULL,
    spare              BLOB NOT NULL,
    staked             BLOB NOT NULL,
    cooling            BLOB NOT NULL,
    impaired           BLOB NOT NULL,
    commission         BLOB NOT NULL,
    queued_shares      BLOB NOT NULL,
    due_shares         BLOB NOT NULL,
    need               BLOB NOT NULL,
    workers            INTEGER NOT NULL,
    idle_workers       INTEGER NOT NULL,
    delegators         INTEGER NOT NULL DEFAULT 0,
    paid               BLOB NOT NULL,
    paid_to_delegators BLOB NOT NULL,
    paid_to_owner      BLOB NOT NULL,
    lost               BLOB NOT NULL,
    created_block      INTEGER NOT NULL,
    created_ms         INTEGER NOT NULL,
    refreshed_block    INTEGER NOT NULL
);
CREATE INDEX pools_of_owner ON pools (owner);

CREATE TABLE workers (
    worker               BLOB PRIMARY KEY,
    operator             BLOB NOT NULL,
    pool                 INTEGER,
    session              INTEGER,
    state                TEXT NOT NULL,
    away                 TEXT,
    since_block          INTEGER NOT NULL,
    since_ms             INTEGER NOT NULL,
    stake                BLOB NOT NULL,
    v                    BLOB NOT NULL,
    v_e                  BLOB NOT NULL,
    p                    INTEGER NOT NULL,
    score                INTEGER,
    p_instant            INTEGER NOT NULL,
    share                BLOB NOT NULL,
    paid                 BLOB NOT NULL,
    treasury             BLOB NOT NULL,
    heartbeats           INTEGER NOT NULL,
    last_heartbeat_block INTEGER,
    last_heartbeat_ms    INTEGER,
    forfeited            BLOB NOT NULL,
    lost                 BLOB NOT NULL,
    cooling              BLOB NOT NULL,
    cooling_until_secs   INTEGER,
    open_reductions      INTEGER NOT NULL,
    resumed              INTEGER NOT NULL,
    maintenance_left_secs INTEGER NOT NULL,
    level                INTEGER NOT NULL,
    tee                  TEXT NOT NULL,
    tcb_status           TEXT NOT NULL,
    advisories           TEXT NOT NULL,
    measurement          BLOB,
    platform_id          BLOB,
    fmspc                TEXT,
    pck_ca               BLOB,
    version              TEXT,
    instance             TEXT,
    freshness_block      INTEGER,
    lease_end_ms         INTEGER NOT NULL,
    renewals_left        INTEGER,
    refused              TEXT,
    operator_changes     INTEGER NOT NULL,
    rebound_from         BLOB,
    rebound_to           BLOB,
    registered_block     INTEGER NOT NULL,
    registered_ms        INTEGER NOT NULL,
    refreshed_block      INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX workers_of_pool ON workers (pool, state);
CREATE INDEX workers_of_operator ON workers (operator);
CREATE INDEX workers_by_state ON workers (state);

-- Who holds shares. `total_shares` is `shares` and `queued_shares`. A vault holds shares as an account does.
CREATE TABLE delegations (
    pool          INTEGER NOT NULL,
    account       BLOB NOT NULL,
    shares        BLOB NOT NULL,
    queued_shares BLOB NOT NULL,
    total_shares  BLOB NOT NULL,
    put_in        BLOB NOT NULL,
    taken_out     BLOB NOT NULL,
    since_block   INTEGER NOT NULL,
    since_ms      INTEGER NOT NULL,
    PRIMARY KEY (pool, account)
) WITHOUT ROWID;
CREATE INDEX delegations_of_account ON delegations (account);
CREATE INDEX delegations_by_shares ON delegations (pool, total_shares);
CREATE INDEX delegations_by_all_shares ON delegations (total_shares);

-- What an account had in a pool from a moment on, and what it had put in and taken out until then.
CREATE TABLE holdings (
    account   BLOB NOT NULL,
    pool      INTEGER NOT NULL,
    time_ms   INTEGER NOT NULL,
    shares    BLOB NOT NULL,
    put_in    BLOB NOT NULL,
    taken_out BLOB NOT NULL,
    PRIMARY KEY (account, pool, time_ms)
) WITHOUT ROWID;

CREATE TABLE accounts (
    account      BLOB PRIMARY KEY,
    delegations  INTEGER NOT NULL DEFAULT 0,
    put_in       BLOB NOT NULL,
    taken_out    BLOB NOT NULL,
    unclaimed    BLOB NOT NULL,
    transactions INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

CREATE TABLE withdrawals (
    pool          INTEGER NOT NULL,
    request       INTEGER NOT NULL,
    account       BLOB NOT NULL,
    state         TEXT NOT NULL,
    shares        BLOB NOT NULL,
    left_shares   BLOB NOT NULL,
    paid          BLOB NOT NULL,
    block         INTEGER NOT NULL,
    time_ms       INTEGER NOT NULL,
    deadline_secs INTEGER NOT NULL,
    promised_secs INTEGER NOT NULL,
    ended_ms      INTEGER,
    PRIMARY KEY (pool, request)
) WITHOUT ROWID;
CREATE INDEX withdrawals_of_account ON withdrawals (account);

-- The allow-lists of pools.
CREATE TABLE members (
    pool        INTEGER NOT NULL,
    account     BLOB NOT NULL,
    since_block INTEGER NOT NULL,
    since_ms    INTEGER NOT NULL,
    PRIMARY KEY (pool, account)
) WITHOUT ROWID;

-- Code that was allowed to run.
CREATE TABLE measurements (
    measurement BLOB PRIMARY KEY,
    from_ms     INTEGER NOT NULL,
    ends_ms     INTEGER
) WITHOUT ROWID;

CREATE TABLE commission_changes (
    time_ms        INTEGER NOT NULL,
    place          INTEGER NOT NULL,
    block          INTEGER NOT NULL,
    pool           INTEGER NOT NULL,
    kind           TEXT NOT NULL,
    commission_ppm INTEGER NOT NULL,
    due_ms         INTEGER,
    PRIMARY KEY (pool, time_ms, place)
) WITHOUT ROWID;

CREATE TABLE movements (
    time_ms INTEGER NOT NULL,
    place   INTEGER NOT NULL,
    block   INTEGER NOT NULL,
    kind    TEXT NOT NULL,
    account BLOB NOT NULL,
    pool    INTEGER,
    shares  BLOB,
    amount  BLOB NOT NULL,
    other   BLOB,
    request INTEGER,
    PRIMARY KEY (time_ms, place)
) WITHOUT ROWID;
CREATE INDEX movements_of_account ON movements (account, time_ms, place);
CREATE INDEX movements_of_pool ON movements (pool, time_ms, place);

CREATE TABLE transactions (
    time_ms INTEGER NOT NULL,
    place   INTEGER NOT NULL,
    block   INTEGER NOT NULL,
    hash    BLOB NOT NULL,
    account BLOB NOT NULL,
    pallet  TEXT NOT NULL,
    call    TEXT NOT NULL,
    fee     BLOB NOT NULL,
    tip     BLOB NOT NULL,
    success INTEGER NOT NULL,
    error   TEXT,
    PRIMARY KEY (time_ms, place)
) WITHOUT ROWID;
CREATE INDEX transactions_of_account ON transactions (account, time_ms, place);

-- Those of the last days.
CREATE TABLE heartbeats (
    time_ms         INTEGER NOT NULL,
    place           INTEGER NOT NULL,
    block           INTEGER NOT NULL,
    challenge_block INTEGER NOT NULL,
    worker          BLOB NOT NULL,
    session         INTEGER NOT NULL,
    pool            INTEGER NOT NULL,
    paid            BLOB NOT NULL,
    treasury        BLOB NOT NULL,
    v               BLOB NOT NULL,
    p_instant       INTEGER NOT NULL,
    PRIMARY KEY (time_ms, place)
) WITHOUT ROWID;
CREATE INDEX heartbeats_of_worker ON heartbeats (worker, time_ms, place);
CREATE INDEX heartbeats_of_pool ON heartbeats (pool, time_ms, place);

-- Those of the last weeks.
CREATE TABLE rewards (
    time_ms    INTEGER NOT NULL,
    place      INTEGER NOT NULL,
    block      INTEGER NOT NULL,
    pool       INTEGER NOT NULL,
    amount     BLOB NOT NULL,
    commission BLOB NOT NULL,
    rest       BLOB NOT NULL,
    PRIMARY KEY (time_ms, place)
) WITHOUT ROWID;
CREATE INDEX rewards_of_pool ON rewards (pool, time_ms, place);

CREATE TABLE slashes (
    time_ms  INTEGER NOT NULL,
    place    INTEGER NOT NULL,
    block    INTEGER NOT NULL,
    kind     TEXT NOT NULL,
    worker   BLOB NOT NULL,
    session  INTEGER NOT NULL,
    pool     INTEGER NOT NULL,
    lost     BLOB NOT NULL,
    returned BLOB NOT NULL,
    PRIMARY KEY (time_ms, place)
) WITHOUT ROWID;
CREATE INDEX slashes_of_worker ON slashes (worker, time_ms, place);
CREATE INDEX slashes_of_pool ON slashes (pool, time_ms, place);

CREATE TABLE leases (
    time_ms      INTEGER NOT NULL,
    place        INTEGER NOT NULL,
    block        INTEGER NOT NULL,
    kind         TEXT NOT NULL,
    worker       BLOB NOT NULL,
    level        INTEGER,
    lease_end_ms INTEGER,
    why          TEXT,
    PRIMARY KEY (time_ms, place)
) WITHOUT ROWID;
CREATE INDEX leases_of_worker ON leases (worker, time_ms, place);

CREATE TABLE worker_events (
    time_ms         INTEGER NOT NULL,
    place           INTEGER NOT NULL,
    block           INTEGER NOT NULL,
    worker          BLOB NOT NULL,
    kind            TEXT NOT NULL,
    state           TEXT NOT NULL,
    away            TEXT,
    session         INTEGER,
    pool            INTEGER,
    stake           BLOB,
    v               BLOB,
    v_e             BLOB,
    challenge_block INTEGER,
    forfeited       BLOB,
    returned        BLOB,
    lost            BLOB,
    due_ms          INTEGER,
    score           INTEGER,
    account         BLOB,
    other           BLOB,
    PRIMARY KEY (worker, time_ms, place)
) WITHOUT ROWID;

-- Samples; `grain` says for how long they are kept.
CREATE TABLE network_samples (
    time_ms        INTEGER PRIMARY KEY,
    grain          INTEGER NOT NULL,
    block          INTEGER NOT NULL,
    slot_ms        INTEGER NOT NULL,
    workers        INTEGER NOT NULL,
    idle_workers   INTEGER NOT NULL,
    pools          INTEGER NOT NULL,
    delegators     INTEGER NOT NULL,
    total_value    BLOB NOT NULL,
    total_staked   BLOB NOT NULL,
    total_share    BLOB NOT NULL,
    paid           BLOB NOT NULL,
    treasury_part  BLOB NOT NULL,
    forfeited      BLOB NOT NULL,
    issued         BLOB NOT NULL,
    budget_per_day BLOB NOT NULL,
    subsidy        BLOB NOT NULL,
    treasury       BLOB NOT NULL,
    heartbeats     INTEGER NOT NULL,
    apr            REAL,
    outage         INTEGER NOT NULL
);

CREATE TABLE pool_samples (
    pool           INTEGER NOT NULL,
    time_ms        INTEGER NOT NULL,
    grain          INTEGER NOT NULL,
    block          INTEGER NOT NULL,
    value          BLOB NOT NULL,
    shares         BLOB NOT NULL,
    price          BLOB NOT NULL,
    apr            REAL,
    free           BLOB NOT NULL,
    staked         BLOB NOT NULL,
    cooling        BLOB NOT NULL,
    impaired       BLOB NOT NULL,
    commission_ppm INTEGER NOT NULL,
    queued_shares  BLOB NOT NULL,
    workers        INTEGER NOT NULL,
    idle_workers   INTEGER NOT NULL,
    delegators     INTEGER NOT NULL,
    paid           BLOB NOT NULL,
    paid_to_owner  BLOB NOT NULL,
    PRIMARY KEY (pool, time_ms)
) WITHOUT ROWID;
CREATE INDEX pool_samples_by_grain ON pool_samples (grain, time_ms);

CREATE TABLE worker_samples (
    worker     BLOB NOT NULL,
    time_ms    INTEGER NOT NULL,
    grain      INTEGER NOT NULL,
    block      INTEGER NOT NULL,
    state      TEXT NOT NULL,
    away       TEXT,
    pool       INTEGER,
    stake      BLOB NOT NULL,
    v          BLOB NOT NULL,
    v_e        BLOB NOT NULL,
    p          INTEGER NOT NULL,
    p_instant  INTEGER NOT NULL,
    share      BLOB NOT NULL,
    paid       BLOB NOT NULL,
    heartbeats INTEGER NOT NULL,
    level      INTEGER NOT NULL,
    PRIMARY KEY (worker, time_ms)
) WITHOUT ROWID;
CREATE INDEX worker_samples_by_grain ON worker_samples (grain, time_ms);
