//! Bits of one interval of a scan, the stuffing taken out before.

/// Zero bytes that follow the content of an interval, so that reading ahead stays inside.
pub(super) const PADDING: usize = 16;

/// Bits that are there after [`Bits::refill`].
pub(super) const HELD: u32 = 56;

/// Reads bits, the highest of each byte first.
pub(super) struct Bits<'a> {
    /// What was not looked at, padding included.
    rest: &'a [u8],
    /// The next bits, from the top.
    held: u64,
    /// How many of them count: the lowest six bits of this. A processor shifts by just these, so
    /// what stands above them is left there.
    count: u32,
}

impl<'a> Bits<'a> {
    /// `bytes` end with [`PADDING`].
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, held: 0, count: 0 }
    }

    /// Makes sure that [`HELD`] bits are there. `None` far behind the end.
    #[inline(always)]
    pub(super) fn refill(&mut self) -> Option<()> {
        let word = u64::from_be_bytes(*self.rest.first_chunk()?);
        // Bits beyond those counted are the right ones too, and are only written again later.
        self.held |= word >> (self.count & 63);
        self.rest = &self.rest[(!self.count >> 3 & 7) as usize..];
        self.count |= HELD;
        Some(())
    }

    /// The bits that come next, from the top.
    #[inline(always)]
    pub(super) fn held(&self) -> u64 {
        self.held
    }

    /// Skips 0 to 56 bits, which must be there: as many as the lowest six bits say.
    #[inline(always)]
    pub(super) fn skip(&mut self, bits: u32) {
        self.held <<= bits & 63;
        self.count = self.count.wrapping_sub(bits);
    }

    /// Takes 0 to 32 bits, which must be there.
    #[inline(always)]
    pub(super) fn take(&mut self, bits: u32) -> u32 {
        let value = self.held.rotate_left(bits) & ((1 << bits) - 1);
        self.skip(bits);
        value as u32
    }

    /// Whether all was read but the bits that fill the last byte.
    pub(super) fn is_used_up(&self) -> bool {
        let unread = self.rest.len() * 8 + (self.count & 63) as usize;
        unread.checked_sub(PADDING * 8).is_some_and(|unread| unread < 8)
    }
}

#[cfg(test)]
mod tests {
    use super::{Bits, PADDING};

    #[test]
    fn bits_come_in_order_to_the_end() {
        let mut bytes: Vec<u8> = (0..40).map(|i: u8| i.wrapping_mul(37)).collect();
        bytes.resize(40 + PADDING, 0);
        for step in 1..=32 {
            let mut bits = Bits::new(&bytes);
            for n in 0..320 / step {
                bits.refill().unwrap();
                let value = bits.take(step);
                for i in 0..step {
                    let place = (n * step + i) as usize;
                    let bit = bytes[place / 8] >> (7 - place % 8) & 1;
                    assert_eq!(value >> (step - 1 - i) & 1, u32::from(bit), "{step}: {place}");
                }
                assert_eq!(bits.is_used_up(), 320 - (n + 1) * step < 8, "{step}: {n}");
            }
            while bits.refill().is_some() {
                bits.skip(20);
            }
            assert!(!bits.is_used_up());
        }
    }
}
