-- The database, version 2. Amounts, values with 18 decimals and shares are 16 bytes, most significant first, which SQLite compares
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
    refreshed_block    INTEGER NOT NULL,
    -- The newest sample at which it had no shares.
    empty_ms           INTEGER NOT NULL DEFAULT 0
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
CREATE INDEX workers_of_pool ON workers (pool, state, level);
CREATE INDEX workers_of_operator ON workers (operator);
CREATE INDEX workers_by_state ON workers (state);

-- Vaults. `base_shares`, `base_fee_shares` and `base_mark` are those of the block in which its fee was last taken: of what it gained since,
-- a fee is in `shares`, `fee_shares` and `mark`.
CREATE TABLE vaults (
    vault                INTEGER PRIMARY KEY,
    owner                BLOB NOT NULL,
    account              BLOB NOT NULL UNIQUE,
    fee_ppm              INTEGER NOT NULL,
    max_fee_ppm          INTEGER NOT NULL,
    fee_rise_ppm         INTEGER,
    fee_rise_due_ms      INTEGER,
    commission_limit_ppm INTEGER NOT NULL,
    limit_rise_ppm       INTEGER,
    limit_rise_due_ms    INTEGER,
    cap                  BLOB,
    room                 BLOB,
    value                BLOB NOT NULL,
    shares               BLOB NOT NULL,
    price                BLOB NOT NULL,
    mark                 BLOB NOT NULL,
    fee_shares           BLOB NOT NULL,
    base_shares          BLOB NOT NULL,
    base_fee_shares      BLOB NOT NULL,
    base_mark            BLOB NOT NULL,
    fees_taken           BLOB NOT NULL,
    apr                  REAL,
    change_day           REAL,
    change_week          REAL,
    change_month         REAL,
    free                 BLOB NOT NULL,
    owed                 BLOB NOT NULL,
    spare                BLOB NOT NULL,
    pools                INTEGER NOT NULL,
    delegators           INTEGER NOT NULL DEFAULT 0,
    created_block        INTEGER NOT NULL,
    created_ms           INTEGER NOT NULL,
    refreshed_block      INTEGER NOT NULL,
    -- The newest sample at which it had no shares.
    empty_ms             INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX vaults_of_owner ON vaults (owner);

-- What vaults have in pools: `shares` not queued, `returning_shares` queued for the vault, `claimed_shares` for those who leave it.
CREATE TABLE vault_places (
    vault            INTEGER NOT NULL,
    pool             INTEGER NOT NULL,
    shares           BLOB NOT NULL,
    returning_shares BLOB NOT NULL,
    claimed_shares   BLOB NOT NULL,
    commission_ppm   INTEGER NOT NULL,
    PRIMARY KEY (vault, pool)
);
CREATE INDEX vault_places_of_pool ON vault_places (pool);

-- Shares in the queues of pools that belong to requests of vaults.
CREATE TABLE vault_claims (
    vault        INTEGER NOT NULL,
    request      INTEGER NOT NULL,
    pool         INTEGER NOT NULL,
    pool_request INTEGER NOT NULL,
    shares       BLOB NOT NULL,
    PRIMARY KEY (vault, request, pool, pool_request)
) WITHOUT ROWID;

CREATE TABLE vault_events (
    time_ms INTEGER NOT NULL,
    place   INTEGER NOT NULL,
    block   INTEGER NOT NULL,
    vault   INTEGER NOT NULL,
    kind    TEXT NOT NULL,
    pool    INTEGER,
    request INTEGER,
    shares  BLOB,
    amount  BLOB,
    ppm     INTEGER,
    due_ms  INTEGER,
    PRIMARY KEY (vault, time_ms, place)
) WITHOUT ROWID;

-- Who holds shares, of a pool or of a vault. `total_shares` is `shares` and `queued_shares`.
CREATE TABLE delegations (
    pool          INTEGER,
    vault         INTEGER,
    account       BLOB NOT NULL,
    shares        BLOB NOT NULL,
    queued_shares BLOB NOT NULL,
    total_shares  BLOB NOT NULL,
    put_in        BLOB NOT NULL,
    taken_out     BLOB NOT NULL,
    since_block   INTEGER NOT NULL,
    since_ms      INTEGER NOT NULL,
    CHECK ((pool IS NULL) <> (vault IS NULL))
);
CREATE UNIQUE INDEX delegations_in_pool ON delegations (pool, account) WHERE pool IS NOT NULL;
CREATE UNIQUE INDEX delegations_in_vault ON delegations (vault, account) WHERE vault IS NOT NULL;
CREATE INDEX delegations_of_account ON delegations (account);
CREATE INDEX delegations_of_pool_by_shares ON delegations (pool, total_shares) WHERE pool IS NOT NULL;
CREATE INDEX delegations_of_vault_by_shares ON delegations (vault, total_shares) WHERE vault IS NOT NULL;
CREATE INDEX delegations_by_shares ON delegations (total_shares);

-- What an account had in a pool or a vault from a moment on, and what it had put in and taken out until then. `claims`: shares of pools
-- that its requests of the vault had claimed, as JSON: [[pool, "shares"], ...].
CREATE TABLE holdings (
    account   BLOB NOT NULL,
    pool      INTEGER,
    vault     INTEGER,
    time_ms   INTEGER NOT NULL,
    shares    BLOB NOT NULL,
    claims    TEXT,
    put_in    BLOB NOT NULL,
    taken_out BLOB NOT NULL,
    CHECK ((pool IS NULL) <> (vault IS NULL))
);
CREATE UNIQUE INDEX holdings_in_pool ON holdings (account, pool, time_ms) WHERE pool IS NOT NULL;
CREATE UNIQUE INDEX holdings_in_vault ON holdings (account, vault, time_ms) WHERE vault IS NOT NULL;
CREATE INDEX holdings_of_account ON holdings (account, time_ms);

CREATE TABLE accounts (
    account           BLOB PRIMARY KEY,
    delegations       INTEGER NOT NULL DEFAULT 0,
    vault_delegations INTEGER NOT NULL DEFAULT 0,
    put_in            BLOB NOT NULL,
    taken_out         BLOB NOT NULL,
    unclaimed         BLOB NOT NULL,
    transactions      INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

-- Requests, of a pool or of a vault. `amount`: what it was worth when it was made.
CREATE TABLE withdrawals (
    pool          INTEGER,
    vault         INTEGER,
    request       INTEGER NOT NULL,
    account       BLOB NOT NULL,
    state         TEXT NOT NULL,
    shares        BLOB NOT NULL,
    left_shares   BLOB NOT NULL,
    amount        BLOB NOT NULL,
    paid          BLOB NOT NULL,
    block         INTEGER NOT NULL,
    time_ms       INTEGER NOT NULL,
    deadline_secs INTEGER NOT NULL,
    promised_secs INTEGER NOT NULL,
    ended_ms      INTEGER,
    CHECK ((pool IS NULL) <> (vault IS NULL))
);
CREATE UNIQUE INDEX withdrawals_in_pool ON withdrawals (pool, request) WHERE pool IS NOT NULL;
CREATE UNIQUE INDEX withdrawals_in_vault ON withdrawals (vault, request) WHERE vault IS NOT NULL;
CREATE INDEX withdrawals_of_account ON withdrawals (account);
CREATE INDEX withdrawals_that_wait ON withdrawals (vault, account) WHERE ended_ms IS NULL;

-- The allow-lists of pools.
CREATE TABLE members (
    pool        INTEGER NOT NULL,
    account     BLOB NOT NULL,
    since_block INTEGER NOT NULL,
    since_ms    INTEGER NOT NULL,
    PRIMARY KEY (pool, account)
);

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
    vault   INTEGER,
    shares  BLOB,
    amount  BLOB NOT NULL,
    other   BLOB,
    request INTEGER,
    PRIMARY KEY (time_ms, place)
) WITHOUT ROWID;
CREATE INDEX movements_of_account ON movements (account, time_ms, place);
CREATE INDEX movements_of_pool ON movements (pool, time_ms, place) WHERE pool IS NOT NULL;
CREATE INDEX movements_of_vault ON movements (vault, time_ms, place) WHERE vault IS NOT NULL;

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
    vaults         INTEGER NOT NULL,
    delegators     INTEGER NOT NULL,
    total_value    BLOB NOT NULL,
    vault_value    BLOB NOT NULL,
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

CREATE TABLE vault_samples (
    vault      INTEGER NOT NULL,
    time_ms    INTEGER NOT NULL,
    grain      INTEGER NOT NULL,
    block      INTEGER NOT NULL,
    value      BLOB NOT NULL,
    shares     BLOB NOT NULL,
    price      BLOB NOT NULL,
    mark       BLOB NOT NULL,
    apr        REAL,
    free       BLOB NOT NULL,
    owed       BLOB NOT NULL,
    fee_ppm    INTEGER NOT NULL,
    fee_shares BLOB NOT NULL,
    pools      INTEGER NOT NULL,
    delegators INTEGER NOT NULL,
    PRIMARY KEY (vault, time_ms)
) WITHOUT ROWID;
CREATE INDEX vault_samples_by_grain ON vault_samples (grain, time_ms);

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

-- What accounts have in pools and vaults, and what it is worth.
CREATE VIEW positions AS
SELECT d.rowid AS id, d.pool, d.vault, d.account, a.vault AS account_vault, d.shares, d.queued_shares, d.total_shares,
    CASE WHEN d.vault IS NULL THEN worth(d.total_shares, p.value, p.shares) ELSE plus(
        worth(d.total_shares, v.value, v.shares),
        (SELECT sum_of(worth(c.shares, cp.value, cp.shares)) FROM withdrawals w CROSS JOIN vault_claims c ON c.vault = w.vault
            AND c.request = w.request CROSS JOIN pools cp ON cp.pool = c.pool
            WHERE w.vault = d.vault AND w.account = d.account AND w.ended_ms IS NULL)
    ) END AS value,
    ifnull(p.price, v.price) AS price, d.put_in, d.taken_out, ifnull(p.apr, v.apr) AS apr, d.since_block, d.since_ms
FROM delegations d LEFT JOIN pools p ON p.pool = d.pool LEFT JOIN vaults v ON v.vault = d.vault
    LEFT JOIN vaults a ON a.account = d.account;

-- Requests with what they are worth, and their dates if the chain does not stand still. No event says that one of a vault is due.
CREATE VIEW requests AS
SELECT w.rowid AS id, w.pool, w.vault, w.request, w.account, a.vault AS account_vault,
    CASE WHEN w.vault IS NOT NULL AND w.ended_ms IS NULL AND w.deadline_secs <= h.credited_secs THEN 'due' ELSE w.state END AS state,
    w.shares, w.left_shares,
    (SELECT json_group_array(json_object('pool', c.pool, 'request', c.pool_request, 'shares', decimal(c.shares),
        'value', decimal(worth(c.shares, cp.value, cp.shares))))
        FROM vault_claims c JOIN pools cp ON cp.pool = c.pool WHERE c.vault = w.vault AND c.request = w.request) AS claims,
    w.amount,
    CASE WHEN w.vault IS NULL THEN worth(w.left_shares, p.value, p.shares) ELSE plus(
        worth(w.left_shares, v.value, v.shares),
        (SELECT sum_of(worth(c.shares, cp.value, cp.shares)) FROM vault_claims c JOIN pools cp ON cp.pool = c.pool
            WHERE c.vault = w.vault AND c.request = w.request)
    ) END AS value,
    w.paid, w.block, w.time_ms, w.deadline_secs,
    h.time_ms + (w.deadline_secs - h.credited_secs) * 1000 AS deadline_ms,
    h.time_ms + (w.promised_secs - h.credited_secs) * 1000 AS promised_ms,
    w.ended_ms
FROM withdrawals w JOIN head h ON h.id = 1 LEFT JOIN pools p ON p.pool = w.pool LEFT JOIN vaults v ON v.vault = w.vault
    LEFT JOIN vaults a ON a.account = w.account;

-- What vaults have in pools, and what it is worth.
CREATE VIEW places AS
SELECT l.rowid AS id, l.vault, l.pool, l.shares, l.returning_shares, l.claimed_shares,
    worth(plus(l.shares, l.returning_shares), p.value, p.shares) AS value, worth(l.claimed_shares, p.value, p.shares) AS claimed_value,
    p.price, p.apr, l.commission_ppm, ifnull(d.put_in, zeroblob(16)) AS put_in, ifnull(d.taken_out, zeroblob(16)) AS taken_out
FROM vault_places l JOIN vaults v ON v.vault = l.vault JOIN pools p ON p.pool = l.pool
    LEFT JOIN delegations d ON d.pool = l.pool AND d.account = v.account;
