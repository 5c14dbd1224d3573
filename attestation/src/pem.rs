//! PEM (RFC 7468) as leniently as dcap-qvl reads it, with a note when it was not exactly what Intel writes.
//!
//! PEM is not signed: whoever passes it on can put anything between the certificates. Verification takes what the
//! oracle takes and says in [`Pem::plain`] whether there was anything unusual.

use alloc::{string::String, vec::Vec};

const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"-----END ";
const DASHES: &[u8] = b"-----";

/// The contents of a PEM text.
pub(crate) struct Pem {
    /// DER of each block.
    pub blocks: Vec<Vec<u8>>,
    /// There is nothing but certificates, line ends, and at most one NUL at the end.
    pub plain: bool,
}

/// Reads all blocks; text outside of blocks is passed over. `None` if a block cannot be decoded.
pub(crate) fn parse(text: &[u8]) -> Option<Pem> {
    let mut blocks = Vec::new();
    let mut plain = true;
    let mut rest = text;
    while let Some((block, after)) = next_block(rest) {
        plain &= is_white(block.before) && block.label == b"CERTIFICATE";
        if block.label.is_empty() || block.label != block.end_label || core::str::from_utf8(block.label).is_err() {
            return None;
        }
        let (headers, data) = split_headers(block.payload);
        let headers = core::str::from_utf8(headers).ok()?;
        if !headers.lines().all(|line| line.contains(':')) {
            return None;
        }
        plain &= headers.is_empty();
        let digits: String = core::str::from_utf8(data).ok()?.chars().filter(|c| !c.is_whitespace()).collect();
        blocks.push(decode_base64(digits.as_bytes())?);
        rest = after;
    }
    plain &= is_white(rest.strip_suffix(&[0]).unwrap_or(rest));
    Some(Pem { blocks, plain })
}

/// One block, not decoded.
struct Block<'a> {
    before: &'a [u8],
    label: &'a [u8],
    payload: &'a [u8],
    end_label: &'a [u8],
}

fn next_block(text: &[u8]) -> Option<(Block<'_>, &[u8])> {
    let (before, text) = find(text, BEGIN)?;
    let (label, text) = find(text, DASHES)?;
    let (payload, text) = find(trim_start(text), END)?;
    let (end_label, text) = find(text, DASHES)?;
    Some((
        Block {
            before,
            label,
            payload,
            end_label,
        },
        text,
    ))
}

/// What is before and after the first `marker`.
///
/// As the oracle does it: after a mismatch the search goes on behind the byte that did not match, so that a sixth dash
/// in front of a marker hides it.
fn find<'a>(text: &'a [u8], marker: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let mut matched = 0usize;
    for (index, byte) in text.iter().enumerate() {
        matched = if marker.get(matched) == Some(byte) {
            matched.saturating_add(1)
        } else {
            0
        };
        if matched == marker.len() {
            let end = index.saturating_add(1);
            return Some((text.get(..end.saturating_sub(matched))?, text.get(end..)?));
        }
    }
    None
}

/// Headers, which end with an empty line, and data.
fn split_headers(payload: &[u8]) -> (&[u8], &[u8]) {
    find(payload, b"\n\n")
        .or_else(|| find(payload, b"\r\n\r\n"))
        .unwrap_or((&[], payload))
}

fn trim_start(text: &[u8]) -> &[u8] {
    let count = text.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')).count();
    text.get(count..).unwrap_or_default()
}

fn is_white(text: &[u8]) -> bool {
    trim_start(text).is_empty()
}

/// Base64 (RFC 4648, section 4) with its padding, in its only canonical form.
fn decode_base64(digits: &[u8]) -> Option<Vec<u8>> {
    let padding = digits.iter().rev().take_while(|digit| **digit == b'=').count();
    if digits.len() & 3 != 0 || padding > 2 {
        return None;
    }
    let digits = digits.get(..digits.len().saturating_sub(padding))?;
    let mut out = Vec::with_capacity(digits.len());
    for group in digits.chunks(4) {
        let mut bits = 0u32;
        for index in 0..4 {
            let sextet = group.get(index).map_or(Some(0), |digit| sextet(*digit))?;
            bits = (bits << 6) | sextet;
        }
        let [_, bytes @ ..] = bits.to_be_bytes();
        // Two digits make one byte, three make two, four make three.
        let (bytes, rest) = bytes.split_at_checked(group.len().checked_sub(1)?)?;
        if rest.iter().any(|byte| *byte != 0) {
            return None;
        }
        out.extend_from_slice(bytes);
    }
    Some(out)
}

fn sextet(digit: u8) -> Option<u32> {
    let (from, first) = match digit {
        b'A'..=b'Z' => (b'A', 0u8),
        b'a'..=b'z' => (b'a', 26),
        b'0'..=b'9' => (b'0', 52),
        b'+' => (b'+', 62),
        b'/' => (b'/', 63),
        _ => return None,
    };
    Some(u32::from(digit.wrapping_sub(from).wrapping_add(first)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLOCK: &str = "-----BEGIN CERTIFICATE-----\nAQID\n-----END CERTIFICATE-----\n";

    fn blocks(text: &str) -> Option<Vec<Vec<u8>>> {
        parse(text.as_bytes()).map(|pem| pem.blocks)
    }

    fn is_plain(text: &str) -> bool {
        parse(text.as_bytes()).is_some_and(|pem| pem.plain)
    }

    #[test]
    fn blocks_come_in_order_and_may_end_in_one_nul() {
        let two = alloc::format!("{BLOCK}-----BEGIN CERTIFICATE-----\r\nBAUG\r\n-----END CERTIFICATE-----\r\n");
        assert_eq!(blocks(&two), Some([[1, 2, 3].to_vec(), [4, 5, 6].to_vec()].into()));
        for (tail, plain) in [("", true), ("\0", true), ("\0\0", false), ("x", false), ("\n", true)] {
            assert_eq!(is_plain(&alloc::format!("{two}{tail}")), plain, "{tail:?}");
        }
        assert_eq!(blocks(""), Some(Vec::new()));
    }

    #[test]
    fn unusual_text_is_read_but_noted() {
        for text in [
            alloc::format!("hello {BLOCK}"),
            BLOCK.replace("CERTIFICATE", "X"),
            BLOCK.replace("\nAQID", "\na: b\n\nAQID"),
            alloc::format!("{BLOCK}-----BEGIN CERTIFICATE-----\nAQ"),
        ] {
            assert_eq!(blocks(&text), Some([[1, 2, 3].to_vec()].into()), "{text}");
            assert!(!is_plain(&text), "{text}");
        }
    }

    #[test]
    fn a_sixth_dash_hides_the_marker() {
        assert_eq!(blocks(&alloc::format!("-{BLOCK}")), Some(Vec::new()));
    }

    #[test]
    fn blocks_that_cannot_be_decoded_are_refused() {
        for text in [
            BLOCK.replace("BEGIN CERTIFICATE", "BEGIN "),
            BLOCK.replace("END CERTIFICATE", "END CERT"),
            BLOCK.replace("AQID", "AQI"),
            BLOCK.replace("AQID", "AQI!"),
            BLOCK.replace("\nAQID", "\nno header\n\nAQID"),
        ] {
            assert_eq!(blocks(&text), None, "{text}");
        }
    }

    #[test]
    fn base64_has_one_form() {
        for (digits, bytes) in [
            ("", Some(&[][..])),
            ("AQ==", Some(&[1][..])),
            ("AQI=", Some(&[1, 2])),
            ("AQID", Some(&[1, 2, 3])),
            ("+/+/", Some(&[0xfb, 0xff, 0xbf])),
            ("AQ", None),
            ("AR==", None),
            ("AQJ=", None),
            ("A===", None),
            ("====", None),
            ("A=Q=", None),
            ("AQ=a", None),
        ] {
            assert_eq!(decode_base64(digits.as_bytes()).as_deref(), bytes, "{digits}");
        }
    }
}
