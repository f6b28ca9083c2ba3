//! How well the process that decodes untrusted bytes is fenced in.

use std::fmt;

/// The protection that a decoder process reports of itself once its fences stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Protection {
    /// Landlock ABI in force: no file can be opened by name. `None` where the kernel has none.
    pub landlock_abi: Option<u32>,
    /// A seccomp filter ends the process at any system call that decoding does not need.
    pub seccomp: bool,
    /// Memory, files, processes and written bytes are capped.
    pub rlimits: bool,
    /// The process can never gain privileges.
    pub no_new_privs: bool,
}

impl Protection {
    /// `full`, `partial` or `process only`: what a report prints.
    pub const fn level(&self) -> &'static str {
        match (self.landlock_abi.is_some(), self.seccomp, self.rlimits, self.no_new_privs) {
            (true, true, true, true) => "full",
            (false, false, false, false) => "process only",
            _ => "partial",
        }
    }
}

impl fmt::Display for Protection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let yes_no = |on| if on { "yes" } else { "no" };
        write!(f, "{} (landlock ", self.level())?;
        match self.landlock_abi {
            Some(abi) => write!(f, "ABI {abi}")?,
            None => f.write_str("no")?,
        }
        write!(
            f,
            ", seccomp {}, rlimits {}, no_new_privs {})",
            yes_no(self.seccomp),
            yes_no(self.rlimits),
            yes_no(self.no_new_privs)
        )
    }
}
