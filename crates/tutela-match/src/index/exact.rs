//! Looks up equal digests.

/// Entries a slot of the prefix table covers on average, as a power of two.
const SLOT_SHIFT: u32 = 2;

/// Digests of `N` bytes with the entries that carry them, sorted, behind a table of prefixes.
///
/// **Cost.** `N` + 5 bytes an entry, so some 210 MB for ten million MD5; twice that while it is
/// built. A look-up reads two neighbouring slots and a handful of neighbouring digests.
#[derive(Debug, Clone)]
pub struct ExactIndex<const N: usize> {
    digests: Vec<[u8; N]>,
    entries: Vec<u32>,
    /// Where the digests with each prefix start; one more at the end.
    starts: Vec<u32>,
    prefix_bits: u32,
}

impl<const N: usize> ExactIndex<N> {
    const LONG_ENOUGH: () = assert!(N >= 4, "a prefix is taken from the first four bytes");

    /// Takes digests with the numbers of their entries. Equal digests are all kept; at most 2³²-1.
    pub fn build(mut pairs: Vec<([u8; N], u32)>) -> Self {
        const { Self::LONG_ENOUGH };
        pairs.sort_unstable();
        let prefix_bits = pairs.len().max(1).ilog2().saturating_sub(SLOT_SHIFT).min(32);
        let mut starts = vec![0; (1 << prefix_bits) + 1];
        for (digest, _) in &pairs {
            starts[prefix(digest, prefix_bits) + 1] += 1;
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let digests = pairs.iter().map(|(digest, _)| *digest).collect();
        let entries = pairs.iter().map(|(_, entry)| *entry).collect();
        Self { digests, entries, starts, prefix_bits }
    }

    /// The entries that carry this digest, by rising number.
    pub fn get(&self, digest: &[u8; N]) -> impl Iterator<Item = u32> {
        let slot = prefix(digest, self.prefix_bits);
        let (start, end) = (self.starts[slot] as usize, self.starts[slot + 1] as usize);
        let first = start + self.digests[start..end].partition_point(|d| d < digest);
        let digest = *digest;
        let equal = self.digests[first..end].iter().zip(&self.entries[first..end]);
        equal.take_while(move |(found, _)| **found == digest).map(|(_, entry)| *entry)
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

/// The first bits of a digest.
fn prefix<const N: usize>(digest: &[u8; N], bits: u32) -> usize {
    let head = digest.first_chunk().map_or(0, |head| u32::from_be_bytes(*head));
    (u64::from(head) >> (32 - bits)) as usize
}
