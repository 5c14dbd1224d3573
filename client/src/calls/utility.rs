//! Several calls in one transaction. Signed.

use crate::Call;

/// All calls, or none when one of them fails.
pub fn batch_all(calls: Vec<Call>) -> Call {
    Call::with_calls("Utility", "batch_all", calls)
}
