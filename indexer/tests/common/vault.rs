//! A vault on the small chain: real events, and what the chain would say of it.

use super::{account, lived, mining, pool, pool_event, Chain, ONE, REBOUND};
use khala_indexer::{
    chain::{Block, Position},
    model::Address,
};
use khala_pallet_mining::{Event as Mining, Payment};
use khala_pallet_stake_pool::Event as StakePool;
use khala_pallet_vault::{Claim, Event as Vault};
use khala_primitives::{
    status::{PoolStatus, VaultClaim, VaultPlace, VaultPositionStatus, VaultRequestStatus, VaultStatus},
    AccountId32, PHA,
};
use khala_runtime::RuntimeEvent;
use sp_runtime::Permill;

/// The account of vault 0.
pub fn vault_account() -> AccountId32 {
    account(100)
}

/// Its owner.
pub const OWNER: u8 = 5;
/// Who delegates to it.
pub const DELEGATOR: u8 = 6;
/// Who is sent shares of it.
pub const FRIEND: u8 = 7;

pub fn vault_event(event: Vault<khala_runtime::Runtime>) -> RuntimeEvent {
    event.into()
}

/// Vault 0 with so many free coins, shares, and what it has in pool 0: held, returning and claimed shares, at so many planck of the pool's
/// value for so many of its shares.
fn vault(free: u128, shares: u128, (held, claimed): (u128, u128), of: &PoolStatus) -> VaultStatus {
    let worth = |shares: u128| shares * of.value / of.shares;
    let value = free + worth(held);
    let places = (held > 0 || claimed > 0).then_some(VaultPlace {
        pool: 0,
        held,
        returning: 0,
        claimed,
        value: worth(held),
        commission_ppm: 100_000,
    });
    VaultStatus {
        id: 0,
        owner: account(OWNER),
        account: vault_account(),
        fee_ppm: 200_000,
        max_fee_ppm: 300_000,
        fee_rise: None,
        commission_limit_ppm: 500_000,
        commission_limit_rise: None,
        cap: Some(5_000 * PHA),
        room: Some(5_000 * PHA - value),
        value,
        shares,
        price: (value * ONE).checked_div(shares).unwrap_or(ONE),
        high_water_mark: ONE,
        fee_shares: 0,
        free,
        owed: worth(claimed),
        spare: free - worth(claimed).min(free),
        late: false,
        places: places.into_iter().collect(),
    }
}

fn position(who: u8, shares: u128, requests: Vec<VaultRequestStatus>) -> Position {
    let is_there = shares > 0 || !requests.is_empty();
    Position {
        account: Address::from(&account(who)),
        vault: 0,
        status: is_there.then_some(VaultPositionStatus {
            vault: 0,
            shares,
            value: shares,
            requests,
        }),
    }
}

/// What the pool is after the vault has joined it.
fn pool_with_vault() -> PoolStatus {
    pool(0, 10_000 * PHA, 10_000 * PHA)
}

/// [`super::life`], and the life of a vault behind it, up to its investment: what pools gain raises its value from then on.
pub fn invested() -> Chain {
    let mut chain = lived();
    let created = Vault::VaultCreated {
        vault: 0,
        owner: account(OWNER),
        fee: Permill::from_parts(200_000),
        max_fee: Permill::from_parts(300_000),
        commission_limit: Permill::from_parts(500_000),
        cap: Some(5_000 * PHA),
    };
    let empty = pool(0, 9_481 * PHA, 9_500 * PHA);
    chain.block(vec![vault_event(created)]).vaults = vec![vault(0, 0, (0, 0), &empty)];
    let delegated = Vault::Delegated {
        vault: 0,
        who: account(DELEGATOR),
        amount: 1_000 * PHA,
        shares: 1_000 * PHA,
    };
    let block = chain.block(vec![vault_event(delegated)]);
    block.vaults = vec![vault(1_000 * PHA, 1_000 * PHA, (0, 0), &empty)];
    block.positions = vec![position(DELEGATOR, 1_000 * PHA, Vec::new())];
    let in_pool = StakePool::Delegated {
        pool: 0,
        who: vault_account(),
        amount: 500 * PHA,
        shares: 500 * PHA,
    };
    let invested = Vault::Invested {
        vault: 0,
        pool: 0,
        amount: 500 * PHA,
        shares: 500 * PHA,
    };
    let block = chain.block(vec![pool_event(in_pool), vault_event(invested)]);
    block.pools = vec![pool_with_vault()];
    block.vaults = vec![vault(500 * PHA, 1_000 * PHA, (500 * PHA, 0), &pool_with_vault())];
    chain
}

/// The pool is paid 1,000 PHA, of which a tenth is its owner's.
pub fn pay(chain: &mut Chain) {
    let payment = Payment {
        session: 5,
        worker: REBOUND,
        block: 60,
        paid: 1_000 * PHA,
        treasury: 0,
        v: 3_000 * ONE,
        p_instant: 1_000,
    };
    chain.block(vec![mining(Mining::Settled {
        payments: vec![payment].try_into().unwrap(),
    })]);
}

/// A block in which the vault is read and nothing happens to it: a fifth of 45 PHA would be its fee.
pub fn look(chain: &mut Chain) {
    let paid = PoolStatus {
        value: 10_900 * PHA,
        ..pool_with_vault()
    };
    let fee_shares = 8_687_258_687_258;
    let shares = 1_000 * PHA + fee_shares;
    let seen = vault(500 * PHA, shares, (500 * PHA, 0), &paid);
    chain.block(Vec::new()).vaults = vec![VaultStatus {
        fee_shares,
        high_water_mark: seen.price + 1,
        ..seen
    }];
}

/// [`invested`], and a delegator that leaves with a part, waits, and is paid; shares that are sent, and a fee that is claimed.
pub fn vault_life() -> Vec<Block> {
    let mut chain = invested();
    pay(&mut chain);
    leave(&mut chain);
    be_paid(&mut chain);
    chain.quiet(30);
    chain.blocks
}

/// A hundred shares of the pool are claimed by the request, and five shares of the vault wait for coins.
pub fn leave(chain: &mut Chain) {
    let paid = PoolStatus {
        value: 10_900 * PHA,
        price: ONE * 109 / 100,
        ..pool_with_vault()
    };
    let taken = Vault::FeeTaken {
        vault: 0,
        shares: 9 * PHA,
        amount: 9 * PHA,
    };
    let in_pool = StakePool::RequestQueued {
        pool: 0,
        request: 1,
        who: vault_account(),
        shares: 100 * PHA,
        deadline_secs: 2_000,
    };
    let queued = Vault::RequestQueued {
        vault: 0,
        request: 0,
        who: account(DELEGATOR),
        burned: 109 * PHA,
        shares: 5 * PHA,
        claims: vec![Claim {
            pool: 0,
            request: 1,
            shares: 100 * PHA,
        }]
        .try_into()
        .unwrap(),
        deadline_secs: 2_060,
    };
    let block = chain.block(vec![vault_event(taken), pool_event(in_pool), vault_event(queued)]);
    let time_secs = block.time_ms / 1000;
    let waiting = PoolStatus {
        queued_shares: 100 * PHA,
        ..paid
    };
    block.vaults = vec![VaultStatus {
        fee_shares: 9 * PHA,
        ..vault(500 * PHA, 909 * PHA, (400 * PHA, 100 * PHA), &waiting)
    }];
    block.pools = vec![waiting];
    let request = VaultRequestStatus {
        id: 0,
        value: 114 * PHA,
        claims: vec![VaultClaim {
            pool: 0,
            request: 1,
            shares: 100 * PHA,
            value: 109 * PHA,
        }],
        shares: 5 * PHA,
        deadline_secs: time_secs + 1_000,
        promised_secs: time_secs + 1_240,
    };
    block.positions = vec![position(DELEGATOR, 895 * PHA, vec![request])];
}

/// The request is paid in two parts; the rest is what the names say.
pub fn be_paid(chain: &mut Chain) {
    let paid = |shares: u128, amount: u128, ended: bool| Vault::RequestPaid {
        vault: 0,
        request: 0,
        who: account(DELEGATOR),
        shares: shares * PHA,
        amount: amount * PHA,
        ended,
    };
    let by_pool = StakePool::RequestPaid {
        pool: 0,
        request: 1,
        who: vault_account(),
        shares: 100 * PHA,
        amount: 109 * PHA,
        left: 0,
    };
    let after = pool(0, 10_791 * PHA, 9_900 * PHA);
    let block = chain.block(vec![
        pool_event(by_pool),
        vault_event(paid(0, 109, false)),
        vault_event(paid(5, 5, true)),
    ]);
    let now = VaultStatus {
        fee_shares: 9 * PHA,
        ..vault(495 * PHA, 904 * PHA, (400 * PHA, 0), &after)
    };
    block.pools = vec![after];
    block.vaults = vec![now.clone()];
    block.positions = vec![position(DELEGATOR, 895 * PHA, Vec::new())];

    let sent = Vault::SharesTransferred {
        vault: 0,
        from: account(DELEGATOR),
        to: account(FRIEND),
        shares: 95 * PHA,
    };
    let claimed = Vault::FeeClaimed {
        vault: 0,
        owner: account(OWNER),
        shares: 9 * PHA,
    };
    let block = chain.block(vec![vault_event(sent), vault_event(claimed)]);
    block.vaults = vec![VaultStatus { fee_shares: 0, ..now }];
    block.positions = vec![
        position(OWNER, 9 * PHA, Vec::new()),
        position(DELEGATOR, 800 * PHA, Vec::new()),
        position(FRIEND, 95 * PHA, Vec::new()),
    ];
}
