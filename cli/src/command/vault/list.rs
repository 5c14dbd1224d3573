//! `khala vault list`.

use crate::{
    amount::Ppm,
    command::pages,
    failure::{Exit, Failure},
    output::{self, Output},
    units,
};
use khala_client::{At, Chain};
use khala_primitives::status::VaultStatus;

/// `khala vault list`.
pub async fn list(url: &str, output: Output) -> Result<Exit, Failure> {
    let chain = Chain::connect(url).await?;
    let at = At::Finalized;
    let vaults = pages::all(|first, limit| chain.vaults(first, limit, at), |vault| vault.id).await?;
    match output {
        Output::Json => output::print_json(&vaults)?,
        Output::Table => output::print_lines(lines(&vaults))?,
    }
    Ok(Exit::Done)
}

fn lines(vaults: &[VaultStatus]) -> Vec<String> {
    if vaults.is_empty() {
        return vec!["There are no vaults yet.".into()];
    }
    let mut table = output::table(&[
        ">vault",
        "owner",
        ">fee",
        ">commissions up to",
        "pools",
        ">value PHA",
        ">price",
        ">free PHA",
        ">owed PHA",
        ">cap PHA",
    ]);
    for vault in vaults {
        let pools: Vec<_> = vault.places.iter().map(|place| place.pool.to_string()).collect();
        table.add_row([
            vault.id.to_string(),
            units::address(&vault.owner),
            Ppm(vault.fee_ppm).to_string(),
            Ppm(vault.commission_limit_ppm).to_string(),
            if pools.is_empty() { "-".into() } else { pools.join(", ") },
            units::pha(vault.value, 4),
            units::fixed18(vault.price, 6),
            units::pha(vault.free, 2),
            units::pha(vault.owed, 2),
            vault.cap.map_or("none".into(), |cap| units::pha(cap, 0)),
        ]);
    }
    output::lines(&table)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::testing::vault;

    #[test]
    fn a_vault_is_listed_with_its_terms_and_its_pools() {
        let lines = lines(&[vault()]);
        assert_eq!(lines.len(), 2, "{lines:?}");
        for part in ["5 %", "20 %", "  3  ", "1,000.0000", "1.000000", "100.00", "none"] {
            assert!(lines[1].contains(part), "{part}: {}", lines[1]);
        }
        assert_eq!(super::lines(&[]), ["There are no vaults yet."]);
    }
}
