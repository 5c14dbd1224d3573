//! The text of a pallet's `weights.rs`.

use crate::weight::{Component, Line, Weight};
use anyhow::{ensure, Context, Result};
use std::{
    io::Write,
    process::{Command, Stdio},
};

/// How the numbers came about, for the head of the file.
pub struct Origin {
    /// Day of the measurement, as `2026-11-22`.
    pub date: String,
    /// Values of each component.
    pub steps: u32,
    /// Measurements at each point.
    pub repeat: u32,
}

/// Where the weight of an access to the database comes from.
const OF_RUNTIME: &str = "T::DbWeight";
const OF_PARITY_DB: &str = "ParityDbWeight";

/// The file, formatted by the rules of the folder that this runs in.
pub fn file(pallet: &str, weights: &[Weight], origin: &Origin) -> Result<String> {
    formatted(&source(pallet, weights, origin))
}

fn source(pallet: &str, weights: &[Weight], origin: &Origin) -> String {
    let Origin { date, steps, repeat } = origin;
    let declarations: String = weights.iter().map(declaration).collect();
    let of_runtime: String = weights.iter().map(|weight| definition(weight, OF_RUNTIME)).collect();
    let of_parity_db: String = weights.iter().map(|weight| definition(weight, OF_PARITY_DB)).collect();
    format!(
        "//! Weights of `{pallet}`. Written by `scripts/weights`: change the benchmarks, not this file.\n\
         //!\n\
         //! Measured on {date} in the runtime's Wasm, at up to {steps} values of each component, {repeat} times at each. Times are\n\
         //! those of the computation; each key that is read or written adds the weight of the database. There are no proofs to size.\n\
         \n\
         use core::marker::PhantomData;\n\
         use frame_support::{{traits::Get, weights::{{constants::ParityDbWeight, Weight}}}};\n\
         \n\
         /// What each call and hook costs.\n\
         pub trait WeightInfo {{\n{declarations}}}\n\
         \n\
         /// As measured, on the runtime's database.\n\
         pub struct SubstrateWeight<T>(PhantomData<T>);\n\
         \n\
         impl<T: frame_system::Config> WeightInfo for SubstrateWeight<T> {{\n{of_runtime}}}\n\
         \n\
         /// As measured, on ParityDB; for tests.\n\
         impl WeightInfo for () {{\n{of_parity_db}}}\n"
    )
}

/// The function of the trait, with what is known of the measurement.
fn declaration(weight: &Weight) -> String {
    let ranges = weight
        .components
        .iter()
        .map(|Component { name, low, high }| format!(", `{name}` from {low} to {high}"));
    let storage = weight
        .storage
        .iter()
        .map(|access| format!("/// - `{}` (r:{} w:{})\n", access.item, access.reads, access.writes));
    let storage: String = storage.collect();
    let storage = if storage.is_empty() {
        "/// No storage.\n".to_string()
    } else {
        format!("/// Storage:\n{storage}")
    };
    format!(
        "/// `{}`{}. At least {} us.\n///\n{storage}fn {}({}) -> Weight;\n",
        weight.name,
        ranges.collect::<String>(),
        micros(weight.shortest),
        weight.name,
        arguments(&weight.components, |_| true),
    )
}

/// The function of an implementation.
fn definition(weight: &Weight, database: &str) -> String {
    let used = |index: usize| {
        [&weight.time, &weight.reads, &weight.writes]
            .iter()
            .any(|line| slope(line, index) > 0)
    };
    let mut body = format!("Weight::from_parts({}, 0)", digits(weight.time.base));
    let mut add = |term: String| body.push_str(&format!(".saturating_add({term})"));
    for (name, slope) in slopes(weight, &weight.time) {
        add(format!("Weight::from_parts({slope}, 0).saturating_mul({name}.into())"));
    }
    for (kind, line) in [("reads", &weight.reads), ("writes", &weight.writes)] {
        if line.base > 0 {
            add(format!("{database}::get().{kind}({})", digits(line.base)));
        }
        for (name, slope) in slopes(weight, line) {
            add(format!("{database}::get().{kind}({slope}_u64.saturating_mul({name}.into()))"));
        }
    }
    format!(
        "fn {}({}) -> Weight {{\n{body}\n}}\n",
        weight.name,
        arguments(&weight.components, used)
    )
}

fn arguments(components: &[Component], used: impl Fn(usize) -> bool) -> String {
    let argument = |(index, component): (usize, &Component)| {
        let prefix = if used(index) { "" } else { "_" };
        format!("{prefix}{}: u32", component.name)
    };
    components.iter().enumerate().map(argument).collect::<Vec<_>>().join(", ")
}

/// The components on which a line depends, with what one more of them adds.
fn slopes<'a>(weight: &'a Weight, line: &'a Line) -> impl Iterator<Item = (&'a str, String)> + 'a {
    let components = weight.components.iter().enumerate();
    let slopes = components.map(|(index, component)| (component.name.as_str(), slope(line, index)));
    slopes.filter(|(_, slope)| *slope > 0).map(|(name, slope)| (name, digits(slope)))
}

fn slope(line: &Line, index: usize) -> u64 {
    line.slopes.get(index).copied().unwrap_or_default()
}

/// Picoseconds as microseconds.
pub fn micros(picos: u64) -> String {
    format!("{}.{:03}", picos / 1_000_000, picos / 1_000 % 1_000)
}

/// A number in groups of three digits.
pub fn digits(number: u64) -> String {
    let text = number.to_string();
    let grouped = text.char_indices().flat_map(|(index, digit)| {
        let left = text.len() - index;
        let separator = (index > 0 && left.is_multiple_of(3)).then_some('_');
        separator.into_iter().chain([digit])
    });
    grouped.collect()
}

fn formatted(source: &str) -> Result<String> {
    let mut rustfmt = Command::new("rustfmt")
        .args(["--edition", "2021", "--emit", "stdout", "--quiet"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("rustfmt cannot be started: install it with 'rustup component add rustfmt'")?;
    // Its answer is far longer than a pipe: the input must be closed before the output is read to its end, and is small enough.
    rustfmt
        .stdin
        .take()
        .context("rustfmt takes no input")?
        .write_all(source.as_bytes())?;
    let output = rustfmt.wait_with_output()?;
    ensure!(output.status.success(), "rustfmt refuses the generated weights");
    Ok(String::from_utf8(output.stdout)?)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::weight::Access;

    pub(crate) fn weight() -> Weight {
        Weight {
            name: "heartbeat".into(),
            components: vec![
                Component {
                    name: "n".into(),
                    low: 1,
                    high: 64,
                },
                Component {
                    name: "m".into(),
                    low: 0,
                    high: 9,
                },
            ],
            time: Line {
                base: 12_345_678,
                slopes: vec![9_000_001, 0],
            },
            reads: Line {
                base: 7,
                slopes: vec![2, 0],
            },
            writes: Line {
                base: 0,
                slopes: vec![1, 0],
            },
            shortest: 21_000_999,
            storage: vec![Access {
                item: "Mining::Ring".into(),
                reads: 21,
                writes: 0,
            }],
        }
    }

    pub(crate) fn origin() -> Origin {
        Origin {
            date: "2026-01-02".into(),
            steps: 3,
            repeat: 4,
        }
    }

    #[test]
    fn numbers_are_grouped_by_three_digits() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(digits), ["0", "999", "1_000", "1_234_567"]);
        assert_eq!(micros(21_000_999), "21.000");
        assert_eq!(micros(999_999), "0.999");
    }

    #[test]
    fn a_call_is_declared_with_what_was_measured() {
        let text = declaration(&weight());
        assert!(text.starts_with("/// `heartbeat`, `n` from 1 to 64, `m` from 0 to 9. At least 21.000 us.\n"));
        assert!(text.contains("/// - `Mining::Ring` (r:21 w:0)\nfn heartbeat(n: u32, m: u32) -> Weight;"));
    }

    #[test]
    fn a_component_without_influence_is_not_used() {
        assert_eq!(
            definition(&weight(), "Db"),
            "fn heartbeat(n: u32, _m: u32) -> Weight {\nWeight::from_parts(12_345_678, 0)\
             .saturating_add(Weight::from_parts(9_000_001, 0).saturating_mul(n.into()))\
             .saturating_add(Db::get().reads(7))\
             .saturating_add(Db::get().reads(2_u64.saturating_mul(n.into())))\
             .saturating_add(Db::get().writes(1_u64.saturating_mul(n.into())))\n}\n"
        );
    }
}
