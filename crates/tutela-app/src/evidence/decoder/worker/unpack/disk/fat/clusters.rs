//! Clusters of a FAT volume and the chains they form.

use std::io::{self, Read};

use super::Part;

/// Bits of an entry of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Width {
    Bits12,
    Bits16,
    Bits32,
    ExFat,
}

impl Width {
    /// From this number on, an entry says that a chain ends.
    const fn end(self) -> u64 {
        match self {
            Self::Bits12 => 0xff8,
            Self::Bits16 => 0xfff8,
            Self::Bits32 => 0x0fff_fff8,
            Self::ExFat => 0xffff_fff8,
        }
    }
}

/// The clusters of a volume, numbered from 2.
pub(super) struct Clusters {
    pub(super) table: Part,
    pub(super) width: Width,
    pub(super) data: Part,
    pub(super) cluster_bytes: u64,
    pub(super) count: u64,
}

/// The bytes of one chain.
pub(super) struct Chain {
    table: Part,
    data: Part,
    width: Width,
    cluster_bytes: u64,
    count: u64,
    contiguous: bool,
    cluster: Option<u64>,
    /// Bytes read of the cluster.
    offset: u64,
    /// Clusters read: a chain that has more than the volume is a loop.
    followed: u64,
}

impl Chain {
    pub(super) fn new(clusters: &Clusters, first: u64, contiguous: bool) -> Self {
        Self {
            table: clusters.table.clone(),
            data: clusters.data.clone(),
            width: clusters.width,
            cluster_bytes: clusters.cluster_bytes,
            count: clusters.count,
            contiguous,
            cluster: Some(first),
            offset: 0,
            followed: 0,
        }
    }

    /// The cluster after this one; `None` where the chain ends.
    fn next(&mut self, cluster: u64) -> io::Result<Option<u64>> {
        self.followed += 1;
        if self.followed > self.count {
            return Err(io::ErrorKind::InvalidData.into());
        }
        if self.contiguous {
            return Ok(Some(cluster + 1));
        }
        let next = match self.width {
            Width::Bits12 => {
                let mut pair = [0; 2];
                self.table.read_exact_at(cluster * 3 / 2, &mut pair)?;
                let pair = u64::from(u16::from_le_bytes(pair));
                if cluster.is_multiple_of(2) { pair & 0xfff } else { pair >> 4 }
            }
            Width::Bits16 => {
                let mut entry = [0; 2];
                self.table.read_exact_at(cluster * 2, &mut entry)?;
                u16::from_le_bytes(entry).into()
            }
            Width::Bits32 | Width::ExFat => {
                let mut entry = [0; 4];
                self.table.read_exact_at(cluster * 4, &mut entry)?;
                let mask = if self.width == Width::ExFat { u32::MAX } else { 0x0fff_ffff };
                u64::from(u32::from_le_bytes(entry) & mask)
            }
        };
        Ok((next < self.width.end()).then_some(next))
    }

    /// Reads from one cluster, from where the last read ended.
    fn read_in(&mut self, cluster: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let number = cluster.checked_sub(2).filter(|number| *number < self.count);
        let number = number.ok_or(io::ErrorKind::InvalidData)?;
        let left = usize::try_from(self.cluster_bytes - self.offset).unwrap_or(usize::MAX);
        let wanted = left.min(buffer.len());
        let at = number.saturating_mul(self.cluster_bytes).saturating_add(self.offset);
        self.data.read_exact_at(at, &mut buffer[..wanted])?;
        Ok(wanted)
    }
}

impl Read for Chain {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while filled < buffer.len() {
            let Some(cluster) = self.cluster else { break };
            let wanted = match self.read_in(cluster, &mut buffer[filled..]) {
                Ok(wanted) => wanted,
                // What was read comes first; the error is met again.
                Err(_) if filled > 0 => break,
                Err(error) => return Err(error),
            };
            filled += wanted;
            self.offset += wanted as u64;
            if self.offset == self.cluster_bytes {
                self.offset = 0;
                // An error is met again at the next read: the cluster must not be given out twice.
                self.cluster = match self.next(cluster) {
                    Ok(next) => next,
                    Err(_) => Some(0),
                };
            }
        }
        Ok(filled)
    }
}
