//! Reading the weights that are in the repository, from the text that [`crate::render`] writes.

use crate::weight::{Line, Weight};
use anyhow::{ensure, Context, Result};

/// The lines of one function of a `weights.rs`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Committed {
    /// Name of the benchmark.
    pub name: String,
    /// Picoseconds.
    pub time: Line,
    /// Keys read.
    pub reads: Line,
    /// Keys written.
    pub writes: Line,
}

const START: &str = "WeightInfo for SubstrateWeight<T> {";
const END: &str = "impl WeightInfo for ()";

/// The weights of a file.
pub fn read(text: &str) -> Result<Vec<Committed>> {
    let from = text.find(START).context("it holds no generated weights")?;
    let rest = &text[from + START.len()..];
    let functions = &rest[..rest.find(END).context("it ends too early")?];
    functions.split("fn ").skip(1).map(function).collect()
}

/// `name(n: u32, _m: u32) -> Weight { terms }`
fn function(text: &str) -> Result<Committed> {
    let (name, rest) = text.split_once('(').context("a function has no arguments")?;
    let (arguments, rest) = rest.split_once(')').context("a function's arguments do not end")?;
    let arguments: Vec<_> = arguments.split(',').filter_map(|argument| argument.split(':').next()).collect();
    let components: Vec<_> = arguments
        .iter()
        .map(|name| name.trim().trim_start_matches('_'))
        .filter(|name| !name.is_empty())
        .collect();
    let (_, body) = rest.split_once('{').context("a function has no body")?;
    let body: String = body.split('}').next().unwrap_or_default().split_whitespace().collect();

    let empty = Line {
        base: 0,
        slopes: vec![0; components.len()],
    };
    let (mut time, mut reads, mut writes) = (empty.clone(), empty.clone(), empty);
    for term in body.split(".saturating_add(") {
        let line = match () {
            () if term.starts_with("Weight::from_parts(") => &mut time,
            () if term.contains("::get().reads(") => &mut reads,
            () if term.contains("::get().writes(") => &mut writes,
            () => anyhow::bail!("'{term}' is no term of a weight"),
        };
        let value = first_number(term)?;
        match term.split_once(".saturating_mul(") {
            None => line.base = value,
            Some((_, factor)) => {
                let name = factor.split('.').next().unwrap_or_default();
                let index = components.iter().position(|component| *component == name);
                line.slopes[index.with_context(|| format!("'{name}' is no component"))?] = value;
            }
        }
    }
    Ok(Committed {
        name: name.to_string(),
        time,
        reads,
        writes,
    })
}

/// The number after the last bracket before a number.
fn first_number(term: &str) -> Result<u64> {
    let from = term
        .find(|c: char| c.is_ascii_digit())
        .with_context(|| format!("'{term}' holds no number"))?;
    let digits: String = term[from..]
        .chars()
        .take_while(|c| c.is_ascii_digit() || *c == '_')
        .filter(char::is_ascii_digit)
        .collect();
    // `2_u64` is a number with its type.
    Ok(digits.parse()?)
}

/// What a comparison of a pallet's weights has found.
pub struct Comparison {
    /// The committed and the fresh weight of each benchmark that has both.
    pub both: Vec<(Committed, Weight)>,
    /// What makes the file stale, whatever the times: one sentence each.
    pub stale: Vec<String>,
}

/// Compares what is committed with what was measured now. Times scatter and are only shown; names and counts have to agree.
pub fn compare(committed: Vec<Committed>, fresh: Vec<Weight>) -> Result<Comparison> {
    ensure!(!fresh.is_empty(), "nothing was measured");
    let mut stale = Vec::new();
    for gone in committed.iter().filter(|old| !fresh.iter().any(|new| new.name == old.name)) {
        stale.push(format!("{} has a weight and no benchmark", gone.name));
    }
    let mut both = Vec::new();
    for new in fresh {
        let Some(old) = committed.iter().find(|old| old.name == new.name) else {
            stale.push(format!("{} has a benchmark and no weight", new.name));
            continue;
        };
        if (&old.reads, &old.writes) != (&new.reads, &new.writes) {
            stale.push(format!("{} reads or writes another number of keys than its weight says", new.name));
        }
        both.push((old.clone(), new));
    }
    Ok(Comparison { both, stale })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::{self, tests::*};

    fn expected() -> Committed {
        let Weight {
            name, time, reads, writes, ..
        } = weight();
        Committed { name, time, reads, writes }
    }

    #[test]
    fn what_is_written_is_read_back() {
        let text = render::file("pallet", &[weight()], &origin()).unwrap();
        assert_eq!(read(&text).unwrap(), [expected()]);
    }

    #[test]
    fn a_constant_weight_is_read_back() {
        let constant = Weight {
            components: vec![],
            time: Line::default(),
            reads: Line::default(),
            writes: Line::default(),
            ..weight()
        };
        let text = render::file("pallet", &[constant], &origin()).unwrap();
        assert_eq!(read(&text).unwrap()[0].time, Line::default());
    }

    #[test]
    fn weights_by_hand_are_no_generated_weights() {
        assert!(read("pub trait WeightInfo {}").is_err());
    }

    #[test]
    fn other_times_are_shown_and_other_counts_are_stale() {
        let slower = Weight {
            time: Line {
                base: 1,
                slopes: vec![1, 1],
            },
            ..weight()
        };
        assert!(compare(vec![expected()], vec![slower]).unwrap().stale.is_empty());
        let reads_more = Weight {
            reads: Line {
                base: 8,
                slopes: vec![2, 0],
            },
            ..weight()
        };
        assert_eq!(compare(vec![expected()], vec![reads_more]).unwrap().stale.len(), 1);
    }

    #[test]
    fn a_benchmark_without_weight_and_a_weight_without_benchmark_are_stale() {
        let other = Weight {
            name: "other".into(),
            ..weight()
        };
        let found = compare(vec![expected()], vec![other]).unwrap();
        assert_eq!(
            found.stale,
            ["heartbeat has a weight and no benchmark", "other has a benchmark and no weight"]
        );
        assert!(found.both.is_empty());
    }
}
