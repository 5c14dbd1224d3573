//! Randomness from the system, for every provider.
//!
//! `getrandom` is asked, not the processor. Inside Gramine it never leaves the enclave: Gramine answers it by RDRAND. In
//! a TD it is the guest kernel's generator, which is seeded by RDRAND and RDSEED before anything else runs; the host can
//! neither read it nor stop these instructions from working unseen. To execute RDRAND here would need unsafe code, and
//! would skip the mixing of a TD's kernel.

use super::TeeError;
use rand::{rngs::OsRng, RngCore};

/// Fills `out`.
pub(super) fn fill(out: &mut [u8]) -> Result<(), TeeError> {
    OsRng.try_fill_bytes(out).map_err(|error| TeeError::Random(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn randomness_is_not_repeated() {
        let (mut one, mut other) = ([0; 32], [0; 32]);
        fill(&mut one).unwrap();
        fill(&mut other).unwrap();
        assert_ne!(one, other);
    }
}
