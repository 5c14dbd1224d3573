//! The workers of a run, and the state of a chain on which all of them have just begun to mine.

use crate::{
    scenario::WORKERS_PER_POOL,
    world::{
        chain,
        runtime::{BalancesConfig, Directory, ExistentialDeposit, Lot, Mining, Pot, RuntimeGenesisConfig, Subsidy, Treasury},
        state::State,
    },
};
use anyhow::{anyhow, Context};
use khala_economics::{stake, Parameters, Score};
use khala_pallet_mining::MiningParameters;
use khala_pallet_registry::WorkerFacts;
use khala_primitives::{AccountId32, Balance, ConfidenceLevel, Instance, MeasurementDigest, WorkerPublicKey, PHA};
use rand::{rngs::StdRng, Rng, SeedableRng};
use sp_core::storage::Storage;
use sp_runtime::BuildStorage;

/// The run of every worker's enclave.
pub const INSTANCE: Instance = Instance([1; 16]);
/// The chain's time in block 1, in seconds since 1970.
pub const START_SECS: u64 = 1_700_000_000;
/// What the subsidy has, in planck.
const SUBSIDY: Balance = 700_000_000 * PHA;

/// What a worker has that does not change in a run.
#[derive(Clone, Copy, Debug)]
pub struct Profile {
    /// Its score P.
    pub points: u32,
    /// Confidence level of its evidence.
    pub level: ConfidenceLevel,
    /// Its stake, in planck.
    pub stake: Balance,
}

/// Workers that mine since block 1. Sessions are numbered as the workers are.
pub struct Cast {
    /// The workers' keys.
    pub keys: Vec<WorkerPublicKey>,
    /// The workers' machines and stakes.
    pub profiles: Vec<Profile>,
    state: State,
}

impl Cast {
    /// Draws so many workers from a seed, and lets them begin to mine with these constants.
    ///
    /// Scores lie between 500 and 2,500, levels are 1 to 5, stakes lie between the least and three times as much.
    pub fn new(workers: u32, seed: u64, mining: &MiningParameters) -> anyhow::Result<Self> {
        let mut rng = StdRng::seed_from_u64(seed);
        let economics = Parameters::khala();
        let keys: Vec<_> = (0..workers).map(|_| WorkerPublicKey(rng.gen())).collect();
        let profiles = keys
            .iter()
            .map(|_| profile(&economics, &mut rng))
            .collect::<anyhow::Result<Vec<_>>>()?;
        let mut chain = State::from(genesis(mining, economics)?);
        chain.execute_with(|| {
            Lot::set(&seed);
            chain::open(1, START_SECS);
            for (worker, (key, profile)) in (0u32..).zip(keys.iter().zip(&profiles)) {
                start(worker, key, profile).map_err(|error| anyhow!("worker {worker} could not begin to mine: {error:?}"))?;
            }
            chain::close();
            Directory::clear();
            anyhow::Ok(())
        })?;
        Ok(Self {
            keys,
            profiles,
            state: chain,
        })
    }

    /// A chain of its own, after block 1.
    pub fn chain(&self) -> State {
        self.state.clone()
    }
}

fn genesis(mining: &MiningParameters, economics: Parameters) -> anyhow::Result<Storage> {
    let ed = ExistentialDeposit::get();
    RuntimeGenesisConfig {
        balances: BalancesConfig {
            balances: vec![(Subsidy::get(), SUBSIDY), (Treasury::get(), ed), (Pot::get(), ed)],
            ..Default::default()
        },
        mining: khala_pallet_mining::GenesisConfig {
            mining: mining.clone(),
            economics,
            _config: Default::default(),
        },
        ..Default::default()
    }
    .build_storage()
    .map_err(|error| anyhow!("no genesis: {error}"))
}

fn profile(economics: &Parameters, rng: &mut impl Rng) -> anyhow::Result<Profile> {
    let points = rng.gen_range(500..=2_500);
    let levels = [
        ConfidenceLevel::One,
        ConfidenceLevel::Two,
        ConfidenceLevel::Three,
        ConfidenceLevel::Four,
        ConfidenceLevel::Five,
    ];
    let level = levels[rng.gen_range(0..levels.len())];
    let least = stake::minimal(economics, Score::from_points(points)).context("no least stake")?;
    let least = least.planck() + 1;
    let stake = least + least * rng.gen_range(0..=2_000) / 1_000;
    Ok(Profile { points, level, stake })
}

fn start(worker: u32, key: &WorkerPublicKey, profile: &Profile) -> sp_runtime::DispatchResult {
    let facts = WorkerFacts {
        operator: AccountId32::new([9; 32]),
        instance: INSTANCE,
        lease_end_secs: u64::MAX,
        level: profile.level,
        score: Some(profile.points),
        policy_version: 1,
        measurement: MeasurementDigest([0; 32]),
    };
    Directory::insert(*key, facts);
    Mining::bind(key, worker / WORKERS_PER_POOL)?;
    Mining::start(key, profile.stake)
}
