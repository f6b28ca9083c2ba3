//! The fences it raises around itself before it reads a byte of evidence.

use std::collections::BTreeMap;

use rustix::process::{Resource, Rlimit, Signal, set_parent_process_death_signal, setrlimit};
use rustix::thread::set_no_new_privs;
use seccompiler::{
    BackendError, BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition,
    SeccompFilter, SeccompRule, TargetArch, apply_filter,
};

/// Processor time: a manifest takes some milliseconds. Whoever started it watches the clock.
const MAX_CPU_S: u64 = 5;
/// Address space: the largest file that is read, what a check takes beside it, and the program.
const MAX_MEMORY_BYTES: u64 = 256 << 20;

/// Which fences stand.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fences {
    pub(crate) no_new_privs: bool,
    pub(crate) rlimits: bool,
    pub(crate) seccomp: bool,
}

impl Fences {
    /// Whether all of them do.
    pub(crate) fn hold(self) -> bool {
        self.no_new_privs && self.rlimits && self.seccomp
    }
}

/// Raises them, and says which ones stand.
pub(crate) fn raise() -> Fences {
    // Dies with whoever started it; where that fails, time and memory still end it.
    let _ends_anyway = set_parent_process_death_signal(Some(Signal::KILL));
    let no_new_privs = set_no_new_privs(true).is_ok();
    let rlimits = limit_resources().is_ok();
    let seccomp = restrict_calls().is_ok();
    Fences { no_new_privs, rlimits, seccomp }
}

fn limit_resources() -> rustix::io::Result<()> {
    let caps = [
        (Resource::Cpu, MAX_CPU_S),
        (Resource::As, MAX_MEMORY_BYTES),
        (Resource::Nofile, 8),
        // Its one line, where its output is a file.
        (Resource::Fsize, 64 << 10),
        (Resource::Nproc, 0),
        (Resource::Core, 0),
    ];
    for (resource, cap) in caps {
        setrlimit(resource, Rlimit { current: Some(cap), maximum: Some(cap) })?;
    }
    Ok(())
}

/// Allowed whatever their arguments: standard input and output, memory, clocks, the end.
const ALLOWED: &[libc::c_long] = &[
    libc::SYS_read,
    libc::SYS_pread64,
    libc::SYS_write,
    libc::SYS_close,
    libc::SYS_fcntl,
    libc::SYS_fstat,
    libc::SYS_lseek,
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_brk,
    libc::SYS_madvise,
    libc::SYS_futex,
    libc::SYS_clock_gettime,
    libc::SYS_getrandom,
    libc::SYS_sched_yield,
    libc::SYS_sigaltstack,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_restart_syscall,
    libc::SYS_gettid,
    libc::SYS_getpid,
    libc::SYS_exit,
    libc::SYS_exit_group,
];

/// Refused rather than fatal: libraries ask for optional files and live without.
const REFUSED: &[libc::c_long] = &[
    #[cfg(target_arch = "x86_64")]
    libc::SYS_open,
    libc::SYS_openat,
    libc::SYS_statx,
    libc::SYS_newfstatat,
    libc::SYS_readlinkat,
    libc::SYS_faccessat,
];

/// Ends the process at every other call: there is no socket, no new program, no other process.
fn restrict_calls() -> Result<(), seccompiler::Error> {
    let refusals = SeccompAction::Errno(libc::EACCES.unsigned_abs());
    let allow = program(allowed()?, SeccompAction::KillProcess, SeccompAction::Allow)?;
    let refuse = program(any_arguments(REFUSED), SeccompAction::Allow, refusals)?;
    apply_filter(&refuse)?;
    apply_filter(&allow)
}

fn allowed() -> Result<BTreeMap<i64, Vec<SeccompRule>>, BackendError> {
    let mut rules = any_arguments(ALLOWED);
    rules.extend(any_arguments(REFUSED));
    let not_executable = SeccompCmpOp::MaskedEq(libc::PROT_EXEC.unsigned_abs().into());
    for call in [libc::SYS_mmap, libc::SYS_mprotect] {
        let no_code = condition(2, not_executable.clone(), 0)?;
        rules.insert(call, vec![SeccompRule::new(vec![no_code])?]);
    }
    let itself = condition(0, SeccompCmpOp::Eq, std::process::id().into())?;
    rules.insert(libc::SYS_tgkill, vec![SeccompRule::new(vec![itself])?]);
    Ok(rules)
}

fn condition(argument: u8, is: SeccompCmpOp, value: u64) -> Result<SeccompCondition, BackendError> {
    SeccompCondition::new(argument, SeccompCmpArgLen::Dword, is, value)
}

fn any_arguments(calls: &[libc::c_long]) -> BTreeMap<i64, Vec<SeccompRule>> {
    calls.iter().map(|call| (*call, Vec::new())).collect()
}

fn program(
    rules: BTreeMap<i64, Vec<SeccompRule>>,
    otherwise: SeccompAction,
    listed: SeccompAction,
) -> Result<BpfProgram, BackendError> {
    let arch = TargetArch::try_from(std::env::consts::ARCH)?;
    SeccompFilter::new(rules, otherwise, listed, arch)?.try_into()
}
