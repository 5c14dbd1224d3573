//! A chain of the production preset in which as many workers mine as are wanted, made by the runtime's own code.

use crate::worker::{self, Worker};
use anyhow::{anyhow, bail, Result};
use khala_pallet_mining::{ClockReadings, Mining as MiningOf, Ring};
use khala_pallet_registry::Workers;
use khala_primitives::{Balance, Challenge, H256, PHA, U256};
use khala_runtime::{presets, Block, Mining, Runtime, RuntimeGenesisConfig, SessionKeys, System};
use serde_json::{json, Value};
use sp_genesis_builder::runtime_decl_for_genesis_builder::GenesisBuilder;
use sp_keyring::{Ed25519Keyring, Sr25519Keyring};
use sp_state_machine::BasicExternalities;
use sp_storage::{well_known_keys::CODE, Storage};

/// Slot time of the production network, in milliseconds.
pub const SLOT_MS: u64 = 6_000;
/// The newest block of a chain in the middle of its life.
pub const HEAD: u32 = 1_000;
/// Its slot.
pub const HEAD_SLOT: u64 = 300_000_000;
/// Stake of every worker, in planck.
pub const STAKE: Balance = 5_000 * PHA;
/// Workers of a pool.
const POOL_SIZE: u32 = 100;
/// Time since every worker's last settlement, in seconds: the mean time between two challenges.
const SINCE_LAST_SECS: u64 = 300;
/// What the account has that sends the transfers to compare with, in planck.
const ENDOWMENT: Balance = 1_000 * PHA;

/// The state before the first block, and the workers whose keys are known.
pub struct Scene {
    /// All keys and values.
    pub storage: Storage,
    /// Those of the workers that can answer.
    pub workers: Vec<Worker>,
}

impl Scene {
    /// A genesis with so many sessions in Idle, the first `keyed` of them with known keys; Alice is the only validator.
    pub fn genesis(code: &[u8], sessions: u32, keyed: u32) -> Result<Self> {
        Self::with(code, || populate(sessions, keyed))
    }

    /// The same at block [`HEAD`], whose challenges hit everybody and were answered by nobody yet.
    pub fn in_mid_life(code: &[u8], sessions: u32, keyed: u32) -> Result<Self> {
        Self::aged_with(code, || populate(sessions, keyed))
    }

    /// A chain at block [`HEAD`] with what something has made of its genesis.
    pub fn aged_with(code: &[u8], populate: impl FnOnce() -> Result<Vec<Worker>>) -> Result<Self> {
        Self::with(code, || {
            let workers = populate()?;
            age();
            Ok(workers)
        })
    }

    fn with(code: &[u8], populate: impl FnOnce() -> Result<Vec<Worker>>) -> Result<Self> {
        let config = genesis_config()?;
        let mut state = BasicExternalities::default();
        let workers = state.execute_with(|| {
            <Runtime as GenesisBuilder<Block>>::build_state(config.into_bytes())
                .map_err(|error| anyhow!("the genesis is refused: {error}"))?;
            populate()
        })?;
        let mut storage = state.into_storages();
        storage.top.insert(CODE.to_vec(), code.to_vec());
        Ok(Self { storage, workers })
    }
}

/// The production preset with a validator and an account that has coins, as the runtime reads it.
fn genesis_config() -> Result<String> {
    let alice = Sr25519Keyring::Alice.to_account_id();
    let keys = SessionKeys {
        babe: Sr25519Keyring::Alice.public().into(),
        grandpa: Ed25519Keyring::Alice.public().into(),
    };
    let mut patch = presets::khala::genesis();
    patch["session"] = json!({ "keys": [(alice.clone(), alice.clone(), keys)] });
    match patch["balances"]["balances"].as_array_mut() {
        Some(balances) => balances.push(json!([alice, ENDOWMENT])),
        None => bail!("the preset has no balances"),
    }
    let mut config = serde_json::to_value(RuntimeGenesisConfig::default())?;
    merge(&mut config, patch);
    Ok(config.to_string())
}

fn merge(target: &mut Value, patch: Value) {
    match (target, patch) {
        (Value::Object(target), Value::Object(patch)) => patch
            .into_iter()
            .for_each(|(key, value)| merge(target.entry(key).or_insert(Value::Null), value)),
        (target, patch) => *target = patch,
    }
}

/// Registers workers and lets them mine. The registry's record stays only where the key is known: a heartbeat does not read it.
fn populate(sessions: u32, keyed: u32) -> Result<Vec<Worker>> {
    let pools = (sessions / POOL_SIZE).max(1);
    let mut workers = Vec::new();
    for index in 0..sessions {
        let known = (index < keyed).then(|| Worker::new(index));
        let key = known.as_ref().map_or_else(|| worker::silent(index), Worker::key);
        Workers::<Runtime>::insert(key, worker::record(key));
        let failed = |error| anyhow!("worker {index} cannot mine: {error:?}");
        let session = Mining::bind(&key, index % pools).map_err(failed)?;
        Mining::start(&key, STAKE).map_err(failed)?;
        match known {
            Some(worker) => workers.push(worker.with_session(session)),
            None => Workers::<Runtime>::remove(key),
        }
    }
    Ok(workers)
}

/// Makes block [`HEAD`] the newest one.
fn age() {
    let now_ms = HEAD_SLOT * SLOT_MS;
    System::set_block_number(HEAD);
    frame_system::BlockHash::<Runtime>::insert(0, genesis_hash());
    pallet_timestamp::Now::<Runtime>::put(now_ms);
    pallet_babe::GenesisSlot::<Runtime>::put(sp_consensus_babe::Slot::from(HEAD_SLOT));
    pallet_babe::CurrentSlot::<Runtime>::put(sp_consensus_babe::Slot::from(HEAD_SLOT));
    ClockReadings::<Runtime>::mutate(|readings| {
        readings.read_at = now_ms / 1_000;
        readings.clocks.credited = SINCE_LAST_SECS;
        readings.clocks.decaying = SINCE_LAST_SECS;
    });
    let length = MiningOf::<Runtime>::get().ring_length();
    for block in HEAD + 1 - length..=HEAD {
        let challenge = Challenge {
            block,
            seed: seed(block),
            target: U256::MAX,
        };
        Ring::<Runtime>::insert(block % length, challenge);
    }
}

/// The genesis hash of a chain in the middle of its life.
pub fn genesis_hash() -> H256 {
    H256::repeat_byte(0xab)
}

/// The seed of one of its challenges.
pub fn seed(block: u32) -> H256 {
    H256::from_low_u64_be(block.into())
}
