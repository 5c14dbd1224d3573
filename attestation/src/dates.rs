//! Dates in Intel's JSON: RFC 3339 in UTC, to the second.

use der::DateTime;

/// Seconds since 1970 of a date of the form `2026-04-01T12:00:00Z`. `None` for any other form.
pub(crate) fn parse(text: &str) -> Option<u64> {
    let bytes: &[u8; 20] = text.as_bytes().try_into().ok()?;
    let &[y0, y1, y2, y3, b'-', mo0, mo1, b'-', d0, d1, b'T', h0, h1, b':', mi0, mi1, b':', s0, s1, b'Z'] = bytes else {
        return None;
    };
    let century = two_digits(y0, y1)?;
    let year = u16::from(century).checked_mul(100)?.checked_add(u16::from(two_digits(y2, y3)?))?;
    let date = DateTime::new(
        year,
        two_digits(mo0, mo1)?,
        two_digits(d0, d1)?,
        two_digits(h0, h1)?,
        two_digits(mi0, mi1)?,
        two_digits(s0, s1)?,
    );
    Some(date.ok()?.unix_duration().as_secs())
}

fn two_digits(tens: u8, ones: u8) -> Option<u8> {
    if !tens.is_ascii_digit() || !ones.is_ascii_digit() {
        return None;
    }
    tens.checked_sub(b'0')?.checked_mul(10)?.checked_add(ones.checked_sub(b'0')?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_seconds_since_1970() {
        for (text, secs) in [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("2026-03-30T10:40:05Z", Some(1_774_867_205)),
            ("2024-02-29T23:59:59Z", Some(1_709_251_199)),
            ("2023-02-29T00:00:00Z", None),
            ("2026-13-01T00:00:00Z", None),
            ("2026-01-01T24:00:00Z", None),
            ("1969-12-31T23:59:59Z", None),
            ("2026-01-01 00:00:00Z", None),
            ("2026-01-01T00:00:00", None),
            ("2026-01-01T00:00:00.0Z", None),
            ("2026-01-01T00:00:+0Z", None),
            ("", None),
        ] {
            assert_eq!(parse(text), secs, "{text}");
        }
    }
}
