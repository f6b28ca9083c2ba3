//! Makes file systems, disks and acquisitions with the tools of Debian.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Bytes of each partition.
pub(super) const PARTITION_BYTES: u64 = 24 << 20;
const FIRST_SECTOR: u64 = 2048;
const SECTOR_BYTES: u64 = 512;

/// A command that finds the tools of administrators, too.
fn tool(name: &str) -> Command {
    let mut command = Command::new(name);
    let path = std::env::var("PATH").unwrap_or_default();
    command.env("PATH", format!("{path}:/usr/sbin:/sbin")).stdin(Stdio::null());
    command
}

/// Runs a tool that must succeed; `false` where it is not installed, which is said.
pub(super) fn ran<S: AsRef<OsStr>>(name: &str, args: impl IntoIterator<Item = S>) -> bool {
    match tool(name).args(args).output() {
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(output.status.success(), "{name}: {said}");
            true
        }
        Err(_) => {
            println!("skipped: {name} is not installed");
            false
        }
    }
}

/// File systems that are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileSystem {
    Ext4,
    Ntfs,
    Fat,
}

impl FileSystem {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Ext4 => "ext4",
            Self::Ntfs => "ntfs",
            Self::Fat => "fat",
        }
    }

    /// Makes a volume of some size that holds the files of a folder.
    pub(super) fn make(self, volume: &Path, from: &Path, size_bytes: u64) -> bool {
        File::create(volume).unwrap().set_len(size_bytes).unwrap();
        let (volume, from) = (volume.to_str().unwrap(), from.to_str().unwrap());
        match self {
            Self::Ext4 => ran("mke2fs", ["-q", "-t", "ext4", "-d", from, volume]),
            Self::Ntfs => {
                let wim = format!("{volume}.wim");
                ran("mkntfs", ["-F", "-q", "-f", volume])
                    && ran("wimlib-imagex", ["capture", from, &wim, "--compress=none"])
                    && ran("wimlib-imagex", ["apply", &wim, volume])
            }
            Self::Fat => {
                let names = fs::read_dir(from).unwrap().map(|entry| entry.unwrap().path());
                let names = names.map(|path| path.to_str().unwrap().to_owned());
                let copy = ["-s", "-Q", "-i", volume].map(str::to_owned).into_iter();
                ran("mkfs.fat", [volume])
                    && ran("mcopy", copy.chain(names).chain(["::".to_owned()]))
            }
        }
    }
}

/// A disk as it comes together: partitions side by side.
pub(super) struct Image {
    folder: PathBuf,
    partitions: Vec<PathBuf>,
}

impl Image {
    pub(super) fn new(folder: PathBuf) -> Self {
        fs::create_dir_all(&folder).unwrap();
        Self { folder, partitions: Vec::new() }
    }

    pub(super) fn path(&self) -> PathBuf {
        self.folder.join("disk.img")
    }

    /// Adds a partition with the files of a folder, where its tools are installed.
    pub(super) fn partition(&mut self, system: FileSystem, from: &Path) -> bool {
        let volume = self.folder.join(format!("volume-{}", self.partitions.len()));
        let made = system.make(&volume, from, PARTITION_BYTES);
        self.partitions.extend(made.then_some(volume));
        made
    }

    /// Adds a partition that begins with these bytes.
    pub(super) fn raw(&mut self, start: &[u8]) {
        let volume = self.folder.join(format!("volume-{}", self.partitions.len()));
        fs::write(&volume, start).unwrap();
        self.partitions.push(volume);
    }

    /// Writes the disk, under a GPT.
    pub(super) fn write(&self) -> bool {
        let sectors = PARTITION_BYTES / SECTOR_BYTES;
        let mut disk = File::create(self.path()).unwrap();
        let count = self.partitions.len() as u64;
        disk.set_len((FIRST_SECTOR * 2 + count * sectors) * SECTOR_BYTES).unwrap();
        let (mut table, mut at) = (vec!["-a".to_owned(), "1".to_owned()], FIRST_SECTOR);
        for volume in &self.partitions {
            disk.seek(SeekFrom::Start(at * SECTOR_BYTES)).unwrap();
            disk.write_all(&fs::read(volume).unwrap()).unwrap();
            table.extend(["-n".to_owned(), format!("0:{at}:{}", at + sectors - 1)]);
            at += sectors;
        }
        table.push(self.path().to_str().unwrap().to_owned());
        ran("sgdisk", table)
    }

    /// Acquires the disk as E01; gives the first segment.
    pub(super) fn acquired(&self, name: &str, options: &[&str]) -> Option<String> {
        acquire(&self.path(), &self.folder.join(name), options)
    }

    /// The disk as ewf-tools read it from an acquisition.
    pub(super) fn exported(&self, first: &str) -> Option<PathBuf> {
        let target = self.folder.join("exported");
        let args = ["-u", "-q", "-f", "raw", "-t", target.to_str().unwrap(), first];
        ran("ewfexport", args).then(|| target.with_extension("raw"))
    }
}

/// Acquires a file as E01; gives the first segment.
pub(super) fn acquire(source: &Path, target: &Path, options: &[&str]) -> Option<String> {
    let target = target.to_str().unwrap();
    let fixed = ["-u", "-q", "-t", target].into_iter().chain(options.iter().copied());
    ran("ewfacquire", fixed.chain([source.to_str().unwrap()])).then(|| format!("{target}.E01"))
}
