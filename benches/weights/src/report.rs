//! What a run prints: tables in Markdown.

use crate::{
    committed::Comparison,
    render::{digits, micros},
    weight::Weight,
};

/// The benchmark that others are compared with: as many verifications of signatures as its component says.
const YARDSTICK: &str = "sr25519_verify";

/// What was measured, at the components' greatest values, and in multiples of the yardstick when that was measured too.
pub fn measured(weights: &[(String, Weight)]) -> String {
    let yardstick = weights
        .iter()
        .find(|(_, weight)| weight.name == YARDSTICK)
        .map(|(_, weight)| verification(weight));
    let mut table = String::from("| benchmark | at | us | reads | writes | signature verifications |\n|---|---|---:|---:|---:|---:|\n");
    for (pallet, weight) in weights {
        let point = weight.greatest();
        let time = weight.time.at(&point);
        let multiple = yardstick
            .filter(|unit| *unit > 0)
            .map_or_else(String::new, |unit| ratio(time, unit));
        table += &format!(
            "| {pallet}::{} | {} | {} | {} | {} | {multiple} |\n",
            weight.name,
            at(weight),
            micros(time),
            weight.reads.at(&point),
            weight.writes.at(&point)
        );
    }
    table
}

/// The committed and the fresh weights of a pallet side by side, at the components' greatest values.
pub fn compared(pallet: &str, comparison: &Comparison) -> String {
    let mut table = String::from("| benchmark | at | committed us | now us | now / committed |\n|---|---|---:|---:|---:|\n");
    for (old, new) in &comparison.both {
        let point = new.greatest();
        let (before, now) = (old.time.at(&point), new.time.at(&point));
        table += &format!(
            "| {pallet}::{} | {} | {} | {} | {} |\n",
            new.name,
            at(new),
            micros(before),
            micros(now),
            ratio(now, before)
        );
    }
    for finding in &comparison.stale {
        table += &format!("\nstale: {pallet}::{finding}; run scripts/weights {pallet}\n");
    }
    table
}

/// The time of one verification among many.
fn verification(weight: &Weight) -> u64 {
    let point = weight.greatest();
    let count = point.iter().copied().map(u64::from).product::<u64>();
    weight.time.at(&point).checked_div(count).unwrap_or_default()
}

fn at(weight: &Weight) -> String {
    let values = weight
        .components
        .iter()
        .map(|component| format!("{} = {}", component.name, digits(component.high.into())));
    values.collect::<Vec<_>>().join(", ")
}

/// A quotient with two digits; none of nothing.
fn ratio(dividend: u64, divisor: u64) -> String {
    let Some(hundredths) = (u128::from(dividend) * 100).checked_div(divisor.into()) else {
        return "-".to_string();
    };
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        render::tests::weight,
        weight::{Component, Line},
    };

    #[test]
    fn ratios_have_two_digits() {
        assert_eq!(ratio(3, 2), "1.50");
        assert_eq!(ratio(1, 3), "0.33");
        assert_eq!(ratio(5, 0), "-");
    }

    #[test]
    fn times_are_given_in_verifications_of_signatures() {
        let verifications = Weight {
            name: YARDSTICK.into(),
            components: vec![Component {
                name: "n".into(),
                low: 1,
                high: 4,
            }],
            time: Line {
                base: 4_000_000,
                slopes: vec![9_000_000],
            },
            ..weight()
        };
        let table = measured(&[("mining".into(), weight()), ("mining".into(), verifications)]);
        // 12.345678 us + 64 x 9.000001 us
        assert!(
            table.contains("| mining::heartbeat | n = 64, m = 9 | 588.345 | 135 | 64 | 58.83 |"),
            "{table}"
        );
        assert!(table.contains("| mining::sr25519_verify | n = 4 | 40.000 |"), "{table}");
    }
}
