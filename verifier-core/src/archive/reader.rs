//! Reading without copying: numbers, and slices behind their length.

use super::ArchiveError;

/// What is left of a file.
pub(super) struct Reader<'a> {
    rest: &'a [u8],
    read: usize,
}

impl<'a> Reader<'a> {
    /// Of a file of at most `limit` bytes that begins with `version`.
    pub(super) fn new(bytes: &'a [u8], limit: usize, version: u8) -> Result<Self, ArchiveError> {
        let actual = bytes.len();
        if actual > limit {
            return Err(ArchiveError::TooLarge { actual, limit });
        }
        let mut reader = Self {
            rest: bytes,
            read: 0,
        };
        match reader.take(1)? {
            [actual] if *actual != version => Err(ArchiveError::UnknownVersion {
                actual: *actual,
                expected: version,
            }),
            _ => Ok(reader),
        }
    }

    /// A `u32`, little-endian.
    pub(super) fn number(&mut self) -> Result<usize, ArchiveError> {
        let bytes = self.take(4)?;
        let number = <[u8; 4]>::try_from(bytes).map_or(0, u32::from_le_bytes);
        Ok(usize::try_from(number).unwrap_or(usize::MAX))
    }

    /// The length of a list whose entries have at least 4 bytes each, so that nothing can be reserved that the file does not hold.
    pub(super) fn count(&mut self) -> Result<usize, ArchiveError> {
        let count = self.number()?;
        if count > self.rest.len() / 4 {
            return Err(self.cut(count.saturating_mul(4)));
        }
        Ok(count)
    }

    /// Bytes behind their length.
    pub(super) fn bytes(&mut self) -> Result<&'a [u8], ArchiveError> {
        let length = self.number()?;
        self.take(length)
    }

    /// A list of bytes behind their lengths.
    pub(super) fn list(&mut self) -> Result<Vec<&'a [u8]>, ArchiveError> {
        (0..self.count()?).map(|_| self.bytes()).collect()
    }

    /// Exactly so many bytes.
    pub(super) fn take(&mut self, length: usize) -> Result<&'a [u8], ArchiveError> {
        let Some((taken, rest)) = self.rest.split_at_checked(length) else {
            return Err(self.cut(length));
        };
        self.rest = rest;
        self.read = self.read.saturating_add(length);
        Ok(taken)
    }

    /// Nothing may be left.
    pub(super) fn finish(self) -> Result<(), ArchiveError> {
        match self.rest.len() {
            0 => Ok(()),
            count => Err(ArchiveError::Trailing { count }),
        }
    }

    fn cut(&self, needed: usize) -> ArchiveError {
        ArchiveError::Cut {
            at: self.read,
            needed,
        }
    }
}
