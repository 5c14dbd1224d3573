//! Genuine, Intel-signed evidence gets the oracle's verdict.

mod common;

use common::{collection, oracle, ours, shipped};
use khala_attestation::{quote, report, roots, AttestationPolicy};

#[test]
fn shipped_quotes_get_the_oracles_verdict_inside_their_windows() {
    for (sample, at) in shipped() {
        let expected = oracle(roots::INTEL, &sample.quote, &sample.oracle_collateral, at);
        let found = ours(roots::INTEL, quote::trim(&sample.quote), &sample.collateral, at);
        assert_eq!(
            found.as_ref().ok(),
            expected.as_ref().ok(),
            "{}: {found:?} {expected:?}",
            sample.name
        );
    }
}

#[test]
fn shipped_quotes_are_refused_outside_their_windows() {
    for (sample, at) in shipped() {
        for at in [0, at - 400 * 24 * 3600, at + 400 * 24 * 3600, u64::MAX] {
            assert!(
                ours(roots::INTEL, quote::trim(&sample.quote), &sample.collateral, at).is_err(),
                "{} at {at}",
                sample.name
            );
        }
    }
}

#[test]
fn collected_quotes_get_their_verdict_inside_their_windows_and_none_outside() {
    for (entry, sample) in collection() {
        let quote = quote::trim(&sample.quote);
        for at in &entry.at {
            let found = ours(roots::INTEL, quote, &sample.collateral, *at);
            assert_eq!(
                found.is_ok(),
                entry.accepted,
                "{} at {at}: {found:?}, expected {:?}",
                entry.name,
                entry.error
            );
            if let Ok((status, advisories)) = found {
                assert_eq!(Some(status), entry.status, "{}", entry.name);
                assert_eq!(Some(advisories), entry.advisory_ids, "{}", entry.name);
            }
        }
        for at in [0, entry.valid_from - 1, entry.valid_until + 1, u64::MAX] {
            assert!(ours(roots::INTEL, quote, &sample.collateral, at).is_err(), "{} at {at}", entry.name);
        }
        let policy = AttestationPolicy::looking();
        let look = report::look(&sample.quote, &sample.collateral, &[roots::INTEL], entry.at[0], &policy);
        assert_eq!(
            (look.accepted, look.quote_version.is_some(), look.fmspc.is_some()),
            (entry.accepted, true, true),
            "{}",
            entry.name
        );
    }
}
