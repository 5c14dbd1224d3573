//! Group 8: the evidence is about this WorkerInfo.

use crate::{error::Error, verdict::Verdict};
use khala_primitives::WorkerInfo;

/// The report data equals the hash of `info`, as WorkerInfo defines it.
///
/// Genesis hash, operator, keys, instance and freshness are part of the hash; whether they are the right ones for a
/// chain is for the chain to say.
///
/// # Errors
/// [`Error::Binding`] if it is about something else.
pub fn check_binding(verdict: &Verdict, info: &WorkerInfo) -> Result<(), Error> {
    if verdict.report_data != info.report_data() {
        return Err(Error::Binding);
    }
    Ok(())
}
