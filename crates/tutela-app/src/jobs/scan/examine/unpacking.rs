//! The entries of one archive as they come out: sealed on the way, kept where they can be examined.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use tutela_core::{Failure, Md5, Note};
use tutela_match::content::{Kind, MAX_FILE_BYTES, sniff};

use super::{Container, Examiner, Facts, Found, INSIDE, Member};
use crate::AppError;
use crate::evidence::decoder::{EntryKind, EntryStart, UnpackEvent, is_by_ffmpeg};
use crate::evidence::sealing::{self, HEAD_BYTES, Sealer};
use crate::intake::walk::path_key;

/// An archive while its entries come out.
pub(super) struct Unpacking<'a> {
    pub(super) path: &'a str,
    pub(super) key: &'a str,
    pub(super) depth: u32,
    pub(super) container: &'a Arc<Container>,
    pub(super) entry: Option<OpenEntry>,
    /// More has come out of the outermost archive than is unpacked.
    pub(super) over_budget: bool,
}

/// The entry whose bytes are coming.
pub(super) struct OpenEntry {
    found: Found,
    reported_md5: Option<Md5>,
    sealer: Sealer,
    content: Content,
}

/// What becomes of the bytes of an entry besides digesting them.
enum Content {
    /// Too little of it has come to tell what it is: the first bytes, held back.
    Unseen(Vec<u8>),
    /// Kept: a picture or an archive.
    Kept(File),
    /// Not needed, or too large to keep.
    Dropped,
}

impl Unpacking<'_> {
    pub(super) fn event(
        &mut self,
        event: UnpackEvent<'_>,
        examiner: &mut Examiner<'_>,
    ) -> Result<(), AppError> {
        match event {
            UnpackEvent::Start(start) => {
                self.over_budget |= !self.container.budget.spend(1, 0);
                self.start(start, examiner);
                Ok(())
            }
            UnpackEvent::Data(bytes) => {
                self.over_budget |= !self.container.budget.spend(0, bytes.len() as u64);
                match &mut self.entry {
                    Some(entry) => entry.take(bytes).map_err(AppError::memory),
                    None => Ok(()),
                }
            }
            UnpackEvent::End => self.end(None, examiner),
            UnpackEvent::Failed(failure) => self.end(Some(failure.clone()), examiner),
        }
    }

    fn start(&mut self, start: &EntryStart, examiner: &Examiner<'_>) {
        let wanted = match start.kind {
            EntryKind::File | EntryKind::Encrypted => true,
            EntryKind::Directory | EntryKind::Link | EntryKind::Special => false,
        };
        let source_key =
            format!("{}{INSIDE}{}:{}", self.key, start.index, path_key(Path::new(&start.path)));
        if !wanted || examiner.shared.done.contains(&source_key) {
            self.entry = None;
            return;
        }
        examiner.shared.progress.expect(1, start.declared_bytes.unwrap_or(0));
        self.entry = Some(OpenEntry {
            found: Found {
                path: format!("{}{INSIDE}{}", self.path, start.path),
                source_key,
                modified_at: start.modified_at,
                depth: self.depth,
                place: None,
                notes: start.device_path.iter().map(|path| device_path(path)).collect(),
                failure: None,
            },
            reported_md5: start.reported_md5,
            sealer: Sealer::default(),
            content: Content::Unseen(Vec::new()),
        });
    }

    fn end(
        &mut self,
        failure: Option<Failure>,
        examiner: &mut Examiner<'_>,
    ) -> Result<(), AppError> {
        let Some(mut entry) = self.entry.take() else { return Ok(()) };
        if failure.is_none() {
            entry.decide().map_err(AppError::memory)?;
        }
        let OpenEntry { mut found, reported_md5, sealer, content } = entry;
        let sealed = sealer.finish();
        if let Some(failure) = failure {
            // Digests of a part would look like digests of a file: they are not kept.
            examiner.shared.progress.advance(1, sealed.size_bytes);
            return examiner.conclude(found, Facts::unread(failure), None);
        }
        if reported_md5.is_some_and(|reported| reported != sealed.digests.md5) {
            found.failure = Some(Failure {
                code: "evidence.report_digest_mismatch".to_owned(),
                message: "its MD5 differs from the one in the report of the device".to_owned(),
            });
        }
        let content = match content {
            Content::Kept(file) => Some(file),
            Content::Unseen(_) | Content::Dropped => None,
        };
        let held_bytes = if content.is_some() { sealed.size_bytes } else { 0 };
        self.container.expect_one();
        let member = Member { found, sealed, content, outer: Arc::clone(self.container) };
        match examiner.shared.queue.offer(member, held_bytes) {
            Ok(()) => Ok(()),
            Err(member) => examiner.member(member),
        }
    }

    /// Ends an entry in the middle of which the archive ended.
    pub(super) fn break_off(&mut self, examiner: &mut Examiner<'_>) -> Result<(), AppError> {
        let failure = Failure {
            code: "archive.cut_off".to_owned(),
            message: "the archive could not be read to the end of this entry".to_owned(),
        };
        self.end(Some(failure), examiner)
    }
}

fn device_path(path: &str) -> Note {
    Note { code: "evidence.device_path".to_owned(), message: path.to_owned() }
}

impl OpenEntry {
    fn take(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.sealer.update(bytes);
        match &mut self.content {
            Content::Unseen(head) => {
                head.extend_from_slice(bytes);
                if head.len() >= HEAD_BYTES {
                    self.decide()?;
                }
            }
            Content::Kept(_) if self.sealer.size_bytes() > MAX_FILE_BYTES => {
                self.content = Content::Dropped;
            }
            Content::Kept(file) => file.write_all(bytes)?,
            Content::Dropped => {}
        }
        Ok(())
    }

    /// Keeps the content where something can be done with it. However its maker cut it into pieces,
    /// the decision is made on as many bytes as for any other file.
    fn decide(&mut self) -> io::Result<()> {
        if let Content::Unseen(head) = &self.content {
            let sniffed = sniff(head);
            self.content = match sniffed.kind {
                Kind::Other if !is_by_ffmpeg(sniffed) => Content::Dropped,
                Kind::Picture(_) | Kind::Film | Kind::Archive(_) | Kind::Other => {
                    Content::Kept(sealing::memory_file(head)?)
                }
            };
        }
        Ok(())
    }
}
