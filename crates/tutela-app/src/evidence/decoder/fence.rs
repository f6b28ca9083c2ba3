//! The fences a worker raises around itself before it touches a byte of evidence.

#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod calls;
#[cfg(target_os = "linux")]
mod linux;

#[cfg(not(target_os = "linux"))]
pub(super) use elsewhere::{raise, try_memory, try_open, try_socket};
#[cfg(target_os = "linux")]
pub(super) use linux::{raise, try_memory, try_open, try_socket};

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
