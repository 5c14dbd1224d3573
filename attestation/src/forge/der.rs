//! Writing DER, as much as certificates and revocation lists need.

use const_oid::ObjectIdentifier;
use core::time::Duration;
use der::DateTime;
use std::{format, string::String, vec::Vec};

pub(super) const BOOLEAN: u8 = 0x01;
pub(super) const OCTET_STRING: u8 = 0x04;
pub(super) const ENUMERATED: u8 = 0x0a;
pub(super) const UTF8_STRING: u8 = 0x0c;
pub(super) const SEQUENCE: u8 = 0x30;
pub(super) const SET: u8 = 0x31;

/// A value with its tag and length.
pub(super) fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let first = length.iter().position(|byte| *byte != 0).unwrap_or(length.len());
    let length = length.get(first..).unwrap_or_default();
    let mut out = Vec::from([tag]);
    match length {
        [] => out.push(0),
        [short] if *short < 0x80 => out.push(*short),
        long => {
            // At most eight bytes of length.
            out.push(0x80 | u8::try_from(long.len()).unwrap_or(8));
            out.extend_from_slice(long);
        }
    }
    out.extend_from_slice(content);
    out
}

pub(super) fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    tlv(SEQUENCE, &parts.concat())
}

/// A number that is not negative.
pub(super) fn integer(big_endian: &[u8]) -> Vec<u8> {
    let first = big_endian.iter().position(|byte| *byte != 0).unwrap_or(big_endian.len());
    let digits = big_endian.get(first..).unwrap_or_default();
    // A leading zero keeps the sign bit clear, and stands for zero itself.
    let zero: &[u8] = if digits.first().is_none_or(|byte| *byte & 0x80 != 0) {
        &[0]
    } else {
        &[]
    };
    tlv(0x02, &[zero, digits].concat())
}

pub(super) fn oid(oid: ObjectIdentifier) -> Vec<u8> {
    tlv(0x06, oid.as_bytes())
}

/// A bit string of whole bytes, or with some bits of the last byte unused.
pub(super) fn bits(unused: u8, content: &[u8]) -> Vec<u8> {
    tlv(0x03, &[&[unused], content].concat())
}

/// A date: two digits for years until 2049, four from then on (RFC 5280, section 4.1.2.5).
pub(super) fn time(unix_secs: u64) -> Vec<u8> {
    let date = date_time(unix_secs);
    let (year, tag) = (date.year(), if date.year() < 2050 { 0x17 } else { 0x18 });
    let year = if tag == 0x17 {
        format!("{:02}", year.rem_euclid(100))
    } else {
        format!("{year}")
    };
    let rest = format!(
        "{:02}{:02}{:02}{:02}{:02}Z",
        date.month(),
        date.day(),
        date.hour(),
        date.minutes(),
        date.seconds()
    );
    tlv(tag, format!("{year}{rest}").as_bytes())
}

/// A date in Intel's JSON.
pub(super) fn rfc3339(unix_secs: u64) -> String {
    format!("{}", date_time(unix_secs))
}

fn date_time(unix_secs: u64) -> DateTime {
    DateTime::from_unix_duration(Duration::from_secs(unix_secs)).unwrap_or(DateTime::INFINITY)
}
