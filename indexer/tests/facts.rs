//! Every event that is kept is read from its real encoding.

mod common;

use common::{account, address, facts, key, mining, pool_event, registry, runtime, vault::vault_event, ONE, REBOUND, WORKER};
use khala_client::Event;
use khala_indexer::{
    chain::{read, Fact, VaultChange, VaultFact},
    model::{Key, VaultEventKind as Kind},
};
use khala_pallet_attestation::{Event as Attestation, Refusal, Roles};
use khala_pallet_mining::Event as Mining;
use khala_pallet_registry::Event as Registry;
use khala_pallet_stake_pool::Event as StakePool;
use khala_pallet_vault::{Claim, Event as Vault};
use khala_primitives::{status::Absence, ConfidenceLevel, Instance, MeasurementDigest, PlatformId};
use khala_runtime::RuntimeEvent;
use sp_runtime::Permill;

#[test]
fn events_of_mining_are_read() {
    let (session, worker) = (5, WORKER);
    let events = vec![
        Mining::SessionCreated { session, worker, pool: 3 },
        Mining::SessionRemoved { session, worker },
        Mining::Started {
            session,
            worker,
            stake: 1,
            v: ONE,
            share: 2,
        },
        Mining::Recovered {
            session,
            worker,
            block: 9,
            forfeited: 8,
            v: ONE,
        },
        Mining::BecameUnresponsive {
            session,
            worker,
            absence: Absence::Maintenance,
            missed: 7,
            forfeited: 6,
        },
        Mining::Stopped {
            session,
            worker,
            returned: 5,
            lost: 4,
            due_secs: 3,
        },
        Mining::StakeAdded {
            session,
            worker,
            more: 1,
            stake: 2,
            v: 3,
            v_e: 4,
        },
        Mining::StakeReduced {
            session,
            worker,
            stake: 1,
            v: 2,
            v_e: 3,
            returned: 4,
            lost: 5,
            due_secs: 6,
        },
        Mining::Resumed { session, worker },
        Mining::Released {
            session,
            worker,
            returned: 1,
            ended: true,
        },
        Mining::OutageBegan,
    ];
    let read: Vec<Fact> = facts(&runtime(), events.into_iter().map(mining).collect())
        .into_iter()
        .map(|(_, fact)| fact)
        .collect();
    let worker = key(WORKER);
    assert_eq!(
        read,
        [
            Fact::SessionCreated { session, worker, pool: 3 },
            Fact::SessionRemoved { session, worker },
            Fact::Started {
                session,
                worker,
                stake: 1,
                v: ONE
            },
            Fact::Recovered {
                session,
                worker,
                block: 9,
                forfeited: 8,
                v: ONE
            },
            Fact::Unresponsive {
                session,
                worker,
                absence: Absence::Maintenance,
                missed: 7,
                forfeited: 6
            },
            Fact::Stopped {
                session,
                worker,
                returned: 5,
                lost: 4,
                due_secs: 3
            },
            Fact::StakeAdded {
                session,
                worker,
                stake: 2,
                v: 3,
                v_e: 4
            },
            Fact::StakeReduced {
                session,
                worker,
                stake: 1,
                v: 2,
                v_e: 3,
                returned: 4,
                lost: 5,
                due_secs: 6
            },
            Fact::Resumed { session, worker },
            Fact::Released {
                session,
                worker,
                returned: 1,
                ended: true
            },
        ]
    );
}

#[test]
fn events_of_the_registry_and_of_attestation_are_read() {
    let worker = WORKER;
    let (measurement, platform_id) = (MeasurementDigest([3; 32]), PlatformId([4; 32]));
    let mut events: Vec<RuntimeEvent> = vec![
        registry(Registry::WorkerRegistered {
            worker,
            operator: account(1),
            measurement,
            platform_id,
            level: ConfidenceLevel::Four,
            lease_end_secs: 9,
        }),
        registry(Registry::WorkerRenewed {
            worker,
            instance: Instance([1; 16]),
            level: ConfidenceLevel::Two,
            lease_end_secs: 10,
        }),
        registry(Registry::EvidenceRefused {
            worker,
            why: Refusal::OtherPlatform,
        }),
        registry(Registry::WorkerReverified {
            worker,
            level: ConfidenceLevel::Five,
        }),
        registry(Registry::OperatorChanged {
            worker,
            from: account(1),
            to: account(2),
        }),
        registry(Registry::WorkerRebound {
            old: worker,
            new: REBOUND,
            platform_id,
        }),
        registry(Registry::BenchmarkAsked { worker, block: 4 }),
        registry(Registry::BenchmarkMeasured { worker, score: 1_234 }),
        registry(Registry::WorkerRetired {
            worker,
            operator: account(2),
        }),
    ];
    events.push(
        Attestation::<khala_runtime::Runtime>::MeasurementAllowed {
            measurement,
            roles: Roles::WORKER,
            active_from_secs: 5,
            deprecated_from_secs: Some(6),
        }
        .into(),
    );
    events.push(Attestation::<khala_runtime::Runtime>::MeasurementDeprecated { measurement, from_secs: 7 }.into());
    let read: Vec<Fact> = facts(&runtime(), events).into_iter().map(|(_, fact)| fact).collect();
    let worker = key(WORKER);
    assert_eq!(
        read,
        [
            Fact::WorkerRegistered {
                worker,
                operator: address(1),
                level: 4,
                lease_end_secs: 9
            },
            Fact::WorkerRenewed {
                worker,
                level: 2,
                lease_end_secs: 10
            },
            Fact::EvidenceRefused { worker },
            Fact::WorkerReverified { worker, level: 5 },
            Fact::OperatorChanged { worker, to: address(2) },
            Fact::WorkerRebound {
                old: worker,
                new: key(REBOUND)
            },
            Fact::BenchmarkAsked { worker },
            Fact::BenchmarkMeasured { worker, score: 1_234 },
            Fact::WorkerRetired { worker },
            Fact::MeasurementAllowed {
                measurement: Key([3; 32]),
                active_from_secs: 5,
                deprecated_from_secs: Some(6)
            },
            Fact::MeasurementDeprecated {
                measurement: Key([3; 32]),
                from_secs: 7
            },
        ]
    );
}

#[test]
fn events_of_stake_pools_are_read() {
    let (pool, who) = (7, account(3));
    let ppm = Permill::from_parts;
    let events = vec![
        StakePool::Undelegated {
            pool,
            who: who.clone(),
            shares: 1,
            amount: 2,
        },
        StakePool::RequestCancelled {
            pool,
            request: 4,
            who: who.clone(),
            shares: 5,
        },
        StakePool::PaymentBooked {
            who: who.clone(),
            amount: 6,
        },
        StakePool::PaymentClaimed {
            who: who.clone(),
            amount: 7,
        },
        StakePool::CommissionChanged { pool, commission: ppm(8) },
        StakePool::CommissionRiseAnnounced {
            pool,
            commission: ppm(9),
            due_secs: 10,
        },
        StakePool::CommissionRiseCancelled { pool, commission: ppm(11) },
        StakePool::AllowListChanged {
            pool,
            delegator: who.clone(),
            allowed: true,
        },
        StakePool::RestTaken { pool, amount: 12 },
        StakePool::CommissionClaimed {
            pool,
            owner: who,
            amount: 13,
        },
        StakePool::CapChanged { pool, cap: None },
        StakePool::StakeReleased { pool, amount: 14 },
        StakePool::PotSwept { amount: 15 },
    ];
    let read: Vec<Fact> = facts(&runtime(), events.into_iter().map(pool_event).collect())
        .into_iter()
        .map(|(_, fact)| fact)
        .collect();
    let who = address(3);
    assert_eq!(
        read,
        [
            Fact::Undelegated {
                pool,
                who,
                shares: 1,
                amount: 2
            },
            Fact::RequestCancelled {
                pool,
                request: 4,
                who,
                shares: 5
            },
            Fact::PaymentBooked { who, amount: 6 },
            Fact::PaymentClaimed { who, amount: 7 },
            Fact::CommissionChanged { pool, commission_ppm: 8 },
            Fact::RiseAnnounced {
                pool,
                commission_ppm: 9,
                due_secs: 10
            },
            Fact::RiseCancelled { pool, commission_ppm: 11 },
            Fact::MemberChanged {
                pool,
                account: who,
                allowed: true
            },
            Fact::RestTaken { pool, amount: 12 },
            Fact::CommissionClaimed {
                pool,
                owner: who,
                amount: 13
            },
            Fact::PoolTouched { pool },
            Fact::PoolTouched { pool },
        ]
    );
}

#[test]
fn events_of_vaults_are_read() {
    let (vault, pool, who) = (7, 3, account(3));
    let ppm = Permill::from_parts;
    let events = vec![
        Vault::VaultCreated {
            vault,
            owner: who.clone(),
            fee: ppm(1),
            max_fee: ppm(2),
            commission_limit: ppm(3),
            cap: Some(4),
        },
        Vault::Delegated {
            vault,
            who: who.clone(),
            amount: 1,
            shares: 2,
        },
        Vault::Undelegated {
            vault,
            who: who.clone(),
            shares: 3,
            amount: 4,
        },
        Vault::RequestQueued {
            vault,
            request: 5,
            who: who.clone(),
            burned: 10,
            shares: 6,
            claims: vec![Claim {
                pool,
                request: 8,
                shares: 9,
            }]
            .try_into()
            .unwrap(),
            deadline_secs: 7,
        },
        Vault::RequestPaid {
            vault,
            request: 5,
            who: who.clone(),
            shares: 1,
            amount: 8,
            ended: true,
        },
        Vault::RequestCancelled {
            vault,
            request: 5,
            who: who.clone(),
            shares: 9,
        },
        Vault::SharesTransferred {
            vault,
            from: who.clone(),
            to: account(4),
            shares: 10,
        },
        Vault::FeeTaken {
            vault,
            shares: 11,
            amount: 12,
        },
        Vault::FeeClaimed {
            vault,
            owner: who,
            shares: 13,
        },
        Vault::RestTaken { vault, amount: 14 },
    ];
    let read = vault_facts(events);
    let who = address(3);
    assert_eq!(
        read,
        [
            VaultFact::Changed(VaultChange {
                kind: Kind::Created,
                ppm: Some(1),
                ..VaultChange::default()
            }),
            VaultFact::Delegated { who, amount: 1, shares: 2 },
            VaultFact::Undelegated { who, shares: 3, amount: 4 },
            VaultFact::RequestQueued {
                request: 5,
                who,
                burned: 10,
                shares: 6,
                deadline_secs: 7
            },
            VaultFact::RequestPaid {
                request: 5,
                who,
                amount: 8,
                ended: true
            },
            VaultFact::RequestCancelled {
                request: 5,
                who,
                shares: 9
            },
            VaultFact::SharesTransferred {
                from: who,
                to: address(4),
                shares: 10
            },
            VaultFact::FeeTaken { shares: 11, amount: 12 },
            VaultFact::FeeClaimed { owner: who, shares: 13 },
            VaultFact::RestTaken { amount: 14 },
        ]
    );
}

#[test]
fn changes_of_vaults_are_read() {
    let (vault, pool) = (7, 3);
    let ppm = Permill::from_parts;
    let events = vec![
        Vault::FeeChanged { vault, fee: ppm(1) },
        Vault::FeeRiseAnnounced {
            vault,
            fee: ppm(2),
            due_secs: 3,
        },
        Vault::FeeRiseCancelled { vault, fee: ppm(4) },
        Vault::CommissionLimitChanged { vault, limit: ppm(5) },
        Vault::CommissionLimitRiseAnnounced {
            vault,
            limit: ppm(6),
            due_secs: 7,
        },
        Vault::CommissionLimitRiseCancelled { vault, limit: ppm(8) },
        Vault::CapChanged { vault, cap: Some(9) },
        Vault::CapChanged { vault, cap: None },
        Vault::Invested {
            vault,
            pool,
            amount: 10,
            shares: 11,
        },
        Vault::Divested {
            vault,
            pool,
            shares: 12,
            paid: 13,
            request: Some(14),
        },
        Vault::DivestCancelled {
            vault,
            pool,
            request: 15,
            shares: 16,
        },
        Vault::CoinsReturned { vault, pool, amount: 17 },
        Vault::PoolLeft { vault, pool },
    ];
    let nothing = VaultChange::default();
    let rate = |kind, ppm| VaultChange {
        kind,
        ppm: Some(ppm),
        ..nothing
    };
    let of_pool = |kind| VaultChange {
        kind,
        pool: Some(pool),
        ..nothing
    };
    let expected = [
        rate(Kind::FeeChanged, 1),
        VaultChange {
            due_secs: Some(3),
            ..rate(Kind::FeeRiseAnnounced, 2)
        },
        rate(Kind::FeeRiseCancelled, 4),
        rate(Kind::LimitChanged, 5),
        VaultChange {
            due_secs: Some(7),
            ..rate(Kind::LimitRiseAnnounced, 6)
        },
        rate(Kind::LimitRiseCancelled, 8),
        VaultChange {
            kind: Kind::CapChanged,
            amount: Some(9),
            ..nothing
        },
        VaultChange {
            kind: Kind::CapChanged,
            ..nothing
        },
        VaultChange {
            amount: Some(10),
            shares: Some(11),
            ..of_pool(Kind::Invested)
        },
        VaultChange {
            shares: Some(12),
            amount: Some(13),
            request: Some(14),
            ..of_pool(Kind::Divested)
        },
        VaultChange {
            request: Some(15),
            shares: Some(16),
            ..of_pool(Kind::DivestCancelled)
        },
        VaultChange {
            amount: Some(17),
            ..of_pool(Kind::CoinsReturned)
        },
        of_pool(Kind::PoolLeft),
    ];
    assert_eq!(vault_facts(events), expected.map(VaultFact::Changed));
}

/// What events tell of vault 7.
fn vault_facts(events: Vec<Vault<khala_runtime::Runtime>>) -> Vec<VaultFact> {
    let read = facts(&runtime(), events.into_iter().map(vault_event).collect());
    read.into_iter()
        .map(|(_, fact)| match fact {
            Fact::Vault { vault: 7, fact } => fact,
            other => panic!("{other:?}"),
        })
        .collect()
}

#[test]
fn an_event_of_another_shape_is_an_error_and_not_left_out() {
    let event = |pallet: &str, name: &str| Event {
        pallet: pallet.into(),
        name: name.into(),
        fields: vec![1],
    };
    for (pallet, name) in [
        ("Mining", "Settled"),
        ("Registry", "WorkerRegistered"),
        ("Attestation", "MeasurementAllowed"),
        ("StakePool", "Delegated"),
        ("Vault", "RequestQueued"),
        ("Vault", "Invested"),
    ] {
        let error = read(&event(pallet, name)).unwrap_err().to_string();
        assert!(error.contains(&format!("{pallet}.{name}")), "{error}");
    }
    assert_eq!(read(&event("Balances", "Transfer")).unwrap(), None);
    assert_eq!(read(&event("Mining", "SomethingNew")).unwrap(), None);
}
