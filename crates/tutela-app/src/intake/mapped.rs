//! Maps a file into memory, so that it is read where it lies and only as far as it is looked at.
#![expect(unsafe_code, reason = "memory mapping: docs/unsafe.md")]

use std::ffi::c_void;
use std::fs::File;
use std::io;
use std::ptr::{self, NonNull};

use rustix::mm::{MapFlags, ProtFlags, mmap, munmap};

/// The bytes of a file, for reading only.
///
/// The file must stay as it is while it is mapped: compiled lists are written beside their name, then
/// renamed, and never written to again. One that is cut meanwhile, or whose disk is pulled out, ends
/// the process when the missing part is read; what a scan has committed stays.
#[derive(Debug)]
pub(crate) struct Mapped {
    /// Dangling where the file is empty.
    start: NonNull<u8>,
    len: usize,
}

// SAFETY: the mapping is for reading only and belongs to this value alone, so it may be read from
// any thread, and given away with the value.
unsafe impl Send for Mapped {}
// SAFETY: as above: shared references only read.
unsafe impl Sync for Mapped {}

impl Mapped {
    /// Maps the whole of a file as it stands.
    ///
    /// # Errors
    /// What the system says.
    pub(crate) fn new(file: &File) -> io::Result<Self> {
        let len = usize::try_from(file.metadata()?.len()).map_err(io::Error::other)?;
        if len == 0 {
            return Ok(Self { start: NonNull::dangling(), len });
        }
        // SAFETY: no address is asked for, so the system chooses one where nothing lies yet: nothing
        // that Rust knows of is overlaid.
        let start =
            unsafe { mmap(ptr::null_mut(), len, ProtFlags::READ, MapFlags::PRIVATE, file, 0) }?;
        let start = NonNull::new(start.cast()).ok_or(io::ErrorKind::OutOfMemory)?;
        Ok(Self { start, len })
    }
}

impl AsRef<[u8]> for Mapped {
    fn as_ref(&self) -> &[u8] {
        // SAFETY: the mapping begins at `start`, is `len` bytes long, readable, and stays until this
        // value is dropped, which the slice cannot outlive; bytes of any value are valid, and for no
        // bytes a dangling pointer serves. That nobody writes to the file is what callers see to.
        unsafe { std::slice::from_raw_parts(self.start.as_ptr(), self.len) }
    }
}

impl Drop for Mapped {
    fn drop(&mut self) {
        if self.len > 0 {
            // SAFETY: exactly what was mapped, once; no slice of it is left.
            let _ = unsafe { munmap(self.start.as_ptr().cast::<c_void>(), self.len) };
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs::{self, File};

    use super::Mapped;

    #[test]
    fn a_mapped_file_holds_what_a_plain_read_gives() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        for len in [0, 1, 4095, 4096, 4097, 3 * 4096 + 17, 1 << 20] {
            let bytes: Vec<u8> = (0..len).map(|at: usize| (at * 31 % 251) as u8).collect();
            fs::write(&path, &bytes).unwrap();
            let mapped = Mapped::new(&File::open(&path).unwrap()).unwrap();
            assert!(mapped.as_ref() == fs::read(&path).unwrap(), "{len} bytes");
            std::thread::scope(|scope| {
                for _ in 0..4 {
                    scope.spawn(|| assert!(mapped.as_ref() == bytes));
                }
            });
        }
    }

    #[test]
    fn a_mapping_outlives_the_name_of_its_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("file");
        fs::write(&path, vec![7; 10_000]).unwrap();
        let mapped = Mapped::new(&File::open(&path).unwrap()).unwrap();
        fs::remove_file(&path).unwrap();
        assert!(mapped.as_ref().iter().all(|byte| *byte == 7));
    }
}
