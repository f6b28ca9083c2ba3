//! Files of a compilation: scratch that has no name, and an output that shows only when it is whole.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::ids;

/// Bytes written at once.
const BUFFER_BYTES: usize = 1 << 20;

/// A file without a name, in some folder: it goes when it is closed, however that comes about.
pub(super) fn scratch(dir: &Path) -> io::Result<File> {
    let path = dir.join(format!(".tutela-{}.scratch", ids::new()));
    let file = OpenOptions::new().read(true).write(true).create_new(true).open(&path)?;
    fs::remove_file(&path)?;
    Ok(file)
}

/// Bytes that are written one after another now and read from the beginning later.
pub(super) struct Spill {
    out: BufWriter<File>,
    /// Bytes so far.
    pub(super) len: u64,
}

impl Spill {
    pub(super) fn new(dir: &Path) -> io::Result<Self> {
        Ok(Self { out: BufWriter::with_capacity(BUFFER_BYTES, scratch(dir)?), len: 0 })
    }

    /// From the beginning.
    pub(super) fn reader(&mut self) -> io::Result<io::BufReader<&File>> {
        self.out.flush()?;
        let mut file = self.out.get_ref();
        file.seek(SeekFrom::Start(0))?;
        Ok(io::BufReader::with_capacity(BUFFER_BYTES, file))
    }

    pub(super) fn copy_to(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let len = self.len;
        let copied = io::copy(&mut self.reader()?.take(len), out)?;
        if copied == len { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }
}

impl Write for Spill {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.len += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// A file that is written beside its place and takes it only when it is whole.
pub(super) struct Beside {
    /// Open for writing and reading.
    pub(super) file: File,
    at: PathBuf,
    place: PathBuf,
    placed: bool,
}

impl Beside {
    pub(super) fn new(place: &Path) -> io::Result<Self> {
        let name = place.file_name().unwrap_or_default().to_string_lossy();
        let at = place.with_file_name(format!(".{name}.{}.part", ids::new()));
        let file = OpenOptions::new().read(true).write(true).create_new(true).open(&at)?;
        Ok(Self { file, at, place: place.to_owned(), placed: false })
    }

    /// Puts it in its place, over what may be there. It survives a crash from here on.
    pub(super) fn put(mut self) -> io::Result<()> {
        self.file.sync_all()?;
        fs::rename(&self.at, &self.place)?;
        self.placed = true;
        let dir = self.place.parent().filter(|dir| !dir.as_os_str().is_empty());
        File::open(dir.unwrap_or(Path::new(".")))?.sync_all()
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        if !self.placed {
            let _ = fs::remove_file(&self.at);
        }
    }
}
