//! Fuzz targets of the verifier. `docs/attestation-suite.md` says how to run them.

pub mod targets;
