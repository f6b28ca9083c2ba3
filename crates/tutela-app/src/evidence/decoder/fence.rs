//! The fences a worker raises around itself before it touches a byte of evidence.

#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod calls;
#[cfg(target_os = "linux")]
mod linux;
#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod program;

#[cfg(not(target_os = "linux"))]
pub(super) use elsewhere::{raise, try_memory, try_open, try_socket};
#[cfg(target_os = "linux")]
pub(super) use linux::{raise, try_memory, try_open, try_socket};
#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
pub(super) use program::raise_around;

/// Where its calls cannot be listed, no program of others' making is started.
#[cfg(not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))))]
pub(super) fn raise_around(
    _program: &std::path::Path,
    _film: std::os::fd::BorrowedFd<'_>,
    _cpu_s: u64,
) -> Result<(), &'static str> {
    Err("not on this system")
}

/// Without Linux there is a process of its own, and nothing else.
#[cfg(not(target_os = "linux"))]
mod elsewhere {
    use tutela_core::Protection;

    pub(in super::super) fn raise() -> Protection {
        Protection::default()
    }

    pub(in super::super) fn try_open() -> bool {
        false
    }

    pub(in super::super) fn try_memory() -> bool {
        false
    }

    pub(in super::super) fn try_socket() {}
}
