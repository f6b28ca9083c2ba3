//! Hashing of uploads: behind fences, in memory, by as many threads as there are processors.

use std::os::fd::AsFd;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{mpsc, oneshot};
use tutela_core::{Digests, Failure, Orientation, PdqVariant};
use tutela_match::content::{Kind, sniff};
use tutela_match::digests::digests;
use tutela_match::signals::{
    MD5_TYPE, PDQ_TYPE, SHA1_TYPE, SHA256_TYPE, SignalType, VPDQ_TYPE, write_vpdq,
};

use super::Service;
use crate::AppError;
use crate::engines::matching::KindType;
use crate::evidence::decoder::{Decoder, DecoderConfig, MediaRequest, VariantSignals, undecoded};
use crate::evidence::sealing::memory_file;

/// Uploads that wait for a thread, for each thread. More are turned away.
const WAITING_A_THREAD: usize = 128;

/// Quality of PDQ below which a signal says too little to be matched. Source: python-threatexchange.
const MIN_QUALITY: u8 = 50;

/// What is to be made of an upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted {
    /// PDQ of a picture, by these computations.
    pub pdq: &'static [PdqVariant],
    /// vPDQ of a film.
    pub vpdq: bool,
    /// MD5, SHA-1 and SHA-256, which take longer than a fifth of the signal of a picture does.
    pub digests: bool,
}

/// What was made of an upload.
#[derive(Debug, Clone, PartialEq)]
pub struct Made {
    /// Media type by content.
    pub mime: String,
    /// What it is.
    pub kind: Kind,
    /// Of its bytes, where they were asked for.
    pub digests: Option<Digests>,
    /// One for each computation asked for; empty where it is no picture, or could not be decoded.
    pub pdq: Vec<VariantSignals>,
    /// Text of the signal of a film, where one could be made.
    pub vpdq: Option<String>,
    /// Why it could not be decoded.
    pub failure: Option<Failure>,
}

impl Wanted {
    /// What these kinds of signal need; PDQ by these computations.
    pub fn for_kinds(kinds: &[&KindType], pdq: &'static [PdqVariant]) -> Self {
        let has = |signal: &SignalType| kinds.iter().any(|kind| kind.signal.id == signal.id);
        let digests = [&MD5_TYPE, &SHA1_TYPE, &SHA256_TYPE].into_iter().any(has);
        Self { pdq: if has(&PDQ_TYPE) { pdq } else { &[] }, vpdq: has(&VPDQ_TYPE), digests }
    }

    /// The digests too, whatever the kinds.
    pub fn with_digests(self) -> Self {
        Self { digests: true, ..self }
    }
}

impl Made {
    /// The signal of a kind; `None` where none could be made. A picture of poor quality has the empty text
    /// for PDQ: what is flat is near everything flat.
    pub fn signal(&self, kind: &KindType) -> Option<String> {
        let digests = self.digests.as_ref();
        if kind.signal.id == PDQ_TYPE.id {
            let signals = self.pdq.first()?;
            let good = signals.quality >= MIN_QUALITY;
            return Some(if good { signals.values[0].to_string() } else { String::new() });
        }
        match kind.signal.id {
            id if id == VPDQ_TYPE.id => self.vpdq.clone(),
            id if id == MD5_TYPE.id => Some(digests?.md5.to_string()),
            id if id == SHA1_TYPE.id => Some(digests?.sha1.to_string()),
            id if id == SHA256_TYPE.id => Some(digests?.sha256.to_string()),
            _ => None,
        }
    }
}

impl Made {
    /// What it is to clients: `photo`, `video`, or neither.
    pub fn content_type(&self) -> Option<&'static str> {
        match self.kind {
            Kind::Picture(_) => Some("photo"),
            Kind::Film => Some("video"),
            Kind::Archive(_) | Kind::Other => None,
        }
    }

    /// Whether signals of this kind are made of what it is. Digests are of any bytes.
    pub fn fits(&self, kind: &KindType) -> bool {
        match self.content_type() {
            Some(content_type) => kind.content_types.contains(&content_type),
            None => kind.signal.threshold.is_none() && kind.content_types.len() > 1,
        }
    }

    /// Values of a kind to be looked up, the picture as it is first; with `turned` in all orientations, too.
    /// None where it is of no such kind, or says too little to be compared.
    pub fn values(&self, kind: &KindType, turned: bool) -> Vec<(Orientation, String)> {
        if !self.fits(kind) {
            return Vec::new();
        }
        if kind.signal.id != PDQ_TYPE.id {
            let value = self.signal(kind).filter(|value| !value.is_empty());
            return value.into_iter().map(|value| (Orientation::Original, value)).collect();
        }
        let good = self.pdq.iter().filter(|signals| signals.quality >= MIN_QUALITY);
        let mut values: Vec<(Orientation, String)> = good
            .flat_map(|signals| Orientation::ALL.into_iter().zip(signals.values))
            .filter(|(orientation, _)| turned || *orientation == Orientation::Original)
            .map(|(orientation, value)| (orientation, value.to_string()))
            .collect();
        values.sort();
        // Both computations agree on small pictures.
        values.dedup();
        values
    }
}

/// The outcome of hashing.
pub type Hashed = Result<Made, AppError>;

/// Threads with a decoder each.
pub(super) struct Hashers {
    jobs: mpsc::Sender<Job>,
}

struct Job {
    bytes: Vec<u8>,
    wanted: Wanted,
    answer: oneshot::Sender<Hashed>,
}

impl Hashers {
    pub(super) fn start(config: &DecoderConfig, threads: usize) -> Self {
        let (jobs, waiting) = mpsc::channel::<Job>(threads * WAITING_A_THREAD);
        let waiting = Arc::new(Mutex::new(waiting));
        for _ in 0..threads {
            let (config, waiting) = (config.clone(), Arc::clone(&waiting));
            // A decoder stays on the thread that uses it.
            std::thread::spawn(move || {
                let mut decoder = Decoder::new(config);
                loop {
                    let next =
                        waiting.lock().unwrap_or_else(PoisonError::into_inner).blocking_recv();
                    let Some(Job { bytes, wanted, answer }) = next else { return };
                    // Whoever asked may be gone: nobody waits for the answer then.
                    if !answer.is_closed() {
                        let _ = answer.send(make(&mut decoder, &bytes, wanted));
                    }
                }
            });
        }
        Self { jobs }
    }

    /// Uploads that wait for a thread.
    pub(super) fn waiting(&self) -> usize {
        self.jobs.max_capacity() - self.jobs.capacity()
    }
}

impl Service {
    /// Makes the signals of an upload. Its bytes touch no disk.
    ///
    /// # Errors
    /// Too many wait already, no decoder can be started. What is wrong with the upload stands in the answer.
    pub async fn hash(&self, bytes: Vec<u8>, wanted: Wanted) -> Hashed {
        let (answer, made) = oneshot::channel();
        let job = Job { bytes, wanted, answer };
        let busy = |_| AppError::Busy { what: "uploads that wait to be hashed" };
        self.inner.hashers.jobs.try_send(job).map_err(busy)?;
        made.await.map_err(|_| AppError::System { what: "an answer of a hashing thread" })?
    }
}

fn make(decoder: &mut Decoder, bytes: &[u8], wanted: Wanted) -> Hashed {
    let sniffed = sniff(&bytes[..bytes.len().min(tutela_match::content::SNIFF_BYTES)]);
    let mut made = Made {
        mime: sniffed.mime.to_owned(),
        kind: sniffed.kind,
        digests: wanted.digests.then(|| digests(bytes)),
        pdq: Vec::new(),
        vpdq: None,
        failure: None,
    };
    let memory = |_| AppError::System { what: "a file in memory" };
    match sniffed.kind {
        Kind::Picture(_) if !wanted.pdq.is_empty() => {
            let file = memory_file(bytes).map_err(memory)?;
            let request = MediaRequest::signals_only(wanted.pdq.to_vec());
            let facts = decoder.media(file.as_fd(), bytes.len() as u64, &request)?;
            (made.pdq, made.failure) = (facts.signals, facts.failure);
        }
        Kind::Film if wanted.vpdq => {
            let file = memory_file(bytes).map_err(memory)?;
            match decoder.film(file.as_fd(), sniffed, &[PdqVariant::Full]) {
                Some(facts) => {
                    let frames = facts.frame_signals();
                    made.vpdq = (!frames.is_empty()).then(|| write_vpdq(&frames));
                    made.failure = facts.failure;
                }
                None => made.failure = undecoded(sniffed),
            }
        }
        Kind::Picture(_) | Kind::Film => {}
        Kind::Archive(_) | Kind::Other => made.failure = undecoded(sniffed),
    }
    Ok(made)
}
