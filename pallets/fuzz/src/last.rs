//! The calls before the one that failed.

use std::{collections::VecDeque, fmt};

const KEPT: usize = 12;

/// What was done last, oldest first.
#[derive(Default)]
pub(crate) struct Last(VecDeque<(u64, String)>, u64);

impl Last {
    pub(crate) fn begin(&mut self, name: &str) {
        if self.0.len() == KEPT {
            self.0.pop_front();
        }
        self.1 += 1;
        self.0.push_back((self.1, name.to_owned()));
    }

    pub(crate) fn detail(&mut self, text: String) {
        if let Some((_, line)) = self.0.back_mut() {
            line.push_str(": ");
            line.push_str(&text);
        }
    }
}

impl fmt::Display for Last {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|(number, line)| writeln!(f, "  {number} {line}"))
    }
}
