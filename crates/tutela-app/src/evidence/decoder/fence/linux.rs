//! Linux: no new privileges, resource limits, Landlock without a single right, a list of calls.

use std::fs::File;
use std::io;

use landlock::{
    ABI, Access, AccessFs, AccessNet, CompatLevel, Compatible, LandlockStatus, Ruleset,
    RulesetAttr, RulesetStatus, Scope,
};
use rustix::process::{
    Resource, Rlimit, Signal, getrlimit, set_parent_process_death_signal, setrlimit,
};
use rustix::thread::set_no_new_privs;
use tutela_core::Protection;

use crate::evidence::decoder::limits::{MAX_WORKER_DESCRIPTORS, MAX_WORKER_MEMORY_BYTES};

/// The newest Landlock whose rights are known here; older kernels enforce what they know.
pub(super) const NEWEST_LANDLOCK: ABI = ABI::V10;

/// Raises every fence that this kernel has, and says which ones stand.
pub(in super::super) fn raise() -> Protection {
    // Dies with its parent; where that fails, it still ends when the socket closes.
    let _dies_anyway = set_parent_process_death_signal(Some(Signal::KILL));
    let no_new_privs = set_no_new_privs(true).is_ok();
    let rlimits = limit_resources().is_ok();
    let landlock_abi = close_file_system();
    let seccomp = restrict_calls();
    Protection { landlock_abi, seccomp, rlimits, no_new_privs }
}

#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
fn restrict_calls() -> bool {
    super::calls::restrict().is_ok()
}

/// The list of calls is known for two architectures; elsewhere this fence is missing, and said so.
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
fn restrict_calls() -> bool {
    false
}

fn limit_resources() -> rustix::io::Result<()> {
    let caps = [
        (Resource::As, MAX_WORKER_MEMORY_BYTES),
        (Resource::Nofile, MAX_WORKER_DESCRIPTORS),
        (Resource::Fsize, 0),
        (Resource::Nproc, 0),
        (Resource::Core, 0),
    ];
    for (resource, cap) in caps {
        // A system may allow less than we would: that is a fence as well.
        let allowed = getrlimit(resource).maximum;
        let cap = allowed.map_or(cap, |allowed| cap.min(allowed));
        setrlimit(resource, Rlimit { current: Some(cap), maximum: Some(cap) })?;
    }
    Ok(())
}

/// Gives up every right over files, and over TCP, abstract sockets and signals where the kernel
/// knows them. The ABI counts only once an open has really been refused.
fn close_file_system() -> Option<u32> {
    let status = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(NEWEST_LANDLOCK))
        .and_then(|rules| rules.handle_access(AccessNet::from_all(NEWEST_LANDLOCK)))
        .and_then(|rules| rules.scope(Scope::from_all(NEWEST_LANDLOCK)))
        .and_then(Ruleset::create)
        .and_then(landlock::RulesetCreated::restrict_self)
        .ok()?;
    let LandlockStatus::Available { effective_abi, .. } = status.landlock else { return None };
    let enforced = status.ruleset != RulesetStatus::NotEnforced;
    (enforced && try_open()).then_some(effective_abi as u32)
}

/// Whether opening a file by name is refused. Everyone may read the root directory, unless fenced.
pub(in super::super) fn try_open() -> bool {
    File::open("/").is_err_and(|error| error.kind() == io::ErrorKind::PermissionDenied)
}

/// Whether taking more memory than the cap is refused.
pub(in super::super) fn try_memory() -> bool {
    let more = usize::try_from(MAX_WORKER_MEMORY_BYTES).unwrap_or(usize::MAX);
    Vec::<u8>::new().try_reserve_exact(more).is_err()
}

/// Makes a network socket, which must not return.
pub(in super::super) fn try_socket() {
    use rustix::net::{AddressFamily, SocketType, socket};
    // Whether it succeeds or not: that it returns at all is what the parent needs to see.
    let _returned = socket(AddressFamily::INET, SocketType::STREAM, None);
}
