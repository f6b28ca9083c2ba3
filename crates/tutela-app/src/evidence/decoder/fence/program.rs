//! The fences around a program of others' making: it may load itself and read one film, and no more.
//!
//! Unlike a worker it must open its libraries, so the list of calls is wider, and what is not on it is
//! refused rather than fatal: libraries try much that they can do without.

use std::collections::BTreeMap;
use std::os::fd::BorrowedFd;
use std::path::Path;

use landlock::{
    Access, AccessFs, AccessNet, CompatLevel, Compatible, PathBeneath, Ruleset, RulesetAttr,
    RulesetCreatedAttr, Scope, path_beneath_rules,
};
use rustix::process::{Resource, Rlimit, Signal, set_parent_process_death_signal, setrlimit};
use rustix::thread::set_no_new_privs;
use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, TargetArch, apply_filter,
};

use super::linux::NEWEST_LANDLOCK;
use crate::evidence::decoder::limits::{MAX_FILM_DESCRIPTORS, MAX_FILM_MEMORY_BYTES};

/// Where a dynamically linked program finds what it loads.
const LIBRARIES: [&str; 7] = [
    "/lib",
    "/lib64",
    "/usr/lib",
    "/usr/lib64",
    "/usr/local/lib",
    "/etc/ld.so.cache",
    "/etc/alternatives",
];

/// Calls it may make, besides threads.
const ALLOWED: &[libc::c_long] = &[
    libc::SYS_read,
    libc::SYS_readv,
    libc::SYS_pread64,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_close,
    libc::SYS_fstat,
    libc::SYS_newfstatat,
    libc::SYS_statx,
    libc::SYS_statfs,
    libc::SYS_fstatfs,
    libc::SYS_lseek,
    libc::SYS_openat,
    libc::SYS_faccessat,
    libc::SYS_faccessat2,
    libc::SYS_readlinkat,
    libc::SYS_getdents64,
    libc::SYS_getcwd,
    libc::SYS_fcntl,
    libc::SYS_dup,
    libc::SYS_dup3,
    libc::SYS_pipe2,
    libc::SYS_ppoll,
    libc::SYS_pselect6,
    libc::SYS_eventfd2,
    libc::SYS_mmap,
    libc::SYS_mprotect,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_madvise,
    libc::SYS_membarrier,
    libc::SYS_brk,
    libc::SYS_futex,
    libc::SYS_set_robust_list,
    libc::SYS_rseq,
    libc::SYS_set_tid_address,
    libc::SYS_prlimit64,
    libc::SYS_getrlimit,
    libc::SYS_getrusage,
    libc::SYS_getrandom,
    libc::SYS_clock_gettime,
    libc::SYS_clock_getres,
    libc::SYS_clock_nanosleep,
    libc::SYS_nanosleep,
    libc::SYS_gettimeofday,
    libc::SYS_sched_yield,
    libc::SYS_sched_getaffinity,
    libc::SYS_sigaltstack,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_restart_syscall,
    libc::SYS_gettid,
    libc::SYS_getpid,
    libc::SYS_getuid,
    libc::SYS_geteuid,
    libc::SYS_getgid,
    libc::SYS_getegid,
    libc::SYS_uname,
    libc::SYS_sysinfo,
    libc::SYS_execve,
    libc::SYS_exit,
    libc::SYS_exit_group,
];

/// What only the older of the two architectures has.
#[cfg(target_arch = "x86_64")]
const ALLOWED_OLD: &[libc::c_long] = &[
    libc::SYS_open,
    libc::SYS_stat,
    libc::SYS_lstat,
    libc::SYS_access,
    libc::SYS_readlink,
    libc::SYS_poll,
    libc::SYS_select,
    libc::SYS_pipe,
    libc::SYS_dup2,
    libc::SYS_time,
    libc::SYS_arch_prctl,
];
#[cfg(not(target_arch = "x86_64"))]
const ALLOWED_OLD: &[libc::c_long] = &[];

/// Why a fence does not stand.
type Unfenced = &'static str;

/// Raises the fences for `program`, which is started next, and the film that it is to read.
///
/// # Errors
/// A fence could not be raised. A kernel without Landlock is no error: workers report it.
pub(in super::super) fn raise_around(
    program: &Path,
    film: BorrowedFd<'_>,
    cpu_s: u64,
) -> Result<(), Unfenced> {
    let _dies_anyway = set_parent_process_death_signal(Some(Signal::KILL));
    set_no_new_privs(true).map_err(|_| "no new privileges")?;
    let caps = [
        (Resource::As, MAX_FILM_MEMORY_BYTES),
        (Resource::Nofile, MAX_FILM_DESCRIPTORS),
        (Resource::Fsize, 0),
        (Resource::Core, 0),
        (Resource::Cpu, cpu_s.saturating_add(1)),
    ];
    for (resource, cap) in caps {
        let cap = Rlimit { current: Some(cap), maximum: Some(cap) };
        setrlimit(resource, cap).map_err(|_| "resource limits")?;
    }
    close_file_system(program, film).map_err(|_| "Landlock")?;
    restrict_calls().map_err(|_| "seccomp")
}

fn close_file_system(program: &Path, film: BorrowedFd<'_>) -> Result<(), landlock::RulesetError> {
    let readable = AccessFs::from_read(NEWEST_LANDLOCK);
    let rules = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(NEWEST_LANDLOCK))?
        .handle_access(AccessNet::from_all(NEWEST_LANDLOCK))?
        .scope(Scope::from_all(NEWEST_LANDLOCK))?
        .create()?
        // Folders that this machine does not have are left out.
        .add_rules(path_beneath_rules(LIBRARIES, readable))?
        .add_rules(path_beneath_rules([program], readable))?;
    let rules = if is_in_memory() {
        // Content out of an archive has no name; the kernel lets nobody else reach it, and no rule.
        rules
    } else {
        rules.add_rule(PathBeneath::new(film, AccessFs::ReadFile))?
    };
    rules.restrict_self().map(|_| ())
}

fn is_in_memory() -> bool {
    std::fs::read_link("/proc/self/fd/0")
        .is_ok_and(|name| name.starts_with("/memfd:tutela (deleted)"))
}

fn restrict_calls() -> Result<(), seccompiler::Error> {
    let refused = SeccompAction::Errno(libc::EPERM.unsigned_abs());
    let calls = ALLOWED.iter().chain(ALLOWED_OLD);
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> =
        calls.map(|call| (*call, Vec::new())).collect();
    // Threads, and no processes.
    let thread = u64::from(libc::CLONE_THREAD.unsigned_abs());
    let is_thread = SeccompCmpOp::MaskedEq(thread);
    let is_thread = SeccompCondition::new(0, SeccompCmpArgLen::Qword, is_thread, thread)?;
    rules.insert(libc::SYS_clone, vec![SeccompRule::new(vec![is_thread])?]);
    // A process may end itself by a signal, and nobody else.
    let itself = u64::from(std::process::id());
    let itself = SeccompCondition::new(0, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, itself)?;
    rules.insert(libc::SYS_tgkill, vec![SeccompRule::new(vec![itself])?]);
    // Its arguments cannot be looked at, so it does not exist; libraries then take `clone`. Of two
    // refusals the one installed last is heard, which must be this.
    let absent = SeccompAction::Errno(libc::ENOSYS.unsigned_abs());
    let newer = BTreeMap::from([(libc::SYS_clone3, Vec::new())]);
    // What is allowed must let the second filter in.
    for call in [libc::SYS_seccomp, libc::SYS_prctl] {
        rules.insert(call, Vec::new());
    }
    let arch = TargetArch::try_from(std::env::consts::ARCH)?;
    let listed = SeccompFilter::new(rules, refused, SeccompAction::Allow, arch)?;
    let newer = SeccompFilter::new(newer, SeccompAction::Allow, absent, arch)?;
    let (listed, newer): (BpfProgram, BpfProgram) = (listed.try_into()?, newer.try_into()?);
    apply_filter(&listed)?;
    apply_filter(&newer)
}
