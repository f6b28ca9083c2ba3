//! The system calls a worker may make: those that decoding needs, with narrowed arguments.

use std::collections::BTreeMap;

use seccompiler::{
    BackendError, BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition,
    SeccompFilter, SeccompRule, TargetArch, apply_filter,
};

/// Allowed whatever their arguments.
const ALLOWED: &[libc::c_long] = &[
    // The socket, the error pipe, and the one file that was handed over.
    libc::SYS_read,
    libc::SYS_pread64,
    libc::SYS_write,
    libc::SYS_writev,
    libc::SYS_recvmsg,
    libc::SYS_close,
    libc::SYS_fcntl,
    libc::SYS_fstat,
    libc::SYS_lseek,
    // Memory; `mmap` and `mprotect` follow below.
    libc::SYS_munmap,
    libc::SYS_mremap,
    libc::SYS_brk,
    libc::SYS_madvise,
    // What the runtime does by itself: locks, clocks, hash seeds, signals, the end.
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

/// Refused with `EACCES` rather than fatal: libraries ask for optional files and live without.
const REFUSED: &[libc::c_long] = &[
    #[cfg(target_arch = "x86_64")]
    libc::SYS_open,
    libc::SYS_openat,
    libc::SYS_openat2,
    libc::SYS_statx,
    libc::SYS_newfstatat,
    libc::SYS_readlinkat,
    libc::SYS_faccessat,
];

/// Position of the protection argument of `mmap` and `mprotect`.
const PROTECTION_ARGUMENT: u8 = 2;

/// Ends the process at every call that is not listed. Of two filters the harsher answer counts.
pub(super) fn restrict() -> Result<(), seccompiler::Error> {
    let refusals = SeccompAction::Errno(libc::EACCES.unsigned_abs());
    let allow = program(allowed()?, SeccompAction::KillProcess, SeccompAction::Allow)?;
    let refuse = program(any_arguments(REFUSED), SeccompAction::Allow, refusals)?;
    // The filter that is applied first must still let the second one in.
    apply_filter(&refuse)?;
    apply_filter(&allow)
}

fn allowed() -> Result<BTreeMap<i64, Vec<SeccompRule>>, BackendError> {
    let mut rules = any_arguments(ALLOWED);
    rules.extend(any_arguments(REFUSED));
    let not_executable = SeccompCmpOp::MaskedEq(libc::PROT_EXEC.unsigned_abs().into());
    for call in [libc::SYS_mmap, libc::SYS_mprotect] {
        let no_code = condition(PROTECTION_ARGUMENT, not_executable.clone(), 0)?;
        rules.insert(call, vec![SeccompRule::new(vec![no_code])?]);
    }
    // A process may end itself by a signal, which is how it aborts, and nobody else.
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
