//! The live table on a terminal, or plain lines elsewhere.

use super::{Sample, WorkerSample};
use crate::{output, units};
use std::{
    collections::BTreeMap,
    io::{self, IsTerminal, Write},
    time::{Duration, Instant},
};

/// Time between two plain summaries.
const SUMMARY_EVERY: Duration = Duration::from_secs(15);
/// Columns, where the terminal does not tell.
const DEFAULT_WIDTH: usize = 120;

/// How samples are shown.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Style {
    /// A table that is drawn again and again. For terminals.
    Table,
    /// A line for each change, and a table now and then.
    Lines,
    /// Not at all. For tests.
    Silent,
}

/// Shows samples and messages.
pub struct Live {
    style: Style,
    /// Where to reach the network; shown above the table.
    heading: Vec<String>,
    /// Lines of the table that stand on the terminal now.
    drawn: usize,
    /// What was said last about each worker.
    said: BTreeMap<String, String>,
    summary_at: Option<Instant>,
}

impl Live {
    /// `heading` stands above the table; lines are printed below it. Lines replace the table where there is no terminal.
    pub fn new(style: Style, heading: Vec<String>) -> Self {
        let style = if style == Style::Table && !io::stdout().is_terminal() {
            Style::Lines
        } else {
            style
        };
        if style == Style::Lines {
            heading.iter().for_each(|line| print_line(line));
        }
        Self {
            style,
            heading,
            drawn: 0,
            said: BTreeMap::new(),
            summary_at: None,
        }
    }

    /// Says something that stays.
    pub fn say(&mut self, message: &str) {
        if self.style != Style::Silent {
            self.erase();
            print_line(message);
        }
    }

    /// Shows a sample.
    pub fn show(&mut self, sample: &Sample) {
        match self.style {
            Style::Table => self.draw(sample),
            Style::Lines => self.report(sample),
            Style::Silent => {}
        }
    }

    fn draw(&mut self, sample: &Sample) {
        let width = width();
        let mut lines = self.heading.clone();
        lines.push(summary(sample));
        lines.push(String::new());
        lines.extend(output::lines(&table(sample)));
        lines.push(String::new());
        lines.push("Ctrl-C stops everything.".into());
        self.erase();
        for line in &lines {
            print_line(&line.chars().take(width).collect::<String>());
        }
        self.drawn = lines.len();
    }

    /// Goes back to the first line of what was drawn, and clears from there. The terminal may have echoed a Ctrl-C behind it.
    fn erase(&mut self) {
        if self.drawn > 0 {
            let _ = write!(io::stdout(), "\r\x1b[{}A\x1b[J", self.drawn);
            self.drawn = 0;
        }
    }

    /// Says what has changed, and now and then everything.
    fn report(&mut self, sample: &Sample) {
        for worker in &sample.workers {
            let description = worker.describe();
            if self.said.get(&worker.spec.name) != Some(&description) {
                print_line(&format!("block {}: {} is {description}", sample.block.number, worker.spec.name));
                self.said.insert(worker.spec.name.clone(), description);
            }
        }
        if self.summary_at.is_none_or(|at| at.elapsed() >= SUMMARY_EVERY) {
            self.summary_at = Some(Instant::now());
            print_line(&summary(sample));
            output::lines(&table(sample)).iter().for_each(|line| print_line(line));
        }
    }
}

/// A closed standard output must not stop the network.
fn print_line(line: &str) {
    let mut out = io::stdout().lock();
    let _ = writeln!(out, "{line}");
    let _ = out.flush();
}

fn width() -> usize {
    let told = rustix::termios::tcgetwinsize(io::stdout())
        .ok()
        .map(|size| usize::from(size.ws_col));
    told.filter(|columns| *columns > 0).unwrap_or(DEFAULT_WIDTH)
}

fn summary(sample: &Sample) -> String {
    let network = &sample.network;
    format!(
        "block {} (final {}), {} of {} workers mining, paid {} PHA to pools and {} PHA to the treasury",
        sample.block.number,
        sample.finalized,
        network.idle_sessions,
        sample.workers.len(),
        units::pha(network.paid, 4),
        units::pha(network.treasury_part, 4),
    )
}

fn table(sample: &Sample) -> comfy_table::Table {
    let mut table = output::table(&["worker", ">level", ">V", ">P", ">heartbeats", ">earned PHA", ">lease", "state"]);
    for worker in &sample.workers {
        table.add_row(cells(worker, sample.network.now_ms / 1_000));
    }
    table
}

fn cells(worker: &WorkerSample, now_secs: u64) -> [String; 8] {
    let none = || "-".to_owned();
    let registration = worker.chain.as_ref().and_then(|status| status.registration.as_ref());
    [
        worker.spec.name.clone(),
        registration.map_or_else(none, |registration| registration.confidence_level.to_string()),
        worker.session().map_or_else(none, |session| units::fixed18(session.v, 4)),
        registration
            .and_then(|registration| registration.score)
            .map_or_else(none, |score| score.to_string()),
        worker
            .relayed
            .as_ref()
            .map_or_else(none, |relayed| format!("{}/{}", relayed.answered, relayed.asked)),
        units::pha(worker.paid(), 4),
        registration.map_or_else(none, |registration| units::remaining(registration.lease_end_secs, now_secs)),
        worker.describe(),
    ]
}
