//! Workers, pools and vaults for the tests of commands.

use khala_client::{Account, VaultAccounts};
use khala_primitives::{
    status::{
        DelegationStatus, Explanation, PoolStatus, Reason, RegistrationStatus, RequestStatus, SessionState, SessionStatus, Source,
        SourceKind, VaultClaim, VaultForecast, VaultPlace, VaultPositionStatus, VaultRequestStatus, VaultStatus, WithdrawalForecast,
        WorkerStatus,
    },
    AccountId32, ConfidenceLevel, EcdhPublicKey, Freshness, Instance, MeasurementDigest, PRuntimeVersion, PlatformId, RequestId, TcbStatus,
    Tee, WorkerInfo, WorkerPublicKey, H256, PHA,
};

/// The worker of all tests.
pub(crate) const WORKER: WorkerPublicKey = WorkerPublicKey([7; 32]);
/// The chain of all tests.
pub(crate) const GENESIS: H256 = H256([3; 32]);

const VERSION: PRuntimeVersion = PRuntimeVersion {
    major: 1,
    minor: 0,
    patch: 0,
};

/// The account of a well-known secret.
pub(crate) fn account(secret: &str) -> AccountId32 {
    Account::from_uri(secret).unwrap().id().clone()
}

/// What [`WORKER`] of `//Old` says of itself.
pub(crate) fn info() -> WorkerInfo {
    WorkerInfo {
        version: VERSION,
        genesis_hash: GENESIS,
        identity_key: WORKER,
        ecdh_key: EcdhPublicKey([8; 32]),
        operator: account("//Old"),
        instance: Instance([1; 16]),
        freshness: Freshness {
            number: 5,
            hash: H256([5; 32]),
        },
        cores: 1,
        memory_mib: 512,
        features: 0,
    }
}

/// [`WORKER`] as the chain knows it: of `//Old`, in no pool, with two changes of its operator behind it.
pub(crate) fn status() -> WorkerStatus {
    WorkerStatus {
        worker: WORKER,
        registration: Some(registration()),
        session: None,
        explanation: Explanation {
            reason: Reason::NotInPool,
            since_block: None,
            advice: String::new(),
            state: None,
            last_challenge: None,
            last_answer: None,
            last_payout: None,
            lease_end_secs: Some(1_790_000_000),
        },
    }
}

/// Its registration.
pub(crate) fn registration() -> RegistrationStatus {
    RegistrationStatus {
        operator: account("//Old"),
        version: VERSION,
        instance: Instance([1; 16]),
        freshness: 5,
        tee: Tee::Sgx,
        tcb_status: TcbStatus::UpToDate,
        advisories: vec![],
        confidence_level: ConfidenceLevel::One,
        measurement: MeasurementDigest([2; 32]),
        lease_end_secs: 1_790_000_000,
        score: Some(100),
        benchmark: None,
        platform_id: PlatformId([4; 32]),
        fmspc: "00906ed50000".into(),
        pck_ca: H256([6; 32]),
        renewals_left: 4,
        operator_changes: 2,
        refused: None,
    }
}

/// Its session, when it is in a pool.
pub(crate) fn session() -> SessionStatus {
    SessionStatus {
        id: 1,
        pool: 1,
        state: SessionState::Ready,
        instance: Instance([1; 16]),
        stake: 0,
        v: 0,
        v_e: 0,
        p: 100,
        p_instant: 100,
        share: 0,
        outstanding: 0,
        paid: 0,
        heartbeats: 0,
        answered: 0,
        answerable_from: 0,
        since_block: 0,
        last_payout_block: 0,
        score: 100,
        cooling: 0,
        open_reductions: 0,
        resumed: false,
        maintenance_left_secs: 0,
    }
}

/// A pool of `//Old` with [`WORKER`]: 1,000 shares at a price of one, all of it staked, open to everybody.
pub(crate) fn pool() -> PoolStatus {
    PoolStatus {
        id: 3,
        owner: account("//Old"),
        commission_ppm: 100_000,
        cap: None,
        value: 1_000 * PHA,
        shares: 1_000 * PHA,
        price: 1_000_000_000_000_000_000,
        free: 0,
        staked: 1_000 * PHA,
        cooling: 0,
        commission: 0,
        workers: vec![WORKER],
        max_commission_ppm: 500_000,
        commission_rise: None,
        impaired: 0,
        queued_shares: 0,
        due_shares: 0,
        need: 0,
        spare: 0,
        room: None,
        restricted: false,
        description: String::new(),
        links: vec![],
    }
}

/// A holding of so many shares.
pub(crate) fn held(shares: u128) -> DelegationStatus {
    DelegationStatus {
        shares,
        value: shares,
        requests: vec![],
    }
}

/// A request of two shares that can be cancelled until 2025.
pub(crate) fn request(id: RequestId) -> RequestStatus {
    RequestStatus {
        id,
        shares: 2 * PHA,
        value: 2 * PHA,
        deadline_secs: 1_735_689_600,
        promised_secs: 1_735_689_730,
        cancellable: true,
    }
}

/// The accounts of vaults.
pub(crate) fn vault_accounts() -> VaultAccounts {
    VaultAccounts::named(*b"kh/vault")
}

/// A vault of `//Old`: 1,000 shares at a price of one, 900 PHA in [`pool`] and 100 free; a fee of 5 %, commissions up to 20 %.
pub(crate) fn vault() -> VaultStatus {
    VaultStatus {
        id: 2,
        owner: account("//Old"),
        account: vault_accounts().account_of(2),
        fee_ppm: 50_000,
        max_fee_ppm: 100_000,
        fee_rise: None,
        commission_limit_ppm: 200_000,
        commission_limit_rise: None,
        cap: None,
        room: None,
        value: 1_000 * PHA,
        shares: 1_000 * PHA,
        price: 1_000_000_000_000_000_000,
        high_water_mark: 1_000_000_000_000_000_000,
        fee_shares: 0,
        free: 100 * PHA,
        owed: 0,
        spare: 100 * PHA,
        late: false,
        places: vec![VaultPlace {
            pool: 3,
            held: 900 * PHA,
            returning: 0,
            claimed: 0,
            value: 900 * PHA,
            commission_ppm: 100_000,
        }],
    }
}

/// So many shares of [`vault`], and requests that each wait for 6 PHA of [`pool`] and with two shares.
pub(crate) fn vault_position(shares: u128, requests: &[RequestId]) -> VaultPositionStatus {
    let request = |id: &RequestId| VaultRequestStatus {
        id: *id,
        value: 8 * PHA,
        claims: vec![VaultClaim {
            pool: 3,
            request: 40,
            shares: 6 * PHA,
            value: 6 * PHA,
        }],
        shares: 2 * PHA,
        deadline_secs: 1_735_689_660,
        promised_secs: 1_735_689_790,
    };
    VaultPositionStatus {
        vault: 2,
        shares,
        value: shares,
        requests: requests.iter().map(request).collect(),
    }
}

/// 10 PHA at once, and 40 out of [`pool`] by 2025-01-01 00:04 UTC.
pub(crate) fn vault_forecast() -> VaultForecast {
    let now = 1_735_689_600;
    let part = WithdrawalForecast {
        shares: 40 * PHA,
        amount: 40 * PHA,
        deadline_secs: now + 120,
        promised_secs: now + 250,
        expected_secs: now + 240,
        sources: vec![Source {
            kind: SourceKind::Reduced { worker: WORKER },
            amount: 40 * PHA,
            at_secs: now + 240,
        }],
    };
    VaultForecast {
        amount: 50 * PHA,
        at_once: 10 * PHA,
        deadline_secs: now + 180,
        promised_secs: now + 310,
        expected_secs: part.expected_secs,
        pools: vec![(3, part)],
    }
}
