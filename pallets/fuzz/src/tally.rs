//! How often vaults told what, and why calls to pools and vaults were refused.

use crate::runtime::RuntimeEvent;
use sp_runtime::{DispatchError, DispatchResult, ModuleError};
use std::{
    collections::BTreeMap,
    fmt::{self, Debug, Write},
};

/// Counts by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Events of vaults.
    pub told: BTreeMap<String, u64>,
    /// Errors of calls to pools and vaults, by the pallet that was called.
    pub refused: BTreeMap<String, u64>,
}

impl Tally {
    pub(crate) fn tell(&mut self, event: &RuntimeEvent) {
        if let RuntimeEvent::Vault(event) = event {
            *self.told.entry(name_of(event)).or_default() += 1;
        }
    }

    pub(crate) fn refuse(&mut self, called: &str, result: &DispatchResult) {
        let name = match result {
            Ok(()) => return,
            Err(DispatchError::Module(ModuleError { message: Some(name), .. })) => (*name).to_owned(),
            Err(error) => name_of(error),
        };
        *self.refused.entry(format!("{called}: {name}")).or_default() += 1;
    }

    pub(crate) fn add(&mut self, other: &Self) {
        for (ours, theirs) in [(&mut self.told, &other.told), (&mut self.refused, &other.refused)] {
            for (name, count) in theirs {
                *ours.entry(name.clone()).or_default() += count;
            }
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (title, counts) in [("vaults told", &self.told), ("calls refused", &self.refused)] {
            writeln!(f, "| {title} | times |\n|---|---:|")?;
            counts.iter().try_for_each(|(name, count)| writeln!(f, "| {name} | {count} |"))?;
            writeln!(f)?;
        }
        Ok(())
    }
}

/// The path that what is written to it begins with.
struct FirstPath(String);

impl Write for FirstPath {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let ends = |letter: char| !letter.is_alphanumeric() && letter != ':';
        let word = text.find(ends).and_then(|end| text.get(..end));
        self.0.push_str(word.unwrap_or(text));
        // The rest needs not be written.
        word.map_or(Ok(()), |_| Err(fmt::Error))
    }
}

/// The name of the variant of an enum.
fn name_of(value: &impl Debug) -> String {
    let mut path = FirstPath(String::new());
    let _ = write!(path, "{value:?}");
    path.0.rsplit(':').next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variant_is_named_with_its_type_and_without() {
        assert_eq!(name_of(&Some(3)), "Some");
        let event = crate::ledger::VaultEvent::CapChanged { vault: 1, cap: None };
        assert_eq!(name_of(&event), "CapChanged");
    }

    #[test]
    fn refusals_are_counted_by_their_errors() {
        let mut tally = Tally::default();
        let refused = DispatchError::from(crate::ledger::VaultError::NotOwner);
        tally.refuse("vaults", &Err(refused));
        tally.refuse("vaults", &Ok(()));
        let once = tally.clone();
        tally.add(&once);
        assert_eq!(tally.refused, BTreeMap::from([("vaults: NotOwner".to_owned(), 2)]));
        assert!(tally.to_string().contains("| vaults: NotOwner | 2 |"));
    }
}
