//! Random parameters, within their bounds and close enough to the network's to be alive.

use crate::dice::Dice;
use khala_economics::{Fixed, HumanParameters, Pha, Q96};
use khala_pallet_mining::{EconomicParameters, MiningParameters};
use khala_pallet_stake_pool::PoolParameters;
use khala_pallet_vault::VaultParameters;
use sp_runtime::Permill;

/// Those of a chain's genesis.
pub(crate) fn at_genesis(dice: &mut Dice) -> (MiningParameters, EconomicParameters, PoolParameters, VaultParameters) {
    (mining(dice), economics(dice), times(dice), vaults(dice))
}

/// Times of the pools, from a block to an hour.
pub(crate) fn times(dice: &mut Dice) -> PoolParameters {
    PoolParameters {
        grace_secs: dice.pick(&[1, 60, 600, 600, 3_600]),
        margin_secs: dice.pick(&[1, 60, 3_600]),
        sweep_secs: dice.pick(&[1, 60, 600, 3_600]),
    }
}

/// Times of the vaults, from a second to a day.
pub(crate) fn vaults(dice: &mut Dice) -> VaultParameters {
    VaultParameters {
        margin_secs: dice.pick(&[1, 60, 60, 600, 86_400]),
    }
}

/// Windows of a few blocks, so that every window ends within a few calls.
pub(crate) fn mining(dice: &mut Dice) -> MiningParameters {
    MiningParameters {
        heartbeat_window: dice.between(1, 6) as u32,
        report_window: dice.between(1, 10) as u32,
        challenges_per_hour: dice.pick(&[30, 120, 600, 3_600]),
        max_heartbeats_per_block: dice.pick(&[1, 2_000]),
        cool_down_secs: dice.pick(&[1, 60, 900, 7_200]),
        recovery_spacing: dice.below(5) as u32,
        minimal_score: dice.pick(&[0, 50, 50]),
        credited_cap_secs: dice.pick(&[600, 600, 60]),
        decaying_cap_secs: dice.pick(&[60, 60, 6]),
        halt_gap_secs: dice.pick(&[60, 60, 600]),
        rebinding_grace_secs: dice.pick(&[0, 60, 3_600]),
        maintenance_secs: dice.pick(&[0, 60, 600, 3_600]),
        maintenance_period_secs: dice.pick(&[3_600, 86_400]),
        guard_share: Permill::from_percent(dice.between(5, 40) as u32),
        guard_sessions: dice.between(1, 4) as u32,
        guard_pools: dice.between(0, 3) as u32,
        guard_secs: dice.pick(&[0, 300, 3_600]),
        guard_period_secs: dice.pick(&[3_600, 86_400]),
        parameter_delay_secs: dice.pick(&[0, 60, 600]),
    }
}

pub(crate) fn economics(dice: &mut Dice) -> EconomicParameters {
    let number = |text: &str| -> Q96 { text.parse().expect("a number") };
    let fixed = |text: &str| -> Fixed { text.parse().expect("a number") };
    let others = EconomicParameters {
        budget_per_day: dice.pick(&["720000", "720000", "1000", "0"]).parse::<Pha>().expect("an amount"),
        halving_secs: dice.pick(&[180 * 86_400, 86_400, 777]),
        halving_factor: fixed(dice.pick(&["0.75", "0.75", "1", "0"])),
        v_max: number(dice.pick(&["30000", "30000", "9000"])),
        treasury_ratio: fixed(dice.pick(&["0.2", "0.2", "0", "1"])),
        max_principal_slash: fixed(dice.pick(&["0.1", "0.1", "0", "1"])),
        share_floor: fixed(dice.pick(&["0", "0", "5000000", "40000"])),
        max_unseen_secs: dice.pick(&[86_400, 600]),
        ..EconomicParameters::khala()
    };
    let human = HumanParameters {
        rho_per_hour: number(dice.pick(&["1.0002", "1.0002", "1", "1.3"])),
        slash_per_hour: number(dice.pick(&["0.001", "0.001", "0.02", "0", "0.9"])),
        others,
    };
    human.parameters().expect("parameters within their bounds")
}
