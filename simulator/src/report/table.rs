//! The table, in Markdown: one for what the chain does, one for what it costs workers.

use super::Findings;
use crate::{
    measures::{Cost, Load, Row},
    scenario::Scenario,
};
use comfy_table::{presets, CellAlignment, Table};

/// Both tables, grouped by scenario.
pub fn markdown(all: &[Findings]) -> String {
    format!(
        "Detection and load:\n\n{}\n\nMoney:\n\n{}\n",
        table(all, &DETECTION_HEAD, detection),
        table(all, &MONEY_HEAD, money)
    )
}

const DETECTION_HEAD: [&str; 9] = [
    "",
    "workers",
    "hours",
    "found after: mean",
    "found after: 95 %",
    "reports, false",
    "heartbeats per block: mean, max",
    "weight, % of a block: mean, max",
    "in full batches: mean, max",
];

const MONEY_HEAD: [&str; 9] = [
    "",
    "workers",
    "issued, % of budget",
    "forfeited, % of issued",
    "guard on: after, for",
    "always there: pay lost, min",
    "principal, %",
    "at times away: min away; pay lost, min",
    "principal, % ",
];

fn table(all: &[Findings], head: &[&str], cells: impl Fn(&Row) -> Vec<String>) -> String {
    let mut table = Table::new();
    table.load_style(presets::ASCII_MARKDOWN).set_header(head);
    for scenario in Scenario::ALL {
        for (place, findings) in Findings::of(all, scenario).enumerate() {
            let title = if place == 0 { scenario.title() } else { "" };
            let cells = cells(&findings.row);
            table.add_row([title.to_string(), whole(findings.row.workers as f64)].into_iter().chain(cells));
        }
    }
    for column in table.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    table.to_string()
}

fn detection(row: &Row) -> Vec<String> {
    let delay = |secs: Option<f64>, blocks: Option<f64>| match secs.zip(blocks) {
        Some((secs, blocks)) => format!("{} s, {} blocks", whole(secs), whole(blocks)),
        None => NOTHING.to_string(),
    };
    let mean = row.delay.map(|delay| (delay.mean_secs, delay.mean_blocks)).unzip();
    let most = row.delay.map_or((None, None), |delay| (delay.most_secs, delay.most_blocks));
    vec![
        format!("{:.1}", row.hours),
        delay(mean.0, mean.1),
        delay(most.0, most.1),
        format!("{}, {}", whole(row.reports as f64), whole(f64::from(row.false_reports))),
        format!("{:.1}, {}", row.heartbeats.mean, whole(row.heartbeats.most)),
        load(&row.weight_percent),
        load(&row.packed_percent),
    ]
}

fn money(row: &Row) -> Vec<String> {
    let guard = match row.guard_after_secs {
        Some(after) => format!("{} s, {:.0} min", whole(after as f64), row.guard_minutes),
        None => NOTHING.to_string(),
    };
    let absent = row.absent.as_ref();
    vec![
        format!("{:.2}", row.issued_percent),
        format!("{:.2}", row.forfeited_percent),
        guard,
        decimals(row.steady.pay_lost_minutes, 2),
        decimals(row.steady.principal_lost_percent, 3),
        absent.map_or(NOTHING.to_string(), away),
        absent.map_or(NOTHING.to_string(), |cost| decimals(cost.principal_lost_percent, 3)),
    ]
}

const NOTHING: &str = "–";

fn away(cost: &Cost) -> String {
    format!("{}; {}", decimals(cost.away_minutes, 1), decimals(cost.pay_lost_minutes, 1))
}

fn load(load: &Load) -> String {
    format!("{:.1}, {:.1}", load.mean, load.most)
}

/// With so many decimals, and without a sign before zero.
fn decimals(number: f64, places: usize) -> String {
    let text = format!("{number:.places$}");
    let zero = text.trim_start_matches('-').chars().all(|digit| digit == '0' || digit == '.');
    if zero {
        text.trim_start_matches('-').to_string()
    } else {
        text
    }
}

/// Rounded, with a comma between thousands.
pub fn whole(number: f64) -> String {
    let digits = format!("{:.0}", number.max(0.0));
    let first = digits.len() % 3;
    let (head, rest) = digits.split_at(first);
    let groups = rest.as_bytes().chunks(3).map(String::from_utf8_lossy);
    let head = (!head.is_empty()).then(|| head.into());
    head.into_iter().chain(groups).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_grouped() {
        let texts = [0.4, 12.0, 999.6, 12_345.0, 1_000_000.0].map(whole);
        assert_eq!(texts, ["0", "12", "1,000", "12,345", "1,000,000"]);
    }

    #[test]
    fn zero_has_no_sign() {
        assert_eq!(decimals(-0.004, 2), "0.00");
        assert_eq!(decimals(-0.006, 2), "-0.01");
    }
}
