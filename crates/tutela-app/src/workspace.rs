//! A workspace: settings, store, ledger key and operator in one folder.

use std::fs;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::runtime::Runtime;
use tutela_core::{OperatorId, Timestamp};
use tutela_ledger::{
    Act, Checkpoint, Draft, Entry, LogKey, LogPublicKey, Payload, Reference, acts,
};
use tutela_store::{Operator, Store, sqlite_url};

use crate::evidence::decoder::{DecoderConfig, FilmDecoder};
use crate::settings::{DEFAULT_TOML, MediaSettings, Settings};
use crate::{AppError, ids};

/// The program as the ledger names it.
pub const TOOL: &str = concat!("tutela ", env!("CARGO_PKG_VERSION"));

const SETTINGS_FILE: &str = "tutela.toml";
const DATABASE_FILE: &str = "tutela.db";
/// Only its owner may read it: who holds it can sign in the workspace's name.
const KEY_FILE: &str = "ledger.key";
/// For everybody who verifies.
const PUBLIC_KEY_FILE: &str = "ledger.pub";

/// An open workspace.
pub struct Workspace {
    dir: PathBuf,
    settings: Settings,
    runtime: Runtime,
    store: Store,
    key: LogKey,
    operator: OperatorId,
}

impl Workspace {
    /// Makes a workspace: settings, store, ledger key, first operator.
    ///
    /// # Errors
    /// There is one already, or the folder cannot be written.
    pub fn init(dir: &Path, operator_name: &str, env: Env) -> Result<Self, AppError> {
        if dir.join(SETTINGS_FILE).exists() || dir.join(KEY_FILE).exists() {
            return Err(AppError::WorkspaceExists { dir: dir.to_owned() });
        }
        fs::create_dir_all(dir).map_err(AppError::file("create", dir))?;
        // A name nobody else signs under, unless the operator chooses one later.
        let origin = format!("tutela.invalid/{}", ids::new());
        let toml = DEFAULT_TOML.replace("tutela.invalid/workspace", &origin);
        let settings = Settings::load(Some(&toml), env.into_iter())?;
        let runtime = runtime(1)?;
        // The store first: where it cannot be had, nothing has been written yet.
        let store = runtime.block_on(Store::create(&store_url(dir, &settings)))?;
        if runtime.block_on(store.ledger_size())? > 0 {
            return Err(AppError::StoreInUse);
        }
        let key = LogKey::from_seed(&settings.ledger.origin, random()?)?;
        write_new(&dir.join(KEY_FILE), key.to_pem().as_bytes(), 0o600)?;
        let public = format!("{}\n", key.public());
        write_new(&dir.join(PUBLIC_KEY_FILE), public.as_bytes(), 0o600)?;
        let operator = Operator {
            id: OperatorId(ids::new()),
            name: operator_name.to_owned(),
            added_at: Timestamp::now(),
        };
        let draft = |act| Draft::new(operator.added_at, operator.id, act);
        let opened = Draft {
            outputs: vec![key.public().fingerprint().into()],
            ..draft(acts::LEDGER_OPENED)
        };
        let added = Draft { outputs: vec![operator.id.into()], ..draft(acts::OPERATOR_ADDED) };
        runtime.block_on(store.add_operator(&operator, vec![opened, added]))?;
        // Last: a folder without settings is no workspace, so a half-made one can be made again.
        write_new(&dir.join(SETTINGS_FILE), toml.as_bytes(), 0o600)?;
        let workspace =
            Self { dir: dir.to_owned(), settings, runtime, store, key, operator: operator.id };
        workspace.checkpoint()?;
        Ok(workspace)
    }

    /// Opens a workspace.
    ///
    /// # Errors
    /// There is none, a setting is wrong, the store does not answer.
    pub fn open(dir: &Path, env: Env) -> Result<Self, AppError> {
        Self::open_with(dir, env, 1)
    }

    /// Opens a workspace whose asynchronous work runs on so many threads.
    ///
    /// # Errors
    /// As [`Workspace::open`].
    pub fn open_with(dir: &Path, env: Env, threads: usize) -> Result<Self, AppError> {
        let settings = Self::settings_of(dir, env)?;
        let path = dir.join(KEY_FILE);
        let pem = fs::read_to_string(&path).map_err(AppError::file("read", &path))?;
        let key = LogKey::from_pem(&settings.ledger.origin, &pem)?;
        let runtime = runtime(threads)?;
        let store = runtime.block_on(Store::open(&store_url(dir, &settings)))?;
        let first = runtime.block_on(store.entry_lines(0, 1))?;
        let own = Reference::from(key.public().fingerprint());
        if !first.iter().any(|line| Entry::parse(line).is_ok_and(|e| e.outputs.contains(&own))) {
            return Err(AppError::OtherKey { key: path });
        }
        let operators = runtime.block_on(store.operators())?;
        let operator = operators
            .first()
            .ok_or_else(|| AppError::NoSuch {
                kind: "operator",
                name: "in this workspace".to_owned(),
            })?
            .id;
        Ok(Self { dir: dir.to_owned(), settings, runtime, store, key, operator })
    }

    /// The same workspace with another of its operators at work, by name or id.
    ///
    /// # Errors
    /// Nobody of that name has been entered.
    pub fn acting_as(mut self, operator: &str) -> Result<Self, AppError> {
        let people = self.block_on(self.store.operators())?;
        let found = people.iter().find(|p| p.name == operator || p.id.to_string() == operator);
        let found = found
            .ok_or_else(|| AppError::NoSuch { kind: "operator", name: operator.to_owned() })?;
        self.operator = found.id;
        Ok(self)
    }

    /// The settings that a workspace would be opened with.
    ///
    /// # Errors
    /// There is no workspace, or a setting is wrong.
    pub fn settings_of(dir: &Path, env: Env) -> Result<Settings, AppError> {
        let path = dir.join(SETTINGS_FILE);
        let toml = match fs::read_to_string(&path) {
            Ok(toml) => toml,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(AppError::NoWorkspace { dir: dir.to_owned() });
            }
            Err(error) => return Err(AppError::file("open", path)(error)),
        };
        Settings::load(Some(&toml), env.into_iter())
    }

    /// Where it stands.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Its settings.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Its store.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Who works.
    pub fn operator(&self) -> OperatorId {
        self.operator
    }

    /// Who works, by name: personal data, for the screen only.
    ///
    /// # Errors
    /// The store does not answer.
    pub fn operator_name(&self) -> Result<String, AppError> {
        Ok(self.block_on(self.store.operator(self.operator))?.name)
    }

    /// The program as the ledger names it.
    pub fn tool(&self) -> &'static str {
        TOOL
    }

    /// What verifies its checkpoints.
    pub fn public_key(&self) -> LogPublicKey {
        self.key.public()
    }

    /// Waits for the store. Not to be called from inside asynchronous code.
    pub fn block_on<F: Future>(&self, future: F) -> F::Output {
        self.runtime.block_on(future)
    }

    /// From now on Ctrl-C and a request to end set the flag, so that a long job can stop cleanly. The
    /// second ends the program at once; what was acknowledged is kept then, too.
    pub fn listen_for_interrupts(&self) -> Arc<AtomicBool> {
        let flag = Arc::new(AtomicBool::new(false));
        let set = Arc::clone(&flag);
        self.runtime.spawn(async move {
            while interrupted().await {
                if set.swap(true, Ordering::SeqCst) {
                    std::process::exit(INTERRUPTED_EXIT);
                }
            }
        });
        flag
    }

    pub(crate) fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    /// An act of the operator, now.
    pub(crate) fn draft(&self, act: Act) -> Draft {
        Draft::new(self.now(), self.operator, act)
    }

    /// Words that stay outside the ledger, behind a fresh salt.
    pub(crate) fn payload(&self, text: &serde_json::Value) -> Result<Payload, AppError> {
        Ok(Payload { salt: random()?, text: text.to_string() })
    }

    /// Signs the ledger as it stands and keeps the checkpoint.
    ///
    /// # Errors
    /// The store does not answer.
    pub fn checkpoint(&self) -> Result<(Checkpoint, String), AppError> {
        let frontier = self.block_on(self.store.ledger_frontier())?;
        let checkpoint = Checkpoint::of(&frontier);
        let note = checkpoint.sign(&self.key);
        self.block_on(self.store.add_checkpoint(checkpoint.size, &note, self.now()))?;
        Ok((checkpoint, note))
    }

    /// How decoder processes are started.
    pub(crate) fn decoder_config(&self) -> DecoderConfig {
        let media = &self.settings.media;
        DecoderConfig {
            film: film_decoder(media),
            ..decoder_config(Duration::from_secs(media.deadline_s))
        }
    }
}

/// How films are decoded by these settings; `None` where they are left alone.
pub fn film_decoder(media: &MediaSettings) -> Option<FilmDecoder> {
    let ffmpeg = installed_ffmpeg(&media.ffmpeg)?;
    let deadline = Duration::from_secs(media.film_deadline_s);
    FilmDecoder::find(&this_program(), ffmpeg, deadline, media.film_frames == "second")
}

/// Makes everything that this process writes readable for its user only: reports, exports and the
/// database hold what few may see.
pub fn keep_private() {
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
}

/// The variables of the environment, as arguments: services do not look around.
pub type Env = Vec<(String, String)>;

/// The `ffmpeg` that a setting means: none, the first one among the operator's programs, or this one.
fn installed_ffmpeg(setting: &str) -> Option<PathBuf> {
    match setting {
        "none" | "" => None,
        "auto" => {
            let folders = std::env::var_os("PATH")?;
            let programs = std::env::split_paths(&folders).map(|folder| folder.join("ffmpeg"));
            programs
                .filter(|path| path.is_absolute() && path.is_file())
                .find_map(|path| path.canonicalize().ok())
        }
        path => PathBuf::from(path).canonicalize().ok(),
    }
}

/// How decoder processes are started: as this same program.
pub(crate) fn decoder_config(media_deadline: Duration) -> DecoderConfig {
    DecoderConfig { media_deadline, ..DecoderConfig::new(this_program()) }
}

/// Where the program cannot name itself, its usual name is tried; a failure is reported at start.
fn this_program() -> PathBuf {
    std::env::current_exe().unwrap_or_else(|_| PathBuf::from("tutela"))
}

/// What a shell expects of a program that was ended by Ctrl-C.
const INTERRUPTED_EXIT: i32 = 130;

/// Waits for Ctrl-C or a request to end; `false` where the system does not tell.
async fn interrupted() -> bool {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut interrupt), Ok(mut terminate)) =
        (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        return false;
    };
    tokio::select! {
        heard = interrupt.recv() => heard.is_some(),
        heard = terminate.recv() => heard.is_some(),
    }
}

fn runtime(threads: usize) -> Result<Runtime, AppError> {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads.max(1))
        .enable_all()
        .build()
        .map_err(|_| AppError::System { what: "a thread for the store" })
}

fn store_url(dir: &Path, settings: &Settings) -> String {
    match settings.store.url.as_str() {
        "" => sqlite_url(&dir.join(DATABASE_FILE)),
        url => url.to_owned(),
    }
}

/// Fresh randomness.
pub(crate) fn random() -> Result<[u8; 32], AppError> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|_| AppError::System { what: "randomness" })?;
    Ok(bytes)
}

/// Writes a file that must not be there yet, and waits until it is on the disk.
fn write_new(path: &Path, content: &[u8], mode: u32) -> Result<(), AppError> {
    let written = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(mode)
        .open(path)
        .and_then(|mut file| file.write_all(content).and_then(|()| file.sync_all()));
    written.map_err(AppError::file("write", path))
}
