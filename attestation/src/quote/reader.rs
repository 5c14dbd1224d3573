//! Reading little-endian fields off the front of a byte string.

use crate::{collateral::saturate, error::Error, part::QuoteField};

/// What is left to read.
#[derive(Clone, Copy)]
pub(super) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// Bytes left.
    pub(super) fn left(&self) -> usize {
        self.rest.len()
    }

    /// The part of `whole`, which this reader was made of, that is read already.
    pub(super) fn consumed(&self, whole: &'a [u8]) -> &'a [u8] {
        whole.get(..whole.len().saturating_sub(self.rest.len())).unwrap_or_default()
    }

    /// The next `count` bytes, without a copy: a length that lies costs nothing.
    pub(super) fn take(&mut self, count: usize, field: QuoteField) -> Result<&'a [u8], Error> {
        let has = self.rest.len();
        let (head, rest) = self.rest.split_at_checked(count).ok_or(Error::QuoteTruncated {
            field,
            needs: saturate(count),
            has: saturate(has),
        })?;
        self.rest = rest;
        Ok(head)
    }

    /// The next `N` bytes.
    pub(super) fn array<const N: usize>(&mut self, field: QuoteField) -> Result<[u8; N], Error> {
        let mut out = [0; N];
        out.copy_from_slice(self.take(N, field)?);
        Ok(out)
    }

    pub(super) fn u16(&mut self, field: QuoteField) -> Result<u16, Error> {
        self.array(field).map(u16::from_le_bytes)
    }

    pub(super) fn u32(&mut self, field: QuoteField) -> Result<u32, Error> {
        self.array(field).map(u32::from_le_bytes)
    }

    /// As many bytes as a size of two bytes in front of them says.
    pub(super) fn sized_u16(&mut self, field: QuoteField) -> Result<&'a [u8], Error> {
        let size = self.u16(field)?;
        self.take(usize::from(size), field)
    }

    /// As many bytes as a size of four bytes in front of them says.
    pub(super) fn sized_u32(&mut self, field: QuoteField) -> Result<&'a [u8], Error> {
        let size = self.u32(field)?;
        self.take(usize::try_from(size).unwrap_or(usize::MAX), field)
    }
}
